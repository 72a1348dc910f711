/** How long after their own time exchanges were counted, in few enough numbers that every batch can add to them. */

/** Upper ends in ms; what took longer than the last is in one more. */
export const LAG_BOUNDS = [10_000, 30_000, 60_000, 120_000, 300_000, 900_000, 3_600_000, 21_600_000] as const;

/** Exchanges per bound, and those beyond. */
export type LagCounts = readonly number[];

export function lagCounts(times: Iterable<number>, now: number): number[] {
  const counts = new Array<number>(LAG_BOUNDS.length + 1).fill(0);
  for (const time of times) {
    const place = LAG_BOUNDS.findIndex((bound) => now - time <= bound);
    counts[place < 0 ? LAG_BOUNDS.length : place]!++;
  }
  return counts;
}

/** Within so many ms `share` of them were counted; Infinity where only longer than the last bound, undefined of none. */
export function lagWithin(counts: LagCounts, share: number): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let sum = 0;
  for (const [i, count] of counts.entries()) {
    sum += count;
    if (sum >= share * all) return LAG_BOUNDS[i] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}
