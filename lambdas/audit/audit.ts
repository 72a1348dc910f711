/** Counts a sample of account-days again from the archive, and says how many differ from what is stored: must be none. */

import { SEQUENCE, SHARD } from '../../core/archive/columns.ts';
import { dayFolder } from '../../core/archive/layout.ts';
import { openParquet } from '../../core/archive/parquet.ts';
import { recordOf } from '../../core/archive/rows.ts';
import { type Drift, driftOf } from '../../core/audit/recount.ts';
import { AuditSample, type PlacedUsage } from '../../core/audit/sample.ts';
import type { AggregateStore } from '../../core/ports.ts';
import { parseRecord } from '../../core/records/parse.ts';
import { DAY_MS, isoDay, timeMs } from '../../core/records/time.ts';
import type { AuditCounts, AuditLog } from '../adapters/dynamo-audit-log.ts';
import type { ListedObjects } from '../adapters/s3.ts';
import { settleAll } from '../concurrency.ts';
import type { Telemetry } from '../telemetry.ts';

export interface AuditTask {
  /** RFC 3339; another time draws other accounts. */
  scheduledTime: string;
  /** Another day than the one before yesterday, `YYYY-MM-DD`: by hand. */
  day?: string;
}

/** What it found, without an account. */
export interface Audited extends AuditCounts {
  day: string;
  /** Names of figures that differ, at most ten. */
  figures: string[];
}

export class AuditTaskError extends Error {
  override name = 'AuditTaskError';
}

export interface AuditHost {
  archive: Pick<ListedObjects, 'get' | 'keys'>;
  stored: Pick<AggregateStore, 'accountDay'>;
  log: Pick<AuditLog, 'add'>;
  told: Telemetry;
  /** Account-days of a run. */
  sampleSize: number;
}

/** Days back: records come late, and what is on its way is no drift. */
const DAYS_BACK = 2;
const READS = 32;
/** Names of figures that a line of the log has. */
const NAMED = 10;

export async function handle(task: AuditTask, host: AuditHost): Promise<Audited> {
  const { scheduledTime } = task;
  const day = dayOf(task);
  let drifts = await audit(day, scheduledTime, host);
  // A late record may lie between the archive and the count: what is drift is still there a moment later.
  if (drifts.some(({ length }) => length > 0)) drifts = await audit(day, scheduledTime, host);
  const outcome = { audited: drifts.length, drifted: drifts.filter(({ length }) => length > 0).length };
  const names = drifts.flat().map(({ figure }) => figure.replace(/\.\d+$/, ''));
  const figures = [...new Set(names)].slice(0, NAMED);
  await tell(day, outcome, figures, host);
  return { day: isoDay(day), ...outcome, figures };
}

function dayOf({ scheduledTime, day }: AuditTask): number {
  if (day === undefined) return Math.floor(timeMs(scheduledTime) / DAY_MS) - DAYS_BACK;
  const ms = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  if (Number.isNaN(ms)) throw new AuditTaskError('day must be a date as 2026-06-20');
  return ms / DAY_MS;
}

async function tell(day: number, outcome: AuditCounts, figures: string[], { told, log }: AuditHost): Promise<void> {
  told.count('AccountDaysAudited', outcome.audited);
  told.count('AccountDaysDrifted', outcome.drifted);
  const fields = { day: isoDay(day), ...outcome, figures: figures.join(', ') };
  if (outcome.drifted > 0) told.error('stored counts differ from the archive', undefined, fields);
  else told.info('stored counts are those of the archive', fields);
  await log.add(day, outcome);
}

/** By account-day, what differs. */
async function audit(day: number, seed: string, { archive, stored, sampleSize }: AuditHost): Promise<Drift[][]> {
  const sample = new AuditSample(sampleSize, seed);
  const keys: string[] = [];
  for await (const key of archive.keys(dayFolder('usage', day))) keys.push(key);
  await each(keys, async (key) => {
    for (const placed of await readObject(key, archive)) sample.add(placed);
  });
  return each(sample.accounts(), async ({ account, records }) =>
    driftOf(records, day, await stored.accountDay(account, day)),
  );
}

async function readObject(key: string, archive: AuditHost['archive']): Promise<PlacedUsage[]> {
  const bytes = await archive.get(key);
  // Deleted since it was listed: its day is past the retention.
  if (bytes === undefined) return [];
  const { buffer } = Uint8Array.from(bytes);
  const file = await openParquet({ byteLength: buffer.byteLength, slice: (from, to) => buffer.slice(from, to) });
  const found: PlacedUsage[] = [];
  for await (const { rows } of file.read()) {
    for (const row of rows) {
      const result = parseRecord(recordOf(file.type, row));
      if (!result.ok || result.record.type !== 'usage') throw new Error(`the archive holds what is no record: ${key}`);
      found.push({ record: result.record, shard: String(row[SHARD]), sequence: String(row[SEQUENCE]) });
    }
  }
  return found;
}

/** @throws the first failure: half an audit is none */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const outcomes = await settleAll(items, READS, work);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
