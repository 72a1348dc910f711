/** Many independent account holders: what each of them does on one day. Memory holds those active that day. */
import type { AccountRecord } from '../../core/records/schema.ts';
import { DAY, iso } from './clock.ts';
import { Conversation } from './conversation.ts';
import { Guest } from './guest.ts';
import { active, begin, type Habits, pause, volume } from './habits.ts';
import type { Keepsakes } from './keepsakes.ts';
import type { Person } from './person.ts';
import type { Platform } from './platform.ts';
import { Random, type Seed } from './random.ts';
import type { Stage } from './speaker.ts';
import type { Timeline } from './timeline.ts';
import type { Ledger } from './truth.ts';

/** A group of a world. `plan` is called once per day, in order. */
export interface Source {
  /** Accounts that exist when the window opens. */
  known(): Iterable<AccountRecord>;
  /** Puts everything that begins on the UTC day starting at `day` on the timeline. */
  plan(day: number, timeline: Timeline): void;
}

export interface CrowdPlan {
  size: number;
  /** Cheap: asked for every account on every day. */
  habits(i: number): Habits;
  /** Asked for the accounts that are active. */
  person(i: number, habits: Habits): Person;
  /** Replaces the habits' choice of when a conversation begins: ms of the UTC day, undefined for never. */
  begin?(day: number, random: Random): number | undefined;
  /** Multiplies the volume of that day; 0 is silence. */
  factor?(day: number): number;
  /** Outputs that go from one conversation to another. */
  keepsakes?: Keepsakes | undefined;
  /** Whether the daily limits of plans hold. */
  limited?: boolean;
  /** Instant at which the account is closed. */
  closedAt?(i: number): number;
  /** Replaces the habits' choice of days. */
  active?(i: number, habits: Habits, day: number): boolean;
}

/** Persons are kept from day to day up to this size of a crowd, some kilobytes each; beyond it they are made anew. */
const KEPT_PERSONS = 10_000;

export class Crowd implements Source {
  private readonly crowd: CrowdPlan;
  private readonly platform: Platform;
  private readonly seed: Seed;
  private readonly maxPerDay: number;
  private readonly countFrom: number;
  private readonly counted: Stage;
  private readonly uncounted: Stage;
  private readonly kept: Map<number, Person> | undefined = undefined;
  private readonly keptHabits: Map<number, Habits> | undefined = undefined;

  /** `ledger` counts what these accounts do from `countFrom` on. */
  constructor(
    crowd: CrowdPlan,
    platform: Platform,
    seed: Seed,
    maxPerDay: number,
    ledger?: Ledger,
    countFrom = Number.NEGATIVE_INFINITY,
  ) {
    this.crowd = crowd;
    this.platform = platform;
    this.seed = seed;
    this.maxPerDay = maxPerDay;
    this.countFrom = countFrom;
    const random = new Random(seed, 0, 99);
    const { keepsakes } = crowd;
    this.counted = { platform, random, ledger, keepsakes };
    this.uncounted = { ...this.counted, ledger: undefined };
    if (crowd.size <= KEPT_PERSONS) {
      this.kept = new Map();
      this.keptHabits = new Map();
    }
    if (ledger) ledger.registered = crowd.size;
  }

  *known(): Generator<AccountRecord> {
    for (let i = 0; i < this.crowd.size; i++) {
      const habits = this.habits(i);
      if (habits.bornAt < this.platform.start) yield this.person(i, habits).account;
    }
  }

  plan(day: number, timeline: Timeline): void {
    const { crowd } = this;
    const rest = this.platform.restDay(day);
    for (let i = 0; i < crowd.size; i++) {
      const habits = this.habits(i);
      if (habits.bornAt >= day + DAY) continue;
      this.close(i, day, timeline);
      const isActive = crowd.active ? crowd.active(i, habits, day) : active(habits, day, rest);
      const isNew = habits.bornAt >= day;
      if (!isActive && !isNew) continue;
      const guest = new Guest(() => this.person(i, habits), crowd);
      if (isNew) timeline.add(habits.bornAt, { emit: () => guest.person().account });
      if (isActive) this.planDay(guest, habits, day, new Random(this.seed, i, 1000 + day / DAY), timeline);
    }
  }

  private close(i: number, day: number, timeline: Timeline): void {
    const at = this.crowd.closedAt?.(i);
    if (at === undefined || at < day || at >= day + DAY) return;
    const { account } = this.person(i, this.habits(i)).account;
    timeline.add(at, { emit: () => ({ type: 'account', time: iso(at), account, status: 'closed' }) });
  }

  private habits(i: number): Habits {
    const known = this.keptHabits?.get(i);
    if (known) return known;
    const habits = this.crowd.habits(i);
    this.keptHabits?.set(i, habits);
    return habits;
  }

  private person(i: number, habits: Habits): Person {
    const known = this.kept?.get(i);
    if (known) return known;
    const person = this.crowd.person(i, habits);
    this.kept?.set(i, person);
    return person;
  }

  private planDay(guest: Guest, habits: Habits, day: number, random: Random, timeline: Timeline): void {
    const factor = this.crowd.factor?.(day) ?? 1;
    if (factor === 0) return;
    let left = volume(habits, random, this.maxPerDay, factor);
    while (left > 0) {
      const offset = this.crowd.begin ? this.crowd.begin(day, random) : begin(habits, random);
      if (offset === undefined) return;
      let at = day + offset;
      for (let burst = random.geometric(habits.burst); burst > 0 && left > 0; burst--) {
        const turns = Math.min(left, random.geometric(habits.turns));
        if (at >= habits.bornAt) this.converse(guest, habits, at, turns, random, timeline);
        left -= turns;
        at += random.exponential(habits.burstPauseMs);
      }
    }
  }

  private converse(
    guest: Guest,
    habits: Habits,
    start: number,
    turns: number,
    random: Random,
    timeline: Timeline,
  ): void {
    const stage = start >= this.countFrom ? this.counted : this.uncounted;
    const conversation = new Conversation(stage, guest, turns);
    let at = start;
    for (let turn = 0; turn < turns; turn++) {
      timeline.add(at, conversation);
      at += pause(habits, random);
    }
  }
}
