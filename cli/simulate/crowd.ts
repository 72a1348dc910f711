/** Many independent account holders: what each of them does on one day. Memory holds those active that day. */
import type { AccountRecord } from '../../core/records/schema.ts';
import { DAY } from './clock.ts';
import { Conversation } from './conversation.ts';
import { active, begin, type Habits, pause, volume } from './habits.ts';
import type { Person } from './person.ts';
import type { Platform } from './platform.ts';
import { Random, type Seed } from './random.ts';
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
  /** Replaces the habits' choice of days. */
  active?(i: number, habits: Habits, day: number): boolean;
}

export class Crowd implements Source {
  private readonly emission: Random;
  private readonly crowd: CrowdPlan;
  private readonly platform: Platform;
  private readonly seed: Seed;
  private readonly maxPerDay: number;
  private readonly ledger: Ledger | undefined;
  private readonly countFrom: number;

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
    this.ledger = ledger;
    this.countFrom = countFrom;
    this.emission = new Random(seed, 0, 99);
    if (ledger) ledger.registered = crowd.size;
  }

  *known(): Generator<AccountRecord> {
    for (let i = 0; i < this.crowd.size; i++) {
      const habits = this.crowd.habits(i);
      if (habits.bornAt < this.platform.start) yield this.crowd.person(i, habits).account;
    }
  }

  plan(day: number, timeline: Timeline): void {
    const { crowd } = this;
    const rest = this.platform.restDay(day);
    for (let i = 0; i < crowd.size; i++) {
      const habits = crowd.habits(i);
      if (habits.bornAt >= day + DAY) continue;
      const isActive = crowd.active ? crowd.active(i, habits, day) : active(habits, day, rest);
      const isNew = habits.bornAt >= day;
      if (!isActive && !isNew) continue;
      const person = crowd.person(i, habits);
      if (isNew) timeline.add(habits.bornAt, { emit: () => person.account });
      if (isActive) this.planDay(person, habits, day, new Random(this.seed, i, 1000 + day / DAY), timeline);
    }
  }

  private planDay(person: Person, habits: Habits, day: number, random: Random, timeline: Timeline): void {
    const factor = this.crowd.factor?.(day) ?? 1;
    if (factor === 0) return;
    let left = volume({ ...habits, rate: habits.rate * factor }, random, this.maxPerDay);
    while (left > 0) {
      const offset = this.crowd.begin ? this.crowd.begin(day, random) : begin(habits, random);
      if (offset === undefined) return;
      let at = day + offset;
      for (let burst = random.geometric(habits.burst); burst > 0 && left > 0; burst--) {
        const turns = Math.min(left, random.geometric(habits.turns));
        if (at >= habits.bornAt) this.converse(person, habits, at, turns, random, timeline);
        left -= turns;
        at += random.exponential(habits.burstPauseMs);
      }
    }
  }

  private converse(
    person: Person,
    habits: Habits,
    start: number,
    turns: number,
    random: Random,
    timeline: Timeline,
  ): void {
    const ledger = start >= this.countFrom ? this.ledger : undefined;
    const conversation = new Conversation(this.platform, person, person.voice, turns, this.emission, ledger);
    let at = start;
    for (let turn = 0; turn < turns; turn++) {
      timeline.add(at, conversation);
      at += pause(habits, random);
    }
  }
}
