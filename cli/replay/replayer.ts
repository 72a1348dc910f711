/** The laptop's run of the pipeline: records in time order to account-days, sweeps on event time, transitions. */
import { coverage } from '../../core/aggregates/coverage.ts';
import { ROW_FIELDS } from '../../core/aggregates/exchange.ts';
import type { ExchangeRows } from '../../core/aggregates/exchange-rows.ts';
import { type IdArchive, Intake } from '../../core/aggregates/intake.ts';
import { Ledger } from '../../core/aggregates/ledger.ts';
import type { PopulationDay } from '../../core/aggregates/population.ts';
import { NO_MEMORY, type SweepMemory, type TrackedFinding } from '../../core/campaigns/tracked.ts';
import type { Known } from '../../core/cases/reach.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type { AccountRecord, ReleaseRecord, StillwatchRecord } from '../../core/records/schema.ts';
import { DAY_MS, isoTime, timeMs } from '../../core/records/time.ts';
import type { Settings } from '../../core/settings.ts';
import { beginSweep, type SweepData, type SweepSummary, sweep } from '../../core/sweep.ts';
import type { KeptSweep } from './sweep-journal.ts';
import type { EndSweep } from './sweep-threads.ts';

export interface ReplayerOptions {
  settings: Settings;
  sweepMs: number;
  /** The clock by which a record is from the future, ms since 1970. */
  now: number;
  archive: IdArchive;
  /** Sweeps made before, and where to keep those made now; the last one, at the end of the input, is always made. */
  journal?: { recall(at: number): KeptSweep | undefined; keep(at: number, result: KeptSweep): void };
  /**
   * Begins a sweep elsewhere, meanwhile more is added; they end in their order, each with the memory of the one before.
   * The last one, at the end of the input, is made here.
   */
  sweepAside?: ((data: SweepData) => EndSweep) | undefined;
  /** A sweep is due: when it is told, more may have been added. */
  onDue?: (at: number) => void;
  onSweep?: (summary: SweepSummary, transitions: readonly Transition[], tracked: readonly TrackedFinding[]) => void;
}

/** Accounts from which a sweep is worth a thread. */
export const WORTH_A_THREAD = 100;
/** Bytes of profiles that sweeps under way may hold where they are more than one. */
const MOST_HELD = 512 * 1024 * 1024;

export type Fact = AccountRecord | ReleaseRecord;

export class Replayer {
  readonly transitions: Transition[] = [];
  /** Open findings as the last sweep saw them, told or not. */
  current: Transition[] = [];
  private memory: SweepMemory = NO_MEMORY;
  /** Accounts and organisations of the last sweep. */
  known: () => Known = () => new Float64Array();
  sweeps = 0;
  private readonly options: ReplayerOptions;
  readonly intake: Intake;
  private readonly ledger = new Ledger();
  /** Account and release records that no sweep has seen yet. */
  private pending: { ms: number; record: Fact }[] = [];
  private nextSweep: number | undefined;
  /** Sweeps that are made aside and have not ended, in their order, each with the bytes of the profiles that it holds. */
  private readonly aside: { ended: Promise<void>; bytes: number }[] = [];

  constructor(options: ReplayerOptions) {
    this.options = options;
    const { sweepMs, now, archive, settings } = options;
    this.intake = new Intake({ sweepMs, now, archive, retentionDays: settings.retentionDays });
  }

  /**
   * Before the first sweep only the batch itself says what is too old to belong: a stray record of 1970 must not have
   * every day since then swept.
   */
  expect(exchanges: ExchangeRows, watermark: number): void {
    if (this.nextSweep !== undefined) return;
    const latest = this.intake.latest >= watermark ? watermark : this.latestOf(exchanges);
    this.intake.reach(Math.min(watermark, latest));
  }

  /** Returns why the record was refused, if it was. */
  add(record: StillwatchRecord): string | undefined {
    if (record.type === 'usage') return this.intake.add(record);
    this.addFact(record);
    return undefined;
  }

  /** Returns why the exchange at `index` was refused, if it was. */
  addExchange({ rows }: ExchangeRows, index: number): string | undefined {
    return this.intake.addRow(rows, index * ROW_FIELDS);
  }

  addFact(record: Fact): void {
    this.pending.push({ ms: timeMs(record.time), record });
  }

  /**
   * Runs the sweeps that are due: everything before `watermark` (ms since 1970) has been added. None runs past the
   * latest exchange, wherever other records or refused ones have carried the watermark.
   */
  advance(watermark: number): void {
    const { sweepMs } = this.options;
    const due = Math.min(watermark, this.intake.latest);
    this.nextSweep ??= this.firstSweep(due);
    while (this.nextSweep !== undefined && this.nextSweep <= due) {
      this.runSweep(this.nextSweep);
      this.nextSweep = this.ledger.accounts > 0 ? this.nextSweep + sweepMs : this.firstSweep(Infinity);
    }
    this.intake.foldBefore(due);
  }

  /** The end of the first interval with an exchange, if it is due. Years of which nothing is held are not swept. */
  private firstSweep(due: number): number | undefined {
    const end = this.intake.openFrom + this.options.sweepMs;
    return end <= due && Number.isFinite(end) ? end : undefined;
  }

