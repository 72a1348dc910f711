/**
 * The population of one sweep as columns: built once, read by every seed, detector and membership score.
 *
 * A profile is read once, in the order of account names, and what detectors need of everybody is kept in typed columns
 * (about 0.7 KB an account). The profile itself is read again only for the few accounts that make a finding.
 */
import { COUNTER } from '../aggregates/account-day.ts';
import { AccountProfile } from '../aggregates/account-profile.ts';
import { type ProfileSource, profileAt, profileInto } from '../aggregates/segment.ts';
import type { ReleaseRecord } from '../records/schema.ts';
import { DAY_MS } from '../records/time.ts';
import { Activity } from './activity.ts';
import type { CodeTable } from './code-table.ts';
import { CustodyColumns } from './custody.ts';
import { FactColumns } from './facts.ts';
import { type LinkGroup, LinkReader } from './links.ts';
import { Names } from './names.ts';
import { type Pivot, pivotsOf } from './pivots.ts';
import { byTime } from './radix.ts';
import { type Strata, strataOf } from './strata-keys.ts';
import { Work } from './work.ts';

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

export interface PopulationOptions {
  releases?: readonly ReleaseRecord[];
}

export class Population {
  /** Ascending; only accounts with at least one exchange. An account's number is its place here. */
  readonly names: string[];
  readonly size: number;
  readonly indexOf: Names;
  /** First and last exchange, ms since 1970. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Sign-up, or else the first exchange where records go back far enough to tell; ms since 1970 or NaN. */
  readonly born: Float64Array;
  readonly exchanges: Float64Array;
  readonly activeDays: Uint16Array;
  /** Organisation, plan, programme, verified, gone. */
  readonly facts: FactColumns;
  /** Daily counts, and the hours of the last 14 days. */
  readonly activity: Activity;
  /** What was asked for and in which shape. */
  readonly work: Work;
  readonly links: LinkTable[];
  readonly custody: CustodyColumns;
  /** Per recent release: who was active on its first two days and who moved. */
  readonly pivots: readonly Pivot[];
  /** Accounts with a known birth, by birth. */
  readonly byBirth: Int32Array;
  /** Last day (since 1970) with an exchange of anybody. */
  readonly lastDay: number;
  /** Marks the accounts that are in no stratum. */
  private readonly excluded: Uint8Array;
  /** Who is compared with whom, from when it is first asked for. */
  private compared: { strata: Strata; strataAnyVolume: Strata } | undefined;

  constructor(sources: readonly ProfileSource[], { releases = [] }: PopulationOptions = {}) {
    this.indexOf = new Names(sources);
    this.names = this.indexOf.list;
    const n = this.names.length;
    this.size = n;
    this.first = new Float64Array(n);
    this.last = new Float64Array(n);
    this.exchanges = new Float64Array(n);
    this.activeDays = new Uint16Array(n);
    this.facts = new FactColumns(n);
    this.activity = new Activity(n);
    this.work = new Work(n);
    this.custody = new CustodyColumns(n);
    const links = new LinkReader(n);
    const recent = pivotsOf(releases, n);
    const scratch = new AccountProfile('');
    for (let i = 0; i < n; i++) {
      const { source, index } = this.indexOf.at(i);
      const profile = profileInto(source, index, scratch);
      this.readBasics(i, profile);
      this.facts.read(i, profile);
      this.activity.read(i, profile);
      this.work.read(i, profile);
      this.custody.read(i, profile);
      links.read(profile);
      for (const pivot of recent) pivot.read(i, profile);
    }
    this.activity.finish();
    this.work.finish();
    this.custody.finish();
    this.links = links.finish();
    this.pivots = recent;
    this.lastDay = this.activity.lastDay;
    this.born = birthsOf(this);
    this.excluded = Uint8Array.from(this.names, (_, i) => (this.facts.gone[i] ? 1 : 0));
    this.byBirth = byTime(Int32Array.from(this.born.keys()), this.born);
  }

  /** The same population, with these accounts as well in no stratum, as far as they are in it. */
  without(accounts: ReadonlySet<string>): Population {
    const excluded = this.excluded.slice();
    for (const account of accounts) {
      const index = this.indexOf.get(account);
      if (index !== undefined) excluded[index] = 1;
    }
    return Object.assign(Object.create(this) as Population, { excluded, compared: undefined });
  }

  /** Comparable accounts, volume included. */
  get strata(): Strata {
    return this.comparison().strata;
  }

  /** Comparable accounts of any volume. */
  get strataAnyVolume(): Strata {
    return this.comparison().strataAnyVolume;
  }

  private comparison() {
    this.compared ??= strataOf(this, this.excluded);
    return this.compared;
  }

  /** Reads the whole profile: for the accounts of a finding, not for everybody. Into `scratch`, where it need not last. */
  profile(account: number, scratch?: AccountProfile): AccountProfile {
    const { source, index } = this.indexOf.at(account);
    return scratch === undefined ? profileAt(source, index) : profileInto(source, index, scratch);
  }

  /** Mean exchanges per active day. */
  rate(account: number): number {
    return this.exchanges[account]! / this.activeDays[account]!;
  }

  private readBasics(i: number, { total, series }: AccountProfile): void {
    this.first[i] = total.first;
    this.last[i] = total.last;
    this.exchanges[i] = total.counters[COUNTER.exchanges]!;
    this.activeDays[i] = series.length;
  }
}

function birthsOf({ size, facts, first }: Population): Float64Array {
  let earliest = Infinity;
  for (const time of first) if (time < earliest) earliest = time;
  return Float64Array.from({ length: size }, (_, i) => {
    const created = facts.created[i]!;
    if (!Number.isNaN(created)) return created;
    return first[i]! > earliest + CENSORED_MS ? first[i]! : Number.NaN;
  });
}
