/**
 * The way of a usage record into its account-day when one process reads all of them: judged by time, counted once,
 * folded into the open account-day of its sweep.
 *
 * Memory is bounded by what is open: the account-days since the last sweep, packed, a given amount of exchanges that wait
 * to be folded, and the ids of the latest days. Ids of older days are handed to an archive and come back when a late
 * record needs them.
 */
import type { UsageRecord } from '../records/schema.ts';
import { DAY_MS } from '../records/time.ts';
import { AccountCodes } from './account-codes.ts';
import type { AccountDay } from './account-day.ts';
import { ROW, ROW_FIELDS } from './exchange.ts';
import { writeRow } from './exchange-rows.ts';
import { IdTable } from './id-table.ts';
import { OpenDays } from './open-days.ts';
import { BLOCK_BYTES, Blocks } from './short-rows.ts';

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
  /** Bytes of exchanges that may wait to be folded; 256 MiB where absent. */
  mostWaiting?: number;
}

export interface OpenDay {
  account: string;
  day: number;
  delta: AccountDay;
}

const EARLY_MS = 600_000;
/** Days whose ids stay in memory. */
const DAYS_IN_MEMORY = 3;
/** Bytes of exchanges that wait to be folded, at most. */
const MOST_WAITING = 256 * 1024 * 1024;

interface Bucket {
  slot: number;
  open: OpenDays;
}

const scratch = new Float64Array(ROW_FIELDS);

export class Intake {
  readonly counts = { usage: 0, duplicates: 0, late: 0 };
  /** Numbers of the accounts in the rows that it takes. */
  readonly accounts = new AccountCodes();
  /** Latest exchange folded, ms since 1970. */
  latest = Number.NEGATIVE_INFINITY;
  earliest = Number.POSITIVE_INFINITY;
  private readonly options: IntakeOptions;
  private buckets: Bucket[] = [];
  private current: Bucket | undefined;
  private readonly ids = new Map<number, IdTable>();
  private readonly latestIds: { day: number; table: IdTable } = { day: Number.NaN, table: new IdTable() };
  private sweptTo = Number.NEGATIVE_INFINITY;
  /** Exchanges before this (ms) are outside the retention window. */
  private oldest = Number.NEGATIVE_INFINITY;
  private readonly blocks = new Blocks();
  private foldedTo = Number.NEGATIVE_INFINITY;

  constructor(options: IntakeOptions) {
    this.options = options;
  }

  /** Folds the record once. Returns why it was refused, if it was. */
  add(record: UsageRecord): string | undefined {
    this.write(record, scratch, 0);
    return this.addRow(scratch, 0);
  }

  /** The record as the row at `at`. */
  write(record: UsageRecord, rows: Float64Array, at: number): void {
    writeRow(record, this.accounts, rows, at);
  }

  /** As `add`, of the row at `at`. */
  addRow(rows: Float64Array, at: number): string | undefined {
    const ms = rows[at + ROW.time]!;
    if (this.isEarly(ms)) return 'more than 10 minutes in the future';
    if (ms < this.oldest) return `older than ${this.options.retentionDays} days`;
    const day = Math.floor(ms / DAY_MS);
    const idLow = rows[at + ROW.idLow]!;
    const idHigh = rows[at + ROW.idHigh]!;
    if (!this.idsOf(day).add(idLow, idHigh)) {
      this.counts.duplicates++;
      return undefined;
    }
    this.counts.usage++;
    if (ms < this.sweptTo) this.counts.late++;
    if (ms > this.latest) this.latest = ms;
    if (ms < this.earliest) this.earliest = ms;
    this.bucketOf(ms, day).open.add(rows, at);
    if (this.blocks.taken * BLOCK_BYTES > (this.options.mostWaiting ?? MOST_WAITING)) this.foldWaiting();
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

  /**
   * Takes out everything before `at` (ms, a multiple of the sweep interval, or Infinity): each account-day is good until
   * `take` returns.
   */
  close(at: number, take: (open: OpenDay) => void): void {
    const closed = this.buckets.filter(({ slot }) => (slot + 1) * this.options.sweepMs <= at);
    this.buckets = this.buckets.filter((bucket) => !closed.includes(bucket));
    this.current = undefined;
    if (Number.isFinite(at)) {
      this.sweptTo = Math.max(this.sweptTo, at);
      this.reach(at);
      this.archiveBefore(Math.floor(at / DAY_MS) - DAYS_IN_MEMORY);
    }
    const { names } = this.accounts;
    for (const { open } of closed) open.close((code, delta) => take({ account: names[code]!, day: open.day, delta }));
  }

  /** Up to `ms` the input is read: of days that are over, nothing waits for a sweep. */
  foldBefore(ms: number): void {
    const day = Math.floor(ms / DAY_MS);
    if (day <= this.foldedTo) return;
    this.foldedTo = day;
    for (const { open } of this.buckets) if (open.day < day) open.fold();
  }

  private foldWaiting(): void {
    for (const { open } of this.buckets) open.fold();
  }

  private bucketOf(ms: number, day: number): Bucket {
    const slot = Math.floor(ms / this.options.sweepMs);
    if (this.current?.slot === slot && this.current.open.day === day) return this.current;
    let bucket = this.buckets.find((other) => other.slot === slot && other.open.day === day);
    if (bucket === undefined) {
      bucket = { slot, open: new OpenDays(day, this.blocks) };
      this.buckets.push(bucket);
    }
    this.current = bucket;
    return bucket;
  }

  private idsOf(day: number): IdTable {
    if (this.latestIds.day === day) return this.latestIds.table;
    let table = this.ids.get(day);
    if (table === undefined) {
      const archived = this.options.archive.load(day);
      table = archived ? IdTable.of(archived) : new IdTable();
      this.ids.set(day, table);
    }
    this.latestIds.day = day;
    this.latestIds.table = table;
    return table;
  }

  private archiveBefore(day: number): void {
    for (const [held, table] of this.ids) {
      if (held >= day) continue;
      this.options.archive.save(held, table.entries());
      this.ids.delete(held);
      if (held === this.latestIds.day) this.latestIds.day = Number.NaN;
    }
  }
}
