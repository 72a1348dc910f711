/** The population of one sweep as columns: built once, read by every seed, detector and membership score. */
import { binsOf, COUNTER, exchangesOf } from '../aggregates/account-day.ts';
import { factText } from '../aggregates/account-facts.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { FLAGS, TASKS } from '../records/schema.ts';
import { DAY_MS, timeMs } from '../records/time.ts';
import { CodeTable } from './code-table.ts';
import { sketchFamilies } from './families.ts';
import { LINK_KINDS, type LinkGroup, SKETCH_KIND } from './kinds.ts';
import { buildStrata, type Strata } from './strata.ts';

/** Records begin somewhere: an account first seen this soon after may have been there before. */
const CENSORED_MS = 2 * DAY_MS;

export interface LinkTable {
  kind: string;
  group: LinkGroup;
  hubCap: number;
  joins: boolean;
  phrase: string;
  table: CodeTable;
}

export class Population {
  /** Sorted by account; only accounts with at least one exchange. */
  readonly profiles: AccountProfile[];
  readonly size: number;
  readonly indexOf: Map<string, number>;
  /** Accounts of one organisation share a number; an account without one has its own. */
  readonly org: Int32Array;
  readonly verified: Uint8Array;
  /** Banned or closed. */
  readonly gone: Uint8Array;
  /** Sign-up, or else the first exchange where records go back far enough to tell; ms since 1970 or NaN. */
  readonly born: Float64Array;
  readonly exchanges: Float64Array;
  readonly activeDays: Float64Array;
  /** Exchanges that ask for written-out reasoning, at most all. */
  readonly elicited: Float64Array;
  /** `TASKS.length` counts per account. */
  readonly tasks: Float64Array;
  /** Exchanges with a task. */
  readonly labelled: Float64Array;
  /** Share of each task in all labelled exchanges. */
  readonly taskMix: number[];
  readonly links: LinkTable[];
  /** Comparable accounts, volume included. */
  readonly strata: Strata;
  /** Comparable accounts of any volume. */
  readonly strataAnyVolume: Strata;
  /** Accounts with a known birth, by birth. */
  readonly byBirth: Int32Array;

  constructor(profiles: readonly AccountProfile[], claimed: ReadonlySet<string>) {
    this.profiles = profiles
      .filter((profile) => profile.series.length > 0)
      .sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
    const n = this.profiles.length;
    this.size = n;
    this.indexOf = new Map(this.profiles.map((profile, i) => [profile.account, i]));
    this.org = organisations(this.profiles);
    this.verified = Uint8Array.from(this.profiles, ({ facts }) => (facts.verified?.value === true ? 1 : 0));
    this.gone = Uint8Array.from(this.profiles, ({ facts }) => (isGone(factText(facts, 'status')) ? 1 : 0));
    this.born = births(this.profiles);
    this.exchanges = Float64Array.from(this.profiles, ({ total }) => exchangesOf(total));
    this.activeDays = Float64Array.from(this.profiles, ({ series }) => series.length);
    this.elicited = Float64Array.from(this.profiles, elicitedExchanges);
    this.tasks = new Float64Array(n * TASKS.length);
    this.profiles.forEach(({ total }, i) => {
      this.tasks.set(binsOf(total, 'tasks'), i * TASKS.length);
    });
    this.labelled = Float64Array.from({ length: n }, (_, i) => sumOf(this.taskRow(i)));
    this.taskMix = taskMix(this.tasks);
    this.links = linkTables(this.profiles);
    const excluded = Uint8Array.from(this.profiles, ({ account }, i) => (claimed.has(account) || this.gone[i] ? 1 : 0));
    const keys = strataKeys(this);
    this.strata = buildStrata(keys, excluded);
    this.strataAnyVolume = buildStrata(keys.slice(1), excluded);
    this.byBirth = Int32Array.from(
      Array.from({ length: n }, (_, i) => i).filter((i) => !Number.isNaN(this.born[i])),
    ).sort((a, b) => this.born[a]! - this.born[b]! || a - b);
  }

  taskRow(account: number): Float64Array {
    return this.tasks.subarray(account * TASKS.length, (account + 1) * TASKS.length);
  }

  /** Mean exchanges per active day. */
  rate(account: number): number {
    return this.exchanges[account]! / this.activeDays[account]!;
  }
}

function sumOf(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

function taskMix(tasks: Float64Array): number[] {
  const mix = new Array<number>(TASKS.length).fill(0);
  tasks.forEach((count, i) => {
    mix[i % TASKS.length]! += count;
  });
  const all = sumOf(tasks);
  return all === 0 ? mix : mix.map((count) => count / all);
}

function isGone(status: string | undefined): boolean {
  return status === 'banned' || status === 'closed';
}

function organisations(profiles: readonly AccountProfile[]): Int32Array {
  const ids = new Map<string, number>();
  return Int32Array.from(profiles, ({ facts, account }) => {
    const org = factText(facts, 'org');
    const key = org === undefined ? `account ${account}` : `org ${org}`;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  });
}

function births(profiles: readonly AccountProfile[]): Float64Array {
  let earliest = Infinity;
  for (const { total } of profiles) if (total.first < earliest) earliest = total.first;
  return Float64Array.from(profiles, ({ facts, total }) => {
    const created = factText(facts, 'createdAt');
    if (created !== undefined) return timeMs(created);
    return total.first > earliest + CENSORED_MS ? total.first : Number.NaN;
  });
}

const ELICITING = ['cot_elicitation', 'reasoning_translation', 'format_forced', 'refusal_probe'] as const;

function elicitedExchanges({ total }: AccountProfile): number {
  const byFlag = ELICITING.map((flag) => total.counters[COUNTER.flags + FLAGS.indexOf(flag)]!);
  return Math.max(...byFlag, binsOf(total, 'tasks')[TASKS.indexOf('reasoning_trace')]!);
}

function linkTables(profiles: readonly AccountProfile[]): LinkTable[] {
  const tables: LinkTable[] = LINK_KINDS.map(({ read, ...link }) => {
    return { ...link, table: new CodeTable(profiles.map(read)) };
  });
  tables.push({ ...SKETCH_KIND, table: new CodeTable(sketchFamilies(profiles)) });
  return tables;
}

function strataKeys(population: Population): string[][] {
  const plan = population.profiles.map(({ facts }) => factText(facts, 'plan') ?? '');
  const programme = population.profiles.map(({ facts }, i) => `${plan[i]} ${factText(facts, 'programme') ?? ''}`);
  const month = programme.map((key, i) => `${key} ${monthOf(population.born[i]!)}`);
  const decile = volumeDeciles(population);
  const volume = month.map((key, i) => `${key} ${decile[i]}`);
  return [volume, month, programme, plan, plan.map(() => '')];
}

/** Months since 1970, by 30.4375 days. */
function monthOf(ms: number): number {
  return Number.isNaN(ms) ? -1 : Math.floor(ms / (30.4375 * DAY_MS));
}

function volumeDeciles(population: Population): number[] {
  const rates = Array.from({ length: population.size }, (_, i) => population.rate(i));
  const sorted = Float64Array.from(rates).sort();
  const cuts = Array.from({ length: 9 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / 10)] ?? 0);
  return rates.map((rate) => cuts.filter((cut) => rate >= cut).length);
}
