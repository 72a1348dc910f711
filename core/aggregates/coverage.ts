/** Coverage: how much of the time the watch could see. What "nothing found" is worth depends on it. */
import type { DataGap } from '../findings/transition.ts';
import { DAY_MS } from '../records/time.ts';
import { median } from '../sorted.ts';
import type { PopulationDay } from './population.ts';

const SLOT_MS = 300_000;
const SLOTS = 288;
const HOUR_MS = 3_600_000;
/** Exchanges an hour from which each of its 5-minute slots should hold a record. */
const BUSY_HOUR = 30;
const FOUR_WEEKS = 28;

/** Gaps told at most: the longest. */
const MOST_GAPS = 5;

/**
 * Share of the 5-minute slots in [from, to) with a record, among slots whose hour of the week has a median of 30
 * exchanges or more over the last four weeks. Where no hour is that busy, the share of days with a record. `from` and
 * `to` in ms since 1970.
 */
export function coverage(days: readonly PopulationDay[], from: number, to: number): number {
  let expected = 0;
  let covered = 0;
  for (const { filled } of expectedSlots(days, from, to)) {
    expected++;
    if (filled) covered++;
  }
  return expected >= SLOTS / 24 ? covered / expected : daysCovered(days, from, to);
}

/** Stretches of expected slots without a record, longest first, at most five. */
export function gaps(days: readonly PopulationDay[], from: number, to: number): DataGap[] {
  const found: { start: number; end: number }[] = [];
  for (const { start, filled } of expectedSlots(days, from, to)) {
    const last = found.at(-1);
    if (filled) continue;
    if (last?.end === start) last.end = start + SLOT_MS;
    else found.push({ start, end: start + SLOT_MS });
  }
  return found
    .map(({ start, end }) => ({ from: new Date(start).toISOString(), minutes: (end - start) / 60_000 }))
    .sort((a, b) => b.minutes - a.minutes)
    .slice(0, MOST_GAPS);
}

/** One hour: its 5-minute slots that should hold a record, and those of them that do. */
export interface CoveredHour {
  /** RFC 3339. */
  from: string;
  expected: number;
  filled: number;
}

/** Every hour of [from, to) in time order; in one without an expected slot nothing can be missing. */
export function coveredHours(days: readonly PopulationDay[], from: number, to: number): CoveredHour[] {
  const first = Math.ceil(from / HOUR_MS);
  const hours = Array.from({ length: Math.max(0, Math.ceil(to / HOUR_MS) - first) }, (_, index) => ({
    from: new Date((first + index) * HOUR_MS).toISOString(),
    expected: 0,
    filled: 0,
  }));
  for (const { start, filled } of expectedSlots(days, first * HOUR_MS, to)) {
    const hour = hours[Math.floor(start / HOUR_MS) - first]!;
    hour.expected++;
    if (filled) hour.filled++;
  }
  return hours;
}

function* expectedSlots(days: readonly PopulationDay[], from: number, to: number) {
  const medians = hourMedians(days);
  const byDay = new Map(days.map((day) => [day.day, day]));
  for (let start = Math.ceil(from / SLOT_MS) * SLOT_MS; start + SLOT_MS <= to; start += SLOT_MS) {
    const day = Math.floor(start / DAY_MS);
    const slot = Math.floor((start % DAY_MS) / SLOT_MS);
    if (medians[weekHour(day, Math.floor(slot / 12))]! < BUSY_HOUR) continue;
    yield { start, filled: ((byDay.get(day)?.slots[slot >> 5] ?? 0) & (1 << (slot & 31))) !== 0 };
  }
}

function weekHour(day: number, hour: number): number {
  return ((day + 3) % 7) * 24 + hour;
}

function hourMedians(days: readonly PopulationDay[]): number[] {
  const counts: number[][] = Array.from({ length: 168 }, () => []);
  for (const { day, hours } of days.slice(-FOUR_WEEKS))
    for (const [hour, exchanges] of hours.entries()) counts[weekHour(day, hour)]!.push(exchanges);
  return counts.map(median);
}

function daysCovered(days: readonly PopulationDay[], from: number, to: number): number {
  const held = new Set(days.map(({ day }) => day));
  const first = Math.floor(from / DAY_MS);
  const last = Math.max(first, Math.ceil(to / DAY_MS) - 1);
  let covered = 0;
  for (let day = first; day <= last; day++) if (held.has(day)) covered++;
  return covered / (last - first + 1);
}
