/**
 * A platform of any size as packed profiles, without records: what a sweep reads, in seconds instead of hours.
 *
 * Prompts, clients, subnets, issuers and domains follow Zipf laws, volume is log-normal, accounts are active on some of
 * 14 days, one in forty belongs to one campaign. The figures of detection come from `npm run evaluate`, not from here.
 */
import { AccountDay, addSample, addValue, COUNTER, HISTOGRAM, VALUES } from '../../core/aggregates/account-day.ts';
import { packAccountDay } from '../../core/aggregates/account-day-codec.ts';
import type { AccountFacts } from '../../core/aggregates/account-facts.ts';
import { AccountProfile, addDay } from '../../core/aggregates/account-profile.ts';
import type { DayRow } from '../../core/aggregates/day-file.ts';
import { hash48, hashNumbers } from '../../core/aggregates/hash.ts';
import { PopulationTotals } from '../../core/aggregates/segment.ts';
import { writeSegmentFile } from '../../core/aggregates/segment-file.ts';
import { type Random, seededRandom } from '../../core/population/random.ts';
import { TASKS } from '../../core/records/format.ts';
import { DAY_MS } from '../../core/records/time.ts';

export const DAYS = 14;
export const START_DAY = 20_563;
const CAMPAIGN_SHARE = 0.025;
const SEGMENT_ACCOUNTS = 50_000;

type Listed = 'ip' | 'subnet' | 'asn' | 'client' | 'system' | 'template' | 'contract' | 'model';

interface Habits {
  facts: AccountFacts;
  rate: number;
  activity: number;
  from: number;
  values: Partial<Record<Listed, number>>;
  sketch: Uint8Array;
  elicits: number;
  tasks: number[];
  zone: number;
}

/** Segments that a platform of so many accounts has. */
export function segmentsOf(accounts: number): number {
  return Math.ceil(accounts / SEGMENT_ACCOUNTS);
}

/** One segment of the platform, as loading would have left it. Each is by itself: they can be made side by side. */
export function segmentFileOf(accounts: number, seed: string, segment: number): Uint8Array {
  const random = seededRandom(`${seed} ${segment}`);
  const totals = new PopulationTotals();
  const from = segment * SEGMENT_ACCOUNTS;
  const count = Math.min(SEGMENT_ACCOUNTS, accounts - from);
  const profiles = Array.from({ length: count }, (_, i) => profileOf(from + i, accounts, random, totals));
  profiles.sort((a, b) => (a.account < b.account ? -1 : 1));
  return writeSegmentFile({ profiles, population: totals.list() });
}

function profileOf(index: number, accounts: number, random: Random, totals: PopulationTotals): AccountProfile {
  const bought = index < CAMPAIGN_SHARE * accounts;
  const name = `k_${hashNumbers(index, 7).toString(36)}_${index.toString(36)}`;
  const habits = bought ? hired(index, accounts, random) : customer(index, accounts, random);
  const profile = new AccountProfile(name);
  profile.facts = habits.facts;
  for (let day = habits.from; day < DAYS; day++) {
    if (random.next() > habits.activity && !(day === DAYS - 1 && profile.series.length === 0)) continue;
    const made = dayOf(name, day, habits, random);
    totals.add(START_DAY + day, made);
    addDay(profile, START_DAY + day, made);
  }
  return profile;
}

/** Packed account-days of so many accounts, day by day: of all accounts that are customers, those active on the day. */
export function* daysOf(accounts: number, days: number, seed: string): Generator<{ day: number; rows: DayRow[] }> {
  const random = seededRandom(seed);
  const all = Array.from({ length: accounts }, (_, i) => ({
    account: `k_${i.toString(36)}`,
    habits: customer(i, accounts, random),
  }));
  for (let day = 0; day < days; day++) {
    const rows: DayRow[] = [];
    for (const { account, habits } of all) {
      if (random.next() > habits.activity) continue;
      rows.push({ account, packed: packAccountDay(dayOf(account, day, habits, random), START_DAY + day) });
    }
    yield { day: START_DAY + day, rows };
  }
}

/** Rank under a Zipf law of exponent 1 over `most` values. */
const zipf = (random: Random, most: number) => Math.floor(most ** random.next());

