/** All account-days of the retention window in one process, with the profiles rolled up from them. Both are kept packed. */
import type { AccountRecord, ReleaseRecord } from '../records/schema.ts';
import { AccountCodes } from './account-codes.ts';
import { AccountDay, mergeInto } from './account-day.ts';
import { unpackAccountDay, viewOfPacked } from './account-day-codec.ts';
import { type AccountFacts, factsOf, mergeFacts, NO_FACTS } from './account-facts.ts';
import { AccountProfile, addDay } from './account-profile.ts';
import { readProfileInto, viewOfPackedProfile } from './account-profile-codec.ts';
import { ByteReader } from './bytes.ts';
import { DayShelf } from './day-shelf.ts';
import type { OpenDay } from './intake.ts';
import type { PopulationDay } from './population.ts';
import { ProfileShelf } from './profile-shelf.ts';
import { type PackedProfiles, PopulationTotals, type Segment } from './segment.ts';

/** What the profile of an account lacks. */
interface Change {
  /** Days that it does not hold yet. */
  missing: number[];
  /** It holds a day that has grown or gone. */
  outdated: boolean;
  facts: AccountFacts;
}

export class Ledger {
  /** Places of the accounts, in the order in which they were first told of. */
  private readonly places = new AccountCodes();
  private readonly days = new DayShelf();
  private readonly profiles = new ProfileShelf();
  private readonly changes = new Map<number, Change>();
  private readonly totals = new PopulationTotals();
  /** By place: days held of the account. */
  private daysHeld = new Uint16Array(1024);
  /** By place: 1 where it ever had an exchange. */
  private seen = new Uint8Array(1024);
  /** No account-day held is of an earlier day. */
  private firstDay = Number.POSITIVE_INFINITY;
  private readonly releasesByKey = new Map<string, ReleaseRecord>();
  private readonly scratch = { profile: new AccountProfile(''), day: new AccountDay() };

  /** Accounts that ever had an exchange, expired or not. */
  accountsSeen = 0;
  /** Accounts with a day in the window. */
  accounts = 0;

  recordAccount(record: AccountRecord): void {
    const change = this.changeOf(this.placeOf(record.account));
    change.facts = mergeFacts(change.facts, factsOf(record));
  }

  recordRelease(record: ReleaseRecord): void {
    this.releasesByKey.set(`${record.time} ${record.model}`, record);
  }

  get releases(): ReleaseRecord[] {
    return [...this.releasesByKey.values()].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  /** Merges what was folded since the last sweep. */
  merge({ account, day, delta }: OpenDay): void {
    const place = this.placeOf(account);
    const held = this.days.get(day, place);
    const change = this.changeOf(place);
    this.firstDay = Math.min(this.firstDay, day);
    this.totals.add(day, delta, held === undefined);
    if (held === undefined) {
      this.count(place);
      this.days.set(day, place, viewOfPacked(delta, day));
      change.missing.push(day);
      return;
    }
    const merged = mergeInto(unpackAccountDay(held, day, this.scratch.day), delta);
    this.days.set(day, place, viewOfPacked(merged, day));
    change.outdated ||= !change.missing.includes(day);
  }

  /** Forgets days before `sinceDay`. */
  expire(sinceDay: number): void {
    if (this.firstDay >= sinceDay) return;
    this.firstDay = sinceDay;
    this.totals.expire(sinceDay);
    for (const place of this.days.expire(sinceDay)) {
      this.daysHeld[place]!--;
      if (this.daysHeld[place] === 0) this.accounts--;
      this.changeOf(place).outdated = true;
    }
  }

  segment(): Segment & { profiles: PackedProfiles<Uint8Array> } {
    for (const [place, change] of this.changes) this.bringUpToDate(place, change);
    this.changes.clear();
    return { profiles: this.profiles.all(), population: this.population };
  }

  /** Ascending by day. */
  get population(): PopulationDay[] {
    return this.totals.list();
  }

  /** Takes back the profiles of a segment that is not read any more. */
  giveBack(profiles: PackedProfiles<Uint8Array>): void {
    this.profiles.giveBack(profiles);
  }

  private bringUpToDate(place: number, { missing, outdated, facts }: Change): void {
    const { profile, day: scratch } = this.scratch;
    const packed = this.profiles.get(place);
    if (packed === undefined) profile.reset();
    else readProfileInto(new ByteReader(packed), profile);
    const known = facts === NO_FACTS ? profile.facts : mergeFacts(profile.facts, facts);
    if (outdated) profile.reset();
    profile.account = this.places.names[place]!;
    profile.facts = known;
    for (const day of outdated ? this.days.daysOf(place) : missing)
      addDay(profile, day, unpackAccountDay(this.days.get(day, place)!, day, scratch));
    this.profiles.set(place, viewOfPackedProfile(profile));
  }

  private placeOf(account: string): number {
    const place = this.places.of(account);
    if (place >= this.seen.length) {
      const { daysHeld, seen } = this;
      this.daysHeld = new Uint16Array(2 * seen.length);
      this.daysHeld.set(daysHeld);
      this.seen = new Uint8Array(2 * seen.length);
      this.seen.set(seen);
    }
    return place;
  }

  private changeOf(place: number): Change {
    let change = this.changes.get(place);
    if (change === undefined) {
      change = { missing: [], outdated: false, facts: NO_FACTS };
      this.changes.set(place, change);
    }
    return change;
  }

  /** One day more of the account. */
  private count(place: number): void {
    if (this.seen[place] === 0) this.accountsSeen++;
    this.seen[place] = 1;
    if (this.daysHeld[place] === 0) this.accounts++;
    this.daysHeld[place]!++;
  }
}
