/** Account profiles straight from a description, without records: each test adds its campaign or its look-alike. */
import { AccountDay, addSample, addValue, COUNTER, HISTOGRAM, VALUES } from '../../core/aggregates/account-day.ts';
import type { AccountFacts } from '../../core/aggregates/account-facts.ts';
import { AccountProfile, addDay } from '../../core/aggregates/account-profile.ts';
import { foldUsage } from '../../core/aggregates/fold.ts';
import { hash48 } from '../../core/aggregates/hash.ts';
import { PopulationTotals, type Segment } from '../../core/aggregates/segment.ts';
import { viewOf } from '../../core/detectors/detector.ts';
import { Population } from '../../core/population/population.ts';
import { type Random, seededRandom } from '../../core/population/random.ts';
import { FLAGS, NETWORK_KINDS, TASKS } from '../../core/records/format.ts';
import type { Flag, Task, UsageRecord } from '../../core/records/schema.ts';
import { DAY_MS, HOUR_MS } from '../../core/records/time.ts';
import { aUsage } from './records.ts';

/** 2026-04-20, a Monday: the first day with records, in days since 1970. */
export const START_DAY = 20_563;

type ListedKind = 'ip' | 'subnet' | 'client' | 'system' | 'template' | 'contract' | 'asn';

export interface AccountSpec {
  account: string;
  /** Field path to value, as the account records would have set it, e.g. `payment.instrument`. */
  facts?: Record<string, string | boolean>;
  /** Sign-up, ms since 1970. */
  createdAt?: number;
  /** Exchanges per day, from `START_DAY` on; 0 is an idle day. */
  daily: readonly number[];
  /** Hours of the day in which the exchanges fall, evenly; all 24 where absent. */
  hours?: readonly number[];
  /** Hour of each exchange of a day (days from `START_DAY`), ascending, in place of `hours`. */
  hoursOn?: (day: number) => readonly number[];
  /** Share of a day's exchanges on one model (days from `START_DAY`). */
  modelOn?: (day: number) => { model: string; share: number };
  /** One value held by all exchanges. */
  values?: Partial<Record<ListedKind, string>>;
  sketch?: Uint8Array;
  /** Share of the exchanges that carry it. */
  flags?: Partial<Record<Flag, number>>;
  tasks?: Partial<Record<Task, number>>;
  network?: (typeof NETWORK_KINDS)[number];
  /** Share of the exchanges with status `error`; the rest are `ok`. */
  failed?: number;
  /** Exchanges a day with status `throttled`. */
  throttled?: number;
  /** Output tokens per exchange. */
  output?: number;
  /** What each exchange of a day (days from `START_DAY`) holds, in place of all of the above but `daily` and the facts. */
  usage?: (index: number, day: number) => Partial<UsageRecord>;
}

export function accountDay(spec: AccountSpec, day: number, exchanges: number): AccountDay {
  if (spec.usage) return foldedDay(spec.account, spec.usage, day, exchanges);
  const made = new AccountDay();
  const { counters } = made;
  counters[COUNTER.exchanges] = exchanges;
  counters[COUNTER.error] = Math.round((spec.failed ?? 0) * exchanges);
  counters[COUNTER.throttled] = spec.throttled ?? 0;
  counters[COUNTER.outputTokens] = exchanges * (spec.output ?? 500);
  FLAGS.forEach((flag, i) => {
    counters[COUNTER.flags + i] = Math.round((spec.flags?.[flag] ?? 0) * exchanges);
  });
  if (spec.network) counters[COUNTER.networks + NETWORK_KINDS.indexOf(spec.network)] = exchanges;
  TASKS.forEach((task, i) => {
    made.bins[HISTOGRAM.tasks.at + i] = Math.round((spec.tasks?.[task] ?? 0) * exchanges);
  });
  fillHours(made, spec, day, exchanges);
  fillValues(made, spec, day, exchanges);
  return made;
}

