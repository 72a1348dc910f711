/** What is read off sorted numbers. */

/** The upper median; 0 of nothing. The input may be in any order and stays as it is. */
export function median(values: ArrayLike<number> & Iterable<number>): number {
  return Float64Array.from(values).sort()[values.length >> 1] ?? 0;
}

/** First place in an ascending list whose value is at least `value`; the length where there is none. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Most of the ascending `sorted` that lie within `span` of each other. */
export function largestWithin(sorted: ArrayLike<number>, span: number): number {
  let largest = 0;
  for (let i = 0, from = 0; i < sorted.length; i++) {
    while (sorted[i]! - sorted[from]! > span) from++;
    largest = Math.max(largest, i - from + 1);
  }
  return largest;
}
