/** All account-days of the retention window in one process, with the profiles rolled up from them. */
import type { AccountRecord, ReleaseRecord } from '../records/schema.ts';
import { mergeInto } from './account-day.ts';
import { packAccountDay, reduceToTier, unpackAccountDay } from './account-day-codec.ts';
import { type AccountFacts, factsOf, mergeFacts, NO_FACTS } from './account-facts.ts';
import { AccountProfile, addDay, rollUp } from './account-profile.ts';
import type { OpenDay } from './intake.ts';
import { PopulationTotals, type Segment } from './segment.ts';

interface Entry {
  facts: AccountFacts;
  /** Packed account-days. */
  days: Map<number, Uint8Array>;
  profile: AccountProfile;
  /** Whether it ever had an exchange. */
  seen: boolean;
}

export class Ledger {
  private readonly entries = new Map<string, Entry>();
  private readonly totals = new PopulationTotals();
  /** No account-day held is of an earlier day. */
  private firstDay = Number.POSITIVE_INFINITY;
  private readonly releasesByKey = new Map<string, ReleaseRecord>();

  /** Accounts that ever had an exchange, expired or not. */
  accountsSeen = 0;

  /** Accounts with a day in the window. */
  get accounts(): number {
    let active = 0;
    for (const { days } of this.entries.values()) if (days.size > 0) active++;
    return active;
  }

  recordAccount(record: AccountRecord): void {
    const entry = this.entry(record.account);
    entry.facts = mergeFacts(entry.facts, factsOf(record));
    entry.profile.facts = entry.facts;
  }

  recordRelease(record: ReleaseRecord): void {
    this.releasesByKey.set(`${record.time} ${record.model}`, record);
  }

  get releases(): ReleaseRecord[] {
    return [...this.releasesByKey.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  /** Merges what was folded since the last sweep. A day that grows again has its profile refolded from its days. */
  merge({ account, day, delta }: OpenDay): void {
    const entry = this.entry(account);
    const held = entry.days.get(day);
    if (!entry.seen) this.accountsSeen++;
    entry.seen = true;
    this.firstDay = Math.min(this.firstDay, day);
    this.totals.add(day, delta, held === undefined);
    if (held === undefined) {
      reduceToTier(delta);
      entry.days.set(day, packAccountDay(delta, day));
      addDay(entry.profile, day, delta);
      return;
    }
    entry.days.set(day, packAccountDay(mergeInto(unpackAccountDay(held, day), delta), day));
    this.refold(account, entry);
  }

  /** Forgets days before `sinceDay`. */
  expire(sinceDay: number): void {
    if (this.firstDay >= sinceDay) return;
    this.firstDay = sinceDay;
    this.totals.expire(sinceDay);
    for (const [account, entry] of this.entries) {
      const old = [...entry.days.keys()].filter((day) => day < sinceDay);
      if (old.length === 0) continue;
      for (const day of old) entry.days.delete(day);
      this.refold(account, entry);
    }
  }

  segment(): Segment {
    return { profiles: Array.from(this.entries.values(), ({ profile }) => profile), population: this.totals.list() };
  }

  private refold(account: string, entry: Entry): void {
    const days = Array.from(entry.days, ([day, packed]) => ({ day, packed })).sort((a, b) => a.day - b.day);
    entry.profile = rollUp(account, entry.facts, days);
  }

  private entry(account: string): Entry {
    let entry = this.entries.get(account);
    if (entry === undefined) {
      entry = { facts: NO_FACTS, days: new Map(), profile: new AccountProfile(account), seen: false };
      this.entries.set(account, entry);
    }
    return entry;
  }
}
