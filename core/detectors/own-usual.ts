/**
 * How far an account's volume is above its own usual: a day, two days, a week against the four weeks before, and a rise
 * through the four weeks. Large is unusual; what chance gives is read from everybody, not from these formulas.
 */
import type { VolumeWalk } from './volume-walk.ts';

export const STATISTICS = ['day', 'two days', 'week', 'rise'] as const;

export interface OwnUsual {
  /** Days of the usual, before the days that are judged. */
  usualDays: number;
  /** Fewest of them active for there to be a usual. */
  fewest: number;
  /** Spread of ln exchanges from day to day that an account is taken to have, and for how many days that counts. */
  spread: number;
  prior: number;
}

/** Days between two active days that are still one stretch: a weekend. */
const STRETCH_DAYS = 3;
/** Active days of a week from which it is judged as one. */
const WEEK_ACTIVE = 4;
/** Active days from which a rise is told from chance. */
const RISE_ACTIVE = 10;

/** Where the days that statistic `k` judges begin, if `at` is their last; -1 where it says nothing. */
export function judgedFrom(walk: VolumeWalk, at: number, k: number): number {
  const { days } = walk;
  if (k === 0) return at;
  if (k === 1) return at > 0 && days[at]! - days[at - 1]! <= STRETCH_DAYS ? at - 1 : -1;
  let from = at;
  while (from > 0 && days[from - 1]! > days[at]! - 7) from--;
  return at - from + 1 >= WEEK_ACTIVE ? from : -1;
}

/** Where the usual begins that days from `to` on are held against. */
export function usualFrom(walk: VolumeWalk, to: number, { usualDays }: OwnUsual): number {
  let from = to;
  while (from > 0 && walk.days[from - 1]! >= walk.days[to]! - usualDays) from--;
  return from;
}

/** All statistics of the active day at place `at`, into `out`; NaN for one that says nothing. */
export function departures(walk: VolumeWalk, at: number, usual: OwnUsual, out: Float64Array): void {
  for (let k = 0; k < 3; k++) out[k] = shift(walk, at, judgedFrom(walk, at, k), usual);
  out[3] = rise(walk, at, usual);
}

/**
 * A t-statistic whose variance is the account's own, drawn towards the platform's (moderated t: Smyth, Statistical
 * Applications in Genetics and Molecular Biology 2004). A spike each Monday is part of the variance of Mondays to come.
 */
function shift(walk: VolumeWalk, at: number, from: number, usual: OwnUsual): number {
  if (from < 0) return Number.NaN;
  const start = usualFrom(walk, from, usual);
  const before = from - start;
  if (before < usual.fewest) return Number.NaN;
  const { prior, spread } = usual;
  const variance = (prior * spread * spread + walk.scatter(start, from)) / (prior + before - 1);
  const judged = at - from + 1;
  return (walk.mean(from, at + 1) - walk.mean(start, from)) / Math.sqrt(variance * (1 / judged + 1 / before));
}

/**
 * Mann-Kendall's standard score over the usual days and the judged one (Mann, Econometrica 1945): steps of one size and
 * single outliers hardly move it.
 */
function rise(walk: VolumeWalk, at: number, usual: OwnUsual): number {
  const start = usualFrom(walk, at, usual);
  const n = at - start + 1;
  if (n < RISE_ACTIVE) return Number.NaN;
  const { logs } = walk;
  let score = 0;
  for (let i = start; i < at; i++) for (let j = i + 1; j <= at; j++) score += Math.sign(logs[j]! - logs[i]!);
  return score / Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}