function foldedDay(
  account: string,
  usage: NonNullable<AccountSpec['usage']>,
  day: number,
  exchanges: number,
): AccountDay {
  const made = new AccountDay();
  for (let i = 0; i < exchanges; i++) {
    const ms = day * DAY_MS + Math.floor((i * DAY_MS) / exchanges);
    const record = aUsage({ account, prompt: undefined, params: undefined, ...usage(i, day - START_DAY) });
    foldUsage(made, record, ms, hash48(`${account} ${ms}`));
  }
  return made;
}

function fillHours(made: AccountDay, spec: AccountSpec, day: number, exchanges: number): void {
  const hours = spec.hoursOn?.(day - START_DAY) ?? spec.hours ?? ALL_HOURS;
  for (let i = 0; i < exchanges; i++) {
    const hour = hours[Math.floor((i * hours.length) / exchanges)]!;
    made.bins[HISTOGRAM.hours.at + hour]!++;
    for (let slot = hour * 12; slot < hour * 12 + 12; slot++) made.slots[slot >> 5]! |= 1 << (slot & 31);
  }
  made.first = day * DAY_MS + hours[0]! * HOUR_MS;
  made.last = day * DAY_MS + hours.at(-1)! * HOUR_MS + HOUR_MS - 1;
}

const ALL_HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function fillValues(made: AccountDay, spec: AccountSpec, day: number, exchanges: number): void {
  for (const [kind, value] of Object.entries(spec.values ?? {}) as [ListedKind, string][])
    addValue(made, VALUES[kind], hash48(value), exchanges);
  const main = spec.modelOn?.(day - START_DAY);
  // Models are kept by 32 bits of their hash.
  if (main) addValue(made, VALUES.model, hash48(main.model) % 2 ** 32, Math.round(main.share * exchanges));
  if (spec.sketch) {
    const rank = hash48(`${spec.account} ${day}`);
    addSample(made, { rank, sketch: spec.sketch, system: 0, template: 0, contract: 0 });
  }
}

function factsOf({ facts, createdAt }: AccountSpec): AccountFacts {
  const at = START_DAY * DAY_MS;
  const entries = Object.entries(facts ?? {}).map(([path, value]) => [path, { value, at }] as const);
  if (createdAt !== undefined) entries.push(['createdAt', { value: new Date(createdAt).toISOString(), at }]);
  return Object.fromEntries(entries);
}

/** The segment of these accounts as a sweep at the start of `untilDay` (days from `START_DAY`) would load it. */
export function segmentOf(
  specs: readonly AccountSpec[],
  untilDay = Infinity,
): Segment & { profiles: AccountProfile[] } {
  const totals = new PopulationTotals();
  const profiles = specs.map((spec) => {
    const profile = new AccountProfile(spec.account);
    profile.facts = factsOf(spec);
    spec.daily.slice(0, untilDay).forEach((exchanges, i) => {
      if (exchanges === 0) return;
      const day = accountDay(spec, START_DAY + i, exchanges);
      totals.add(START_DAY + i, day);
      addDay(profile, START_DAY + i, day);
    });
    return profile;
  });
  return { profiles, population: totals.list() };
}

export function populationOf(specs: readonly AccountSpec[], claimed: readonly string[] = []): Population {
  return new Population([segmentOf(specs).profiles]).without(new Set(claimed));
}

/** A candidate of these accounts. */
export function candidate(population: Population, accounts: readonly string[], seed = 'candidate') {
  const members = Int32Array.from(accounts, (account) => population.indexOf.get(account)!).sort();
  return viewOf(population, members, seededRandom(seed));
}

/** `count` accounts at random, ascending. */
export function randomMembers(population: Population, count: number, random: Random): Int32Array {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(random.below(population.size));
  return Int32Array.from(chosen).sort();
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)]!;

/**
 * Customers who have nothing to do with each other: log-normal volume, sign-ups over 120 days, their own cards, exits
 * and prompts, and the common issuers, address shapes, client builds and default prompts that strangers share.
 */
