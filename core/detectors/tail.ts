import { lowerBound } from '../sorted.ts';

/** Share of the largest values to which the tail is fitted. */
const TAIL_SHARE = 0.02;

/**
 * P(X >= x) from a sample: empirical inside, exponential beyond the start of its largest 2 % (the mean excess is the
 * scale; a peaks-over-threshold fit with shape 0). At least 1e-9.
 */
export function exponentialTail(sample: readonly number[]): (x: number) => number {
  const sorted = Float64Array.from(sample).sort();
  const n = sorted.length;
  if (n === 0) return () => 1;
  const from = Math.max(0, n - Math.max(1, Math.floor(n * TAIL_SHARE)));
  const threshold = sorted[from]!;
  const scale = Math.max(1e-9, sorted.subarray(from).reduce((sum, value) => sum + value - threshold, 0) / (n - from));
  return (x) => {
    const at = lowerBound(sorted, x);
    const empirical = (n - at + 1) / (n + 1);
    if (x <= threshold) return empirical;
    return Math.max(1e-9, Math.min(empirical, ((n - from) / n) * Math.exp(-(x - threshold) / scale)));
  };
}
