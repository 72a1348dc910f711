import { lowerBound } from '../sorted.ts';

/** Share of the largest values to which the tail is fitted. */
const TAIL_SHARE = 0.02;
/** A scale needs this many values: of a small sample the tail begins lower. */
const TAIL_VALUES = 25;
export const MIN_TAIL_P = 1e-9;

/**
 * P(X >= x) from a sample: empirical inside, exponential beyond the start of its largest 2 %, at least its 25 largest
 * (the mean excess is the scale; a peaks-over-threshold fit with shape 0). At least 1e-9.
 */
export function exponentialTail(sample: ArrayLike<number>): (x: number) => number {
  return tailOf(sample, (excesses) => excesses.reduce((sum, excess) => sum + excess, 0) / excesses.length);
}

/**
 * The same where the sample holds what is looked for: the scale is the median excess over ln 2, which up to half of the
 * largest values cannot move.
 */
export function guardedTail(sample: ArrayLike<number>): (x: number) => number {
  return tailOf(sample, (excesses) => excesses[excesses.length >> 1]! / Math.LN2);
}

function tailOf(sample: ArrayLike<number>, scaleOf: (ascending: Float64Array) => number): (x: number) => number {
  const sorted = new Float64Array(sample).sort();
  const n = sorted.length;
  if (n === 0) return () => 1;
  const from = Math.max(0, n - Math.max(TAIL_VALUES, Math.floor(n * TAIL_SHARE)));
  const threshold = sorted[from]!;
  const scale = Math.max(1e-9, scaleOf(sorted.subarray(from).map((value) => value - threshold)));
  return (x) => {
    const at = lowerBound(sorted, x);
    const empirical = (n - at + 1) / (n + 1);
    if (x <= threshold) return empirical;
    return Math.max(MIN_TAIL_P, Math.min(empirical, ((n - from) / n) * Math.exp(-(x - threshold) / scale)));
  };
}
