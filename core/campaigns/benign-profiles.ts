/** What the checks of innocent causes read of profiles: of each account once, whichever sets it is a member of. */
import { COUNTER } from '../aggregates/account-day.ts';
import { factText } from '../aggregates/account-facts.ts';
import { AccountProfile } from '../aggregates/account-profile.ts';
import { GrowingFloats, GrowingInts, GrowingWords } from '../population/columns.ts';
import type { Population } from '../population/population.ts';
import { NETWORK_KINDS } from '../records/format.ts';

/** Facts of which it matters how many members have the same. */
export const COUNTED = ['org', 'email.domain', 'referral'] as const;
const LEARNERS = /educat|academ|student|universit|school/i;

/** Sums over the members' profiles. */
export interface Read {
  /** Of each fact that is asked for: how many members have the same value, the most first. */
  alike: Record<(typeof COUNTED)[number], number[]>;
  /** Members on a programme for learners. */
  learners: number;
  /** Exchanges per kind of network, in the order of `NETWORK_KINDS`. */
  networks: Float64Array;
  /** Exchanges that failed or were throttled. */
  failed: number;
  /** Exchanges per hour of the week. */
  week: Float64Array;
}

const WEEK_HOURS = 168;

/** What is read of profiles, by account: many sets of a sweep have the same members, and a profile is dear to read. */
class ProfileRows {
  private readonly population: Population;
  /** Place of each account plus one; 0 where it was not read yet. */
  private readonly places: Int32Array;
  private readonly scratch = new AccountProfile('');
  private readonly texts = new Map<string, number>();
  /** Numbers of the texts of `COUNTED`, 0 for absent, and 1 for a learner. */
  private readonly facts = new GrowingInts();
  private readonly networks = new GrowingFloats();
  private readonly failed = new GrowingFloats();
  private readonly week = new GrowingWords();

  constructor(population: Population) {
    this.population = population;
    this.places = new Int32Array(population.size);
  }

  sum(members: readonly number[]): Read {
    const places = members.map((member) => this.places[member]! || this.read(member));
    const [facts, networks, failed, week] = [this.facts, this.networks, this.failed, this.week].map((one) =>
      one.take(),
    );
    const sums = { networks: new Float64Array(NETWORK_KINDS.length), week: new Float64Array(WEEK_HOURS) };
    const held = COUNTED.map(() => new Map<number, number>());
    let [failing, learners] = [0, 0];
    for (const place of places) {
      const row = place - 1;
      addRow(sums.networks, networks!, row);
      addRow(sums.week, week!, row);
      failing += failed![row]!;
      const from = row * (COUNTED.length + 1);
      for (let i = 0; i < COUNTED.length; i++) {
        const text = facts![from + i]!;
        if (text > 0) held[i]!.set(text, (held[i]!.get(text) ?? 0) + 1);
      }
      learners += facts![from + COUNTED.length]!;
    }
    const alike = COUNTED.map((fact, i) => [fact, [...held[i]!.values()].sort((a, b) => b - a)]);
    return { alike: Object.fromEntries(alike) as Read['alike'], learners, failed: failing, ...sums };
  }

  private read(member: number): number {
    const { total, week, facts } = this.population.profile(member, this.scratch);
    for (const fact of COUNTED) this.facts.push(this.numberOf(factText(facts, fact)));
    this.facts.push(LEARNERS.test(factText(facts, 'programme') ?? '') ? 1 : 0);
    for (let i = 0; i < NETWORK_KINDS.length; i++) this.networks.push(total.counters[COUNTER.networks + i]!);
    this.failed.push(total.counters[COUNTER.error]! + total.counters[COUNTER.throttled]!);
    for (const count of week) this.week.push(count);
    this.places[member] = this.failed.length;
    return this.failed.length;
  }

  private numberOf(text: string | undefined): number {
    if (text === undefined) return 0;
    let number = this.texts.get(text);
    if (number === undefined) {
      number = this.texts.size + 1;
      this.texts.set(text, number);
    }
    return number;
  }
}

function addRow(sums: Float64Array, rows: Float64Array | Int32Array | Uint32Array, row: number): void {
  for (let i = 0, at = row * sums.length; i < sums.length; i++, at++) sums[i]! += rows[at]!;
}

const rows = new WeakMap<Population['indexOf'], ProfileRows>();

export function profileRows(population: Population): ProfileRows {
  let known = rows.get(population.indexOf);
  if (known === undefined) {
    known = new ProfileRows(population);
    rows.set(population.indexOf, known);
  }
  return known;
}