function customer(index: number, accounts: number, random: Random): Habits {
  const family = zipf(random, accounts / 20);
  const subnet = zipf(random, accounts / 3);
  return {
    facts: facts(START_DAY * DAY_MS - random.next() ** 2 * 300 * DAY_MS, {
      plan: ['free', 'payg', 'payg', 'team'][random.below(4)]!,
      'payment.instrument': `card ${index}`,
      'payment.issuer': `issuer ${zipf(random, 200)}`,
      'payment.kind': ['credit', 'debit', 'virtual', 'invoice'][random.below(4)]!,
      'email.domain': `domain ${zipf(random, accounts / 2)}`,
      'email.pattern': `${'a'.repeat(3 + random.below(9))}${'9'.repeat(random.below(4))}`,
      ...(random.next() < 0.35 ? { org: `org ${zipf(random, accounts / 5)}` } : {}),
    }),
    rate: Math.exp(1.5 + 1.3 * normal(random)),
    activity: 0.2 + 0.7 * random.next(),
    from: random.below(10) < 8 ? 0 : random.below(DAYS),
    values: {
      ip: subnet * 64 + random.below(40),
      subnet,
      asn: zipf(random, 3000),
      client: zipf(random, 2000),
      system: family,
      template: 2 ** 30 + family * 4 + random.below(4),
      contract: random.next() < 0.3 ? zipf(random, 5000) : 0,
    },
    sketch: sketchOf(family, random),
    elicits: random.next() < 0.04 ? 0.4 : 0,
    tasks: [random.below(TASKS.length), random.below(TASKS.length)],
    zone: [0, 8, 16][random.below(3)]!,
  };
}

function hired(index: number, accounts: number, random: Random): Habits {
  const ordinary = customer(index, accounts, random);
  return {
    ...ordinary,
    facts: facts((START_DAY - 3 - (index % 5)) * DAY_MS + Math.floor(index / 20) * 37_000 + (index % 20) * 30_000, {
      plan: 'payg',
      'payment.instrument': `bought ${Math.floor(index / 4)}`,
      'payment.issuer': `issuer ${3 + (index % 3)}`,
      'payment.kind': 'virtual',
      'email.domain': `domain ${zipf(random, accounts / 2)}`,
      'email.pattern': 'aaaaaa9999',
    }),
    rate: 25.6,
    activity: 1,
    from: 4,
    values: { ...ordinary.values, system: 2 ** 40 + (index % 3), template: 2 ** 41 + (index % 9), client: 7 },
    sketch: sketchOf(2 ** 40 + (index % 3), random),
    elicits: 0.8,
    tasks: [0, 1],
  };
}

function facts(created: number, values: Record<string, string>): AccountFacts {
  const at = START_DAY * DAY_MS;
  const entries = { ...values, createdAt: new Date(Math.floor(created)).toISOString() };
  return Object.fromEntries(Object.entries(entries).map(([path, value]) => [path, { value, at }]));
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** One sketch per family, each slot changed with probability 0.15. */
function sketchOf(family: number, random: Random): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, slot) =>
    random.next() < 0.15 ? random.below(256) : hashNumbers(family, slot) % 256,
  );
}

function dayOf(name: string, day: number, habits: Habits, random: Random): AccountDay {
  const made = new AccountDay();
  const exchanges = Math.max(1, Math.round(habits.rate * Math.exp(0.4 * normal(random))));
  made.counters[COUNTER.exchanges] = exchanges;
  made.counters[COUNTER.outputTokens] = exchanges * 500;
  made.counters[COUNTER.flags] = Math.round(habits.elicits * exchanges);
  made.counters[COUNTER.latency] = exchanges * 6000;
  for (let i = 0; i < Math.min(exchanges, 60); i++) {
    const hour = (habits.zone + 8 + Math.floor(10 * random.next())) % 24;
    made.bins[HISTOGRAM.hours.at + hour]!++;
    const slot = hour * 12 + random.below(12);
    made.slots[slot >> 5]! |= 1 << (slot & 31);
    made.bins[HISTOGRAM.topics.at + random.below(64)]!++;
    made.bins[HISTOGRAM.grid.at + random.below(64)]!++;
    made.bins[HISTOGRAM.tasks.at + habits.tasks[i % 2]!]!++;
  }
  made.bins[HISTOGRAM.params.at + random.below(32)] = exchanges;
  made.first = (START_DAY + day) * DAY_MS + random.below(DAY_MS / 2);
  made.last = made.first + random.below(DAY_MS / 2);
  for (const [kind, value] of Object.entries(habits.values))
    if (value !== 0) addValue(made, VALUES[kind as Listed], value + 1, exchanges);
  addValue(made, VALUES.model, 1 + (hash48(name) % 5), exchanges);
  for (let i = 0; i < Math.min(4, exchanges); i++)
    addSample(
      made,
      { rank: hash48(`${name} ${day} ${i}`), sketch: habits.sketch, system: 0, template: 0, contract: 0 },
      4,
    );
  return made;
}
