/** Births of accounts in order of time, and draws of accounts that are about as old as a candidate's. */
import type { Population } from '../population/population.ts';
import { byTime } from '../population/radix.ts';
import type { Random } from '../population/random.ts';
import { DAY_MS } from '../records/time.ts';
import { lowerBound } from '../sorted.ts';
import type { Draw } from './resample.ts';

/** Records begin somewhere: an account first seen this soon after may have been there before. */
const CENSORED_MS = 2 * DAY_MS;
/** Tries per member before a draw goes without it. */
const TRIES = 20;

export class Births {
  /** Per account, ms since 1970 or NaN. */
  readonly times: Float64Array;
  /** Accounts with a known birth, by birth; none of open findings, none banned. */
  private readonly order: Int32Array;
  /** Place of each account in `order`, or where it would stand. */
  private readonly rank: Int32Array;
  /** Day since 1970 of each account's birth; 0 where it is unknown. */
  readonly dayOf: Int32Array;
  /** The last round in which each account was taken. */
  private readonly taken: Int32Array;
  private round = 0;
  /** First day with a birth (since 1970), and births before each day from it on. */
  private readonly firstDay: number;
  private readonly before: Int32Array;

  constructor(times: Float64Array, accounts: Int32Array) {
    this.times = times;
    this.order = byTime(accounts, times);
    const sorted = Float64Array.from(this.order, (account) => times[account]!);
    this.rank = Int32Array.from(times, (time) => (Number.isNaN(time) ? 0 : -1));
    this.order.forEach((account, place) => {
      this.rank[account] = place;
    });
    this.rank.forEach((place, account) => {
      if (place < 0) this.rank[account] = lowerBound(sorted, times[account]!);
    });
    this.dayOf = Int32Array.from(times, (time) => (Number.isNaN(time) ? 0 : Math.floor(time / DAY_MS)));
    this.taken = new Int32Array(times.length);
    this.firstDay = Math.floor((sorted[0] ?? 0) / DAY_MS);
    const days = Math.floor((sorted.at(-1) ?? 0) / DAY_MS) - this.firstDay + 1;
    this.before = new Int32Array(days + 1);
    for (const time of sorted) this.before[Math.floor(time / DAY_MS) - this.firstDay + 1]!++;
    for (let day = 0; day < days; day++) this.before[day + 1]! += this.before[day]!;
  }

  known(members: Int32Array): Int32Array {
    return members.filter((member) => !Number.isNaN(this.times[member]!));
  }

  /** Births on the days from `from` to before `to`, days since 1970. */
  onDays(from: number, to: number): number {
    return this.beforeDay(to) - this.beforeDay(from);
  }

  private beforeDay(day: number): number {
    return this.before[Math.max(0, Math.min(this.before.length - 1, day - this.firstDay))]!;
  }

  /** For each member one of the `width` accounts nearest by rank. */
  drawNearest(members: Int32Array, width: number, random: Random): Draw {
    const span = Math.min(width, this.order.length);
    const starts = Int32Array.from(members, (member) => {
      return Math.max(0, Math.min(this.order.length - span, this.rank[member]! - (span >> 1)));
    });
    return this.drawWithin(
      members,
      starts,
      starts.map((start) => start + span),
      random,
    );
  }

  /** For each member one of the accounts born at most so many days before or after its day. */
  drawAround(members: Int32Array, days: number, random: Random): Draw {
    const starts = Int32Array.from(members, (member) => this.beforeDay(this.dayOf[member]! - days));
    const ends = Int32Array.from(members, (member) => this.beforeDay(this.dayOf[member]! + days + 1));
    return this.drawWithin(members, starts, ends, random);
  }

  /**
   * None of the members, nobody twice: so a set may come out smaller where few others are that old. A set is good until
   * the next is drawn, but for the first.
   */
  private drawWithin(members: Int32Array, starts: Int32Array, ends: Int32Array, random: Random): Draw {
    const draw = (drawn: Int32Array) => {
      const round = ++this.round;
      for (const member of members) this.taken[member] = round;
      let filled = 0;
      for (let i = 0; i < starts.length; i++) {
        for (let tries = TRIES; tries > 0; tries--) {
          const account = this.order[starts[i]! + random.below(ends[i]! - starts[i]!)];
          if (account === undefined || this.taken[account] === round) continue;
          this.taken[account] = round;
          drawn[filled++] = account;
          break;
        }
      }
      return filled === drawn.length ? drawn : drawn.subarray(0, filled);
    };
    // The first is asked for twice: whether there are enough to draw from at all.
    let first: Int32Array | undefined;
    const room = new Int32Array(members.length);
    return (index) => {
      if (index > 0) return draw(room);
      first ??= draw(new Int32Array(members.length));
      return first;
    };
  }
}

export interface BirthKinds {
  signUp: Births;
  /** First exchange, where records go back far enough to tell. */
  firstUse: Births;
}

const known = new WeakMap<Population, BirthKinds>();

/** Sorted once per sweep. */
export function birthsOf(population: Population): BirthKinds {
  let births = known.get(population);
  if (births === undefined) {
    const { facts, first, strata } = population;
    let earliest = Infinity;
    for (const time of first) if (time < earliest) earliest = time;
    const firstUse = first.map((time) => (time > earliest + CENSORED_MS ? time : Number.NaN));
    births = {
      signUp: new Births(facts.created, strata.everybody),
      firstUse: new Births(firstUse, strata.everybody),
    };
    known.set(population, births);
  }
  return births;
}
