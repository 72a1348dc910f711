/**
 * The way of a usage record into its account-day when one process reads all of them: judged by time, counted once,
 * folded into the open account-day of its sweep.
 *
 * Memory is bounded by what is open: the account-days since the last sweep, and the ids of the latest days. Ids of
 * older days are handed to an archive and come back when a late record needs them.
 */
import type { UsageRecord } from '../records/schema.ts';
import { DAY_MS, timeMs } from '../records/time.ts';
import { AccountDay } from './account-day.ts';
import { foldUsage } from './fold.ts';
import { hashPairWide, lanes, lanes48 } from './hash.ts';
import { IdTable } from './id-table.ts';

/** Keeps the ids of days that are over. Pairs of 32-bit words. */
export interface IdArchive {
  save(day: number, ids: Uint32Array): void;
  load(day: number): Uint32Array | undefined;
}

export interface IntakeOptions {
  sweepMs: number;
  retentionDays: number;
  /** Records later than this (ms since 1970) plus ten minutes are refused. */
  now: number;
  archive: IdArchive;
}

export interface OpenDay {
  account: string;
  day: number;
  delta: AccountDay;
}

const EARLY_MS = 600_000;
/** Days whose ids stay in memory. */
const DAYS_IN_MEMORY = 3;

interface Bucket {
  slot: number;
  day: number;
  accounts: Map<string, AccountDay>;
}

export class Intake {
  readonly counts = { usage: 0, duplicates: 0, late: 0 };
  /** Latest exchange folded, ms since 1970. */
  latest = Number.NEGATIVE_INFINITY;
  earliest = Number.POSITIVE_INFINITY;
  private readonly options: IntakeOptions;
  private buckets: Bucket[] = [];
  private current: Bucket | undefined;
  private readonly ids = new Map<number, IdTable>();
  private sweptTo = Number.NEGATIVE_INFINITY;
  /** Exchanges before this (ms) are outside the retention window. */
  private oldest = Number.NEGATIVE_INFINITY;

  constructor(options: IntakeOptions) {
    this.options = options;
  }

  /** Folds the record once. Returns why it was refused, if it was. */
  add(record: UsageRecord): string | undefined {
    const ms = timeMs(record.time);
    if (this.isEarly(ms)) return 'more than 10 minutes in the future';
    if (ms < this.oldest) return `older than ${this.options.retentionDays} days`;
    const day = Math.floor(ms / DAY_MS);
    hashPairWide(record.account, record.id);
    const rank = lanes48();
    if (!this.idsOf(day).add(lanes.low, lanes.high)) {
      this.counts.duplicates++;
      return undefined;
    }
    this.counts.usage++;
    if (ms < this.sweptTo) this.counts.late++;
    if (ms > this.latest) this.latest = ms;
    if (ms < this.earliest) this.earliest = ms;
    const accounts = this.bucketOf(ms, day).accounts;
    let open = accounts.get(record.account);
    if (open === undefined) {
      open = new AccountDay();
      accounts.set(record.account, open);
    }
    foldUsage(open, record, ms, rank);
    return undefined;
  }

  isEarly(ms: number): boolean {
    return ms > this.options.now + EARLY_MS;
  }

  /** The input has come to `ms`: what is older than that by the retention window is refused. */
  reach(ms: number): void {
    this.oldest = Math.max(this.oldest, ms - this.options.retentionDays * DAY_MS);
  }

  /** Start of the earliest sweep interval, ms, whose sweep the open exchanges wait for; Infinity where none is open. */
  get openFrom(): number {
    const { sweepMs } = this.options;
    const first = this.buckets.reduce((least, { slot }) => Math.min(least, slot * sweepMs), Number.POSITIVE_INFINITY);
    return Math.max(first, this.sweptTo);
  }

  /** Takes out everything before `at` (ms, a multiple of the sweep interval, or Infinity). */
  close(at: number): OpenDay[] {
    const closed = this.buckets.filter(({ slot }) => (slot + 1) * this.options.sweepMs <= at);
    this.buckets = this.buckets.filter((bucket) => !closed.includes(bucket));
    this.current = undefined;
    if (Number.isFinite(at)) {
      this.sweptTo = Math.max(this.sweptTo, at);
      this.reach(at);
      this.archiveBefore(Math.floor(at / DAY_MS) - DAYS_IN_MEMORY);
    }
    return closed.flatMap(({ day, accounts }) => Array.from(accounts, ([account, delta]) => ({ account, day, delta })));
  }

  private bucketOf(ms: number, day: number): Bucket {
    const slot = Math.floor(ms / this.options.sweepMs);
    if (this.current?.slot === slot && this.current.day === day) return this.current;
    let bucket = this.buckets.find((other) => other.slot === slot && other.day === day);
    if (bucket === undefined) {
      bucket = { slot, day, accounts: new Map() };
      this.buckets.push(bucket);
    }
    this.current = bucket;
    return bucket;
  }

  private idsOf(day: number): IdTable {
    let table = this.ids.get(day);
    if (table === undefined) {
      const archived = this.options.archive.load(day);
      table = archived ? IdTable.of(archived) : new IdTable();
      this.ids.set(day, table);
    }
    return table;
  }

  private archiveBefore(day: number): void {
    for (const [held, table] of this.ids) {
      if (held >= day) continue;
      this.options.archive.save(held, table.entries());
      this.ids.delete(held);
    }
  }
}
