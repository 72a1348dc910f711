/** The days on which a set works, and how much each account does on them. */
import type { Activity } from '../population/activity.ts';
import type { Population } from '../population/population.ts';

export interface Rate {
  /** Exchanges of a usual active day. */
  usual: number;
  activeDays: number;
}

export type RateOf = (account: number) => Rate;

/** Their mean over all days of the window. */
export function overallRates(population: Population): RateOf {
  const rate = { usual: 0, activeDays: 0 };
  return (account) => {
    rate.usual = population.rate(account);
    rate.activeDays = population.activeDays[account]!;
    return rate;
  };
}

/**
 * Their median over the last `most` days on which at least half as many members were active as on their busiest day: a
 * pool that ramps up, probes first or is refilled is even in its latest shift, not over its life. The median, because the
 * shift may have begun within those days.
 */
export function recentRates({ activity }: Population, members: Int32Array, most: number): RateOf {
  const active = new Map<number, number>();
  for (const member of members)
    for (let at = activity.offsets[member]!; at < activity.offsets[member + 1]!; at++) {
      const day = activity.days[at]!;
      active.set(day, (active.get(day) ?? 0) + 1);
    }
  const busiest = Math.max(0, ...active.values());
  const days = new Set(
    [...active]
      .filter(([, count]) => 2 * count >= busiest)
      .map(([day]) => day)
      .sort((a, b) => b - a)
      .slice(0, most),
  );
  const since = Math.min(...days);
  const counts = new Float64Array(most);
  const known = new Map<number, Rate>();
  return (account) => {
    let rate = known.get(account);
    if (rate === undefined) {
      const length = countsOn(activity, account, days, since, counts);
      rate = { usual: medianOf(counts.subarray(0, length)), activeDays: length };
      known.set(account, rate);
    }
    return rate;
  };
}

/** Writes the account's exchanges of each of the days and returns on how many it was active. */
function countsOn(
  { offsets, days, counts }: Activity,
  account: number,
  chosen: ReadonlySet<number>,
  since: number,
  out: Float64Array,
): number {
  let length = 0;
  for (let at = offsets[account + 1]! - 1; at >= offsets[account]! && days[at]! >= since; at--)
    if (chosen.has(days[at]!)) out[length++] = counts[at]!;
  return length;
}

/** Sorts in place; the mean of the two in the middle where they are even in number, 0 of none. */
function medianOf(counts: Float64Array): number {
  counts.sort();
  const middle = counts.length >> 1;
  if (counts.length === 0) return 0;
  return counts.length % 2 ? counts[middle]! : (counts[middle - 1]! + counts[middle]!) / 2;
}
