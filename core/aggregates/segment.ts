/** A segment: the part of the population that one reader loads for a sweep, as profiles and daily totals. */

import type { AccountHistory } from '../ports.ts';
import { TASKS } from '../records/schema.ts';
import { type AccountDay, binsOf, COUNTER, exchangesOf, SLOT_WORDS } from './account-day.ts';
import { unpackAccountDay } from './account-day-codec.ts';
import { AccountProfile, addDay, readProfile, writeProfile } from './account-profile.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { PopulationDay } from './population.ts';

export interface Segment {
  profiles: AccountProfile[];
  /** Ascending by day. */
  population: PopulationDay[];
}

/** Daily totals, added to as account-days are read. */
export class PopulationTotals {
  private readonly days = new Map<number, PopulationDay>();

  /** `first`: nothing of this account-day was added before. */
  add(dayNumber: number, day: AccountDay, first = true): void {
    const total = this.at(dayNumber);
    total.exchanges += exchangesOf(day);
    total.outputTokens += day.counters[COUNTER.outputTokens]!;
    if (first) total.accounts++;
    const tasks = binsOf(day, 'tasks');
    TASKS.forEach((task, i) => {
      if (tasks[i]! > 0) total.tasks[task] = (total.tasks[task] ?? 0) + tasks[i]!;
    });
    const hours = binsOf(day, 'hours');
    for (let i = 0; i < 24; i++) total.hours[i]! += hours[i]!;
    for (let i = 0; i < SLOT_WORDS; i++) total.slots[i] = (total.slots[i]! | day.slots[i]!) >>> 0;
  }

  merge(other: PopulationDay): void {
    const total = this.at(other.day);
    total.exchanges += other.exchanges;
    total.outputTokens += other.outputTokens;
    total.accounts += other.accounts;
    for (const task of TASKS) {
      const more = other.tasks[task];
      if (more !== undefined) total.tasks[task] = (total.tasks[task] ?? 0) + more;
    }
    for (let i = 0; i < 24; i++) total.hours[i]! += other.hours[i]!;
    for (let i = 0; i < SLOT_WORDS; i++) total.slots[i] = (total.slots[i]! | other.slots[i]!) >>> 0;
  }

  expire(sinceDay: number): void {
    for (const day of this.days.keys()) if (day < sinceDay) this.days.delete(day);
  }

  list(): PopulationDay[] {
    return [...this.days.values()].sort((a, b) => a.day - b.day);
  }

  private at(day: number): PopulationDay {
    let total = this.days.get(day);
    if (total === undefined) {
      total = {
        day,
        exchanges: 0,
        outputTokens: 0,
        accounts: 0,
        tasks: {},
        hours: new Array<number>(24).fill(0),
        slots: new Array<number>(SLOT_WORDS).fill(0),
      };
      this.days.set(day, total);
    }
    return total;
  }
}

/** Rolls the histories of a segment up. Accounts without a day in the window are kept for their facts. */
export async function rollUpSegment(histories: AsyncIterable<AccountHistory>): Promise<Segment> {
  const profiles: AccountProfile[] = [];
  const totals = new PopulationTotals();
  for await (const { account, facts, days } of histories) {
    const profile = new AccountProfile(account);
    profile.facts = facts;
    for (const { day, packed } of days) {
      const unpacked = unpackAccountDay(packed, day);
      totals.add(day, unpacked);
      addDay(profile, day, unpacked);
    }
    profiles.push(profile);
  }
  return { profiles, population: totals.list() };
}

/** Layout version, the first byte. */
const SEGMENT_LAYOUT = 1;

export function packSegment(segment: Segment): Uint8Array {
  const out = new ByteWriter();
  out.byte(SEGMENT_LAYOUT);
  out.text(JSON.stringify(segment.population));
  out.varint(segment.profiles.length);
  for (const profile of segment.profiles) writeProfile(out, profile);
  return out.take();
}

export function unpackSegment(packed: Uint8Array): Segment {
  const input = new ByteReader(packed);
  const layout = input.byte();
  if (layout !== SEGMENT_LAYOUT)
    throw new RangeError(`segment of layout ${layout}; this version reads ${SEGMENT_LAYOUT}`);
  const population = JSON.parse(input.text()) as PopulationDay[];
  const profiles: AccountProfile[] = [];
  for (let left = input.varint(); left > 0; left--) profiles.push(readProfile(input));
  return { profiles, population };
}
