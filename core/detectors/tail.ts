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

/**
 * Of a small sample: empirical up to its 25 largest (or 2 %), and beyond thinning out as `wide` does, the tail of a larger
 * sample of the same kind of value. The few largest of a small one tell neither its scale nor its shape.
 */
export function borrowedTail(sample: ArrayLike<number>, wide: (x: number) => number): (x: number) => number {
  const sorted = new Float64Array(sample).sort();
  const n = sorted.length;
  if (n === 0) return () => 1;
  const from = tailFrom(n);
  const threshold = sorted[from]!;
  const beyond = (n - from + 1) / (n + 1) / wide(threshold);
  return (x) => {
    const empirical = (n - lowerBound(sorted, x) + 1) / (n + 1);
    return x <= threshold ? empirical : Math.max(MIN_TAIL_P, Math.min(empirical, beyond * wide(x)));
  };
}

const tailFrom = (n: number) => Math.max(0, n - Math.max(TAIL_VALUES, Math.floor(n * TAIL_SHARE)));

function tailOf(sample: ArrayLike<number>, scaleOf: (ascending: Float64Array) => number): (x: number) => number {
  const sorted = new Float64Array(sample).sort();
  const n = sorted.length;
  if (n === 0) return () => 1;
  const from = tailFrom(n);
  const threshold = sorted[from]!;
  const scale = Math.max(1e-9, scaleOf(sorted.subarray(from).map((value) => value - threshold)));
  return (x) => {
    const at = lowerBound(sorted, x);
    const empirical = (n - at + 1) / (n + 1);
    if (x <= threshold) return empirical;
    return Math.max(MIN_TAIL_P, Math.min(empirical, ((n - from) / n) * Math.exp(-(x - threshold) / scale)));
  };
}
