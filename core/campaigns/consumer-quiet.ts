/** Until when a consumer finding went on: judged on the latest days, so that it ends when the volume does. */
import type { Population } from '../population/population.ts';
import { DAY_MS, isoTime } from '../records/time.ts';
import type { LetThrough } from './consumers.ts';
import type { SweepScene } from './scene.ts';
import type { TrackedFinding } from './tracked.ts';

/** A day of this many times what was expected still belongs; a finding opens at three. */
const STILL_MULTIPLE = 2;
/** Days without an exchange that say nothing: a weekend and a holiday. */
const IDLE_DAYS = 4;
/** Days without news after which what was unusual is the account's usual. */
const NEW_USUAL_DAYS = 28;
/** A shared key goes on while it has half of its volume on a day of the week. */
const SHARED_SHARE = 0.5;
const WEEK_DAYS = 7;

/** RFC 3339: the end of the latest day that belongs, or the sweep while that is open. Never before it was. */
export function stillThrough(
  scene: SweepScene,
  tracked: TrackedFinding,
  account: number,
  lastDay: number,
  one: LetThrough | undefined,
): string {
  const { population, iso } = scene;
  const expected = tracked.finding.evidence.find(({ detector }) => detector === 'consumer-anomaly')?.expected;
  if (one?.sharing !== undefined) {
    const least = SHARED_SHARE * population.rate(account);
    if (lastDayOf(population, account, lastDay, least) > lastDay - WEEK_DAYS) return iso;
  }
  if (expected === undefined || reopening(tracked)) return one === undefined ? tracked.lastThrough : iso;
  if (Date.parse(iso) - Date.parse(tracked.finding.at) > NEW_USUAL_DAYS * DAY_MS) return tracked.lastThrough;
  const high = lastDayOf(population, account, lastDay, STILL_MULTIPLE * expected);
  const idleSince = lastDayOf(population, account, lastDay, 1) === high && lastDay - high < IDLE_DAYS;
  const until = idleSince ? iso : isoTime((high + 1) * DAY_MS);
  return until > tracked.lastThrough ? until : tracked.lastThrough;
}

const reopening = ({ clearedAt }: TrackedFinding) => clearedAt !== undefined;

/** Latest day up to `lastDay` with at least so many exchanges; 0 for none. */
function lastDayOf({ activity }: Population, account: number, lastDay: number, least: number): number {
  const { offsets, days, counts } = activity;
  for (let at = offsets[account + 1]! - 1; at >= offsets[account]!; at--)
    if (days[at]! <= lastDay && counts[at]! >= least) return days[at]!;
  return 0;
}

/** Exchanges a day: mean of the active ones of the two days up to `lastDay`, 0 where there is none. */
export function recentVolume({ activity }: Population, account: number, lastDay: number): number {
  const { offsets, days, counts } = activity;
  let sum = 0;
  let active = 0;
  for (let at = offsets[account + 1]! - 1; at >= offsets[account]! && days[at]! > lastDay - 2; at--) {
    if (days[at]! > lastDay) continue;
    sum += counts[at]!;
    active++;
  }
  return active === 0 ? 0 : sum / active;
}
