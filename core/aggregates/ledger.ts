/** All account-days of the retention window in one process, with the profiles rolled up from them. Both are kept packed. */
import type { AccountRecord, ReleaseRecord } from '../records/schema.ts';
import { AccountDay, mergeInto } from './account-day.ts';
import { packAccountDay, reduceToTier, unpackAccountDay } from './account-day-codec.ts';
import { type AccountFacts, factsOf, mergeFacts, NO_FACTS } from './account-facts.ts';
import { AccountProfile, addDay } from './account-profile.ts';
import { packProfile, readProfileInto } from './account-profile-codec.ts';
import { ByteReader } from './bytes.ts';
import type { OpenDay } from './intake.ts';
import { ProfileShelf } from './profile-shelf.ts';
import { PopulationTotals, type Segment } from './segment.ts';

interface Entry {
  readonly account: string;
  facts: AccountFacts;
  /** Packed account-days. */
  readonly days: Map<number, Uint8Array>;
  /** Place of its profile on the shelf. */
  readonly place: number;
  /** Days that the profile lacks. */
  missing: number[];
  /** The profile holds a day that has grown or gone. */
  outdated: boolean;
  /** Whether it ever had an exchange. */
  seen: boolean;
}

export class Ledger {
  private readonly entries = new Map<string, Entry>();
  /** Those whose profile is behind. */
  private readonly changed = new Set<Entry>();
  private readonly shelf = new ProfileShelf();
  private readonly totals = new PopulationTotals();
  /** No account-day held is of an earlier day. */
  private firstDay = Number.POSITIVE_INFINITY;
  private readonly releasesByKey = new Map<string, ReleaseRecord>();
  private readonly scratch = { profile: new AccountProfile(''), day: new AccountDay() };

  /** Accounts that ever had an exchange, expired or not. */
  accountsSeen = 0;
  /** Accounts with a day in the window. */
  accounts = 0;

  recordAccount(record: AccountRecord): void {
    const entry = this.entry(record.account);
    entry.facts = mergeFacts(entry.facts, factsOf(record));
    this.changed.add(entry);
  }

  recordRelease(record: ReleaseRecord): void {
    this.releasesByKey.set(`${record.time} ${record.model}`, record);
  }

  get releases(): ReleaseRecord[] {
    return [...this.releasesByKey.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  /** Merges what was folded since the last sweep. */
  merge({ account, day, delta }: OpenDay): void {
    const entry = this.entry(account);
    const held = entry.days.get(day);
    if (!entry.seen) this.accountsSeen++;
    entry.seen = true;
    if (entry.days.size === 0) this.accounts++;
    this.firstDay = Math.min(this.firstDay, day);
    this.totals.add(day, delta, held === undefined);
    this.changed.add(entry);
    if (held === undefined) {
      entry.days.set(day, packAccountDay(reduceToTier(delta), day));
      entry.missing.push(day);
      return;
    }
    entry.days.set(day, packAccountDay(mergeInto(unpackAccountDay(held, day, this.scratch.day), delta), day));
    entry.outdated ||= !entry.missing.includes(day);
  }

  /** Forgets days before `sinceDay`. */
  expire(sinceDay: number): void {
    if (this.firstDay >= sinceDay) return;
    this.firstDay = sinceDay;
    this.totals.expire(sinceDay);
    for (const entry of this.entries.values()) {
      const old = [...entry.days.keys()].filter((day) => day < sinceDay);
      if (old.length === 0) continue;
      for (const day of old) entry.days.delete(day);
      if (entry.days.size === 0) this.accounts--;
      entry.outdated = true;
      this.changed.add(entry);
    }
  }

  segment(): Segment {
    for (const entry of this.changed) this.bringUpToDate(entry);
    this.changed.clear();
    return { profiles: this.shelf.all(), population: this.totals.list() };
  }

  private bringUpToDate(entry: Entry): void {
    const { profile, day: scratch } = this.scratch;
    const packed = this.shelf.get(entry.place);
    if (entry.outdated || packed === undefined) {
      profile.reset();
      profile.account = entry.account;
      entry.missing = [...entry.days.keys()];
    } else {
      readProfileInto(new ByteReader(packed), profile);
    }
    profile.facts = entry.facts;
    for (const day of entry.missing) addDay(profile, day, unpackAccountDay(entry.days.get(day)!, day, scratch));
    this.shelf.set(entry.place, packProfile(profile));
    entry.missing = [];
    entry.outdated = false;
  }

  private entry(account: string): Entry {
    let entry = this.entries.get(account);
    if (entry === undefined) {
      const place = this.entries.size;
      entry = { account, facts: NO_FACTS, days: new Map(), place, missing: [], outdated: false, seen: false };
      this.entries.set(account, entry);
    }
    return entry;
  }
}