  /** Until at most one sweep is under way, or those that are hold little. */
  async keepUp(): Promise<void> {
    const bytes = () => this.aside.reduce((sum, one) => sum + one.bytes, 0);
    while (this.aside.length > 1 && bytes() > MOST_HELD) await this.aside[0]!.ended;
  }

  /** As `finish`, where sweeps may be made aside: the last one begins beside those that have not ended. */
  async finishAside(): Promise<void> {
    const end = this.beginLast();
    await this.aside.at(-1)?.ended;
    end();
  }

  /** The sweeps up to the last exchange, and one at it. */
  finish(): void {
    const end = this.beginLast();
    if (this.aside.length > 0) throw new Error('a sweep is still under way');
    end();
  }

  get counts() {
    return { ...this.intake.counts, accounts: this.ledger.accountsSeen };
  }

  get span(): { from: number; to: number } {
    return { from: this.intake.earliest, to: this.intake.latest };
  }

  get tracked(): TrackedFinding[] {
    return this.memory.tracked;
  }

  get population(): PopulationDay[] {
    return this.ledger.population;
  }

  get releases(): ReleaseRecord[] {
    return this.ledger.releases;
  }

  get coverage(): number {
    const { from, to } = this.span;
    return Number.isFinite(to) ? coverage(this.population, from, to + 1) : 0;
  }

  private runSweep(at: number): void {
    this.closeBefore(at, at);
    const { sweepAside } = this.options;
    if (this.aside.length > 0 || (sweepAside !== undefined && this.ledger.accounts >= WORTH_A_THREAD))
      this.sweepLater(at);
    else this.take(this.resultAt(at));
  }

  /** All that stands before `before` is what a sweep at `at` looks at. */
  private closeBefore(before: number, at: number): void {
    for (const { ms, record } of this.pending) if (ms < before) this.recordFact(record);
    this.pending = this.pending.filter(({ ms }) => ms >= before);
    this.intake.close(before, (open) => this.ledger.merge(open));
    this.ledger.expire(Math.floor(at / DAY_MS) - this.options.settings.retentionDays);
    this.options.onDue?.(at);
  }

  /** The sweep at the last exchange, after all that are due before it: what needs their memory is made by the result. */
  private beginLast(): () => void {
    const { latest } = this.intake;
    if (!Number.isFinite(latest)) return () => {};
    this.advance(latest);
    this.closeBefore(Number.POSITIVE_INFINITY, latest + 1);
    const { releases } = this.ledger;
    const segment = this.ledger.segment();
    const end = beginSweep({ at: latest + 1, segments: [segment], releases, settings: this.options.settings });
    return () => {
      const result = end(this.memory);
      this.ledger.giveBack(segment.profiles);
      this.known = result.known;
      this.take(result);
    };
  }

  /** With what is known now, and the memory of the sweep before. */
  private sweepLater(at: number): void {
    const { settings, sweepAside, journal } = this.options;
    const { releases } = this.ledger;
    const { profiles, population } = this.ledger.segment();
    const segments = [{ profiles, population: structuredClone(population) }];
    const recalled = journal?.recall(at);
    const end = recalled === undefined ? sweepAside!({ at, segments, releases, settings }) : undefined;
    const before = this.aside.at(-1)?.ended ?? Promise.resolve();
    const ended = before.then(async () => {
      const result = recalled ?? (await end!(this.memory));
      if (recalled === undefined) journal?.keep(at, result);
      this.ledger.giveBack(profiles);
      this.take(result);
      this.aside.shift();
    });
    // Whoever waits for it is told.
    ended.catch(() => undefined);
    this.aside.push({ ended, bytes: profiles.bytes.length });
  }

  private take(result: KeptSweep): void {
    this.sweeps++;
    this.memory = result.memory;
    this.current = result.current;
    this.transitions.push(...result.transitions);
    this.options.onSweep?.(result.summary, result.transitions, result.memory.tracked);
  }

  private resultAt(at: number): KeptSweep {
    const { settings, journal } = this.options;
    const recalled = journal?.recall(at);
    if (recalled !== undefined) return recalled;
    const { releases } = this.ledger;
    const segment = this.ledger.segment();
    const result = sweep({ at, segments: [segment], releases, memory: this.memory, settings });
    this.ledger.giveBack(segment.profiles);
    journal?.keep(at, result);
    return result;
  }

  /** Time of the latest exchange that is not from the future. */
  private latestOf(exchanges: ExchangeRows): number {
    let { latest } = this.intake;
    for (let i = 0; i < exchanges.count; i++) {
      const ms = exchanges.timeOf(i);
      if (ms > latest && !this.intake.isEarly(ms)) latest = ms;
    }
    return latest;
  }

  private recordFact(record: Fact): void {
    if (record.type === 'account') this.ledger.recordAccount(record);
    else this.ledger.recordRelease(record);
  }
}

/** The span of a replay in words of the contract; undefined where nothing was folded. */
export function spanOf({ from, to }: { from: number; to: number }): { from: string; to: string } | undefined {
  return Number.isFinite(to) ? { from: isoTime(from), to: isoTime(to) } : undefined;
}
