/** A segment: the part of the population that one reader loads for a sweep, as profiles and daily totals. */

import type { BytesAt } from '../parquet/flat-file.ts';
import type { AccountHistory } from '../ports.ts';
import { TASKS } from '../records/format.ts';
import { AccountDay, binsOf, COUNTER, exchangesOf, SLOT_WORDS } from './account-day.ts';
import { unpackAccountDay } from './account-day-codec.ts';
import { AccountProfile, addDay, readProfileHead, readProfileInto, unpackProfile } from './account-profile.ts';
import { ByteReader } from './bytes.ts';
import type { PopulationDay } from './population.ts';

export interface Segment {
  profiles: ProfileSource;
  /** Ascending by day. */
  population: PopulationDay[];
}

/** Profiles in memory, or packed and read one at a time. */
export type ProfileSource = readonly AccountProfile[] | PackedProfiles;

/** A million profiles are a gigabyte packed and several as objects, so they stay packed until they are read. */
export class PackedProfiles<Bytes extends BytesAt = BytesAt> implements Iterable<AccountProfile> {
  readonly length: number;
  readonly bytes: Bytes;
  readonly starts: Float64Array;
  readonly ends: Float64Array;

  /** Profile i is [starts[i], ends[i]) of the bytes, which are not copied. */
  constructor(bytes: Bytes, starts: Float64Array, ends: Float64Array) {
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
    this.length = starts.length;
  }

  read(index: number): AccountProfile {
    return unpackProfile(this.packed(index));
  }

  /** As `read`, into a profile whose former content is not needed any more: a pass over all accounts makes no garbage. */
  readInto(index: number, profile: AccountProfile): void {
    readProfileInto(new ByteReader(this.packed(index)), profile);
  }

  head(index: number): { account: string; days: number } {
    return readProfileHead(new ByteReader(this.packed(index)));
  }

  private packed(index: number): Uint8Array {
    return this.bytes.subarray(this.starts[index]!, this.ends[index]!);
  }

  *[Symbol.iterator](): Generator<AccountProfile> {
    for (let i = 0; i < this.length; i++) yield this.read(i);
  }
}

export function profileAt(source: ProfileSource, index: number): AccountProfile {
  return source instanceof PackedProfiles ? source.read(index) : source[index]!;
}

/** As `profileAt`; the result may be `scratch`, and is good until the next call with it. */
export function profileInto(source: ProfileSource, index: number, scratch: AccountProfile): AccountProfile {
  if (!(source instanceof PackedProfiles)) return source[index]!;
  source.readInto(index, scratch);
  return scratch;
}

/** Whose profile it is, and on how many days the account was active. */
export function headAt(source: ProfileSource, index: number): { account: string; days: number } {
  if (source instanceof PackedProfiles) return source.head(index);
  const { account, series } = source[index]!;
  return { account, days: series.length };
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

/**
 * Rolls the histories of a segment up, in the order of accounts, in which a sweep reads them. Accounts without a day in the
 * window are kept for their facts.
 */
export async function rollUpSegment(histories: AsyncIterable<AccountHistory>): Promise<Segment> {
  const profiles: AccountProfile[] = [];
  const totals = new PopulationTotals();
  const scratch = new AccountDay();
  for await (const { account, facts, days } of histories) {
    const profile = new AccountProfile(account);
    profile.facts = facts;
    for (const { day, packed } of days) {
      const unpacked = unpackAccountDay(packed, day, scratch);
      totals.add(day, unpacked);
      addDay(profile, day, unpacked);
    }
    profiles.push(profile);
  }
  profiles.sort((a, b) => (a.account < b.account ? -1 : 1));
  return { profiles, population: totals.list() };
}