export function ordinary(count: number, { seed = 'ordinary', days = 10 } = {}): AccountSpec[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => customer(`k_${seed}_${String(i).padStart(5, '0')}`, random, days));
}

function customer(account: string, random: Random, days: number): AccountSpec {
  const mean = Math.exp(2 + 1.2 * normal(random));
  const active = 0.5 + random.next() / 2;
  const eliciting = random.next() < 0.05 ? 0.5 : 0;
  const main = pick(random, TASKS);
  const daily = Array.from({ length: days }, () =>
    random.next() < active ? Math.max(1, Math.round(mean * Math.exp(0.4 * normal(random)))) : 0,
  );
  if (!daily.some((exchanges) => exchanges > 0)) daily[0] = 1;
  return {
    account,
    createdAt: Math.floor((START_DAY - 110 + random.next() * 110) * DAY_MS),
    daily,
    hours: [8, 9, 10, 11, 13, 14, 15, 16, 17, 18],
    facts: {
      plan: 'payg',
      'payment.instrument': `card ${account}`,
      'payment.issuer': `issuer ${random.below(8)}`,
      'payment.kind': pick(random, ['credit', 'debit', 'virtual', 'invoice']),
      'email.domain': `domain ${account}`,
      'email.pattern': `${'a'.repeat(3 + random.below(9))}${'9'.repeat(random.below(3))}`,
    },
    values: {
      ip: `ip ${account}`,
      subnet: `subnet ${account}`,
      asn: `asn ${random.below(40)}`,
      client: `client ${random.below(12)}`,
      system: random.next() < 0.3 ? `default ${random.below(4)}` : `own ${account}`,
      template: `template ${account}`,
    },
    tasks: { [main]: 0.7, conversation: 0.3 },
    flags: { cot_elicitation: eliciting },
    output: 200 + random.below(600),
  };
}

export interface PoolSpec {
  name?: string;
  size?: number;
  /** Days of the pool's life, from and to, in days from `START_DAY`. */
  from?: number;
  to?: number;
  /** Changes of every account, after the pool's own. */
  change?: (spec: AccountSpec, index: number) => Partial<AccountSpec>;
}

/**
 * A campaign by the book: bought in batches of ten minutes apart, cards shared by four, one prompt family, one client
 * build, one scheduler, and prompts that ask for written-out reasoning.
 */
export function pool({ name = 'pool', size = 40, from = 2, to = 10, change }: PoolSpec = {}): AccountSpec[] {
  return Array.from({ length: size }, (_, i) => {
    const spec = pooled(`m_${name}_${String(i).padStart(4, '0')}`, name, i, from, to);
    return { ...spec, ...change?.(spec, i) };
  });
}

function pooled(account: string, name: string, i: number, from: number, to: number): AccountSpec {
  return {
    account,
    createdAt: (START_DAY + from - 1) * DAY_MS + Math.floor(i / 10) * 3 * HOUR_MS + (i % 10) * 20_000,
    daily: Array.from({ length: to }, (_, day) => (day < from ? 0 : 25 + ((i + day) % 3))),
    facts: {
      plan: 'payg',
      'payment.instrument': `card ${name} ${Math.floor(i / 4)}`,
      'payment.issuer': 'issuer 3',
      'payment.kind': 'virtual',
      'email.domain': `domain ${account}`,
      'email.pattern': 'aaaaaa9999',
    },
    values: {
      ip: `ip ${account}`,
      subnet: `subnet ${account}`,
      client: `client ${name} ${i % 3}`,
      system: `system ${name}`,
      template: `template ${name} ${i % 2}`,
    },
    tasks: { software_engineering: 0.5, agentic_reasoning: 0.4 },
    flags: { cot_elicitation: 0.9 },
    output: 1900,
  };
}

export const names = (specs: readonly AccountSpec[]) => specs.map(({ account }) => account);

/** The sweep time at the start of a day, in days from `START_DAY`. */
export const dayMs = (day: number) => (START_DAY + day) * DAY_MS;
