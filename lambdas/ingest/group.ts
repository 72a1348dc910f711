/** Puts the records of a batch together so that each account-day is written once. */
import type { AccountDayBatch } from '../../core/ports.ts';
import type { AccountRecord, ReleaseRecord } from '../../core/records/schema.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';
import type { Rejected } from '../adapters/quarantine.ts';
import type { Decoded } from './decode.ts';

/** One write, and the records that fail with it. */
export type Job = { sequences: string[] } & (
  | { kind: 'usage'; batch: AccountDayBatch }
  | { kind: 'account'; record: AccountRecord }
  | { kind: 'release'; record: ReleaseRecord }
  | { kind: 'rejected'; rejected: Rejected; late: boolean }
);

export function jobsOf(decoded: readonly Decoded[]): Job[] {
  const jobs: Job[] = [];
  const days = new Map<string, Extract<Job, { kind: 'usage' }>>();
  for (const each of decoded) {
    const sequences = [each.sequence];
    if ('reason' in each) {
      const { late, ...rejected } = each;
      jobs.push({ kind: 'rejected', sequences, rejected, late });
    } else if (each.record.type === 'usage') {
      const { shard, sequence, record } = { ...each, record: each.record };
      const day = Math.floor(timeMs(record.time) / DAY_MS);
      const key = JSON.stringify([record.account, day, shard]);
      let job = days.get(key);
      if (job === undefined) {
        job = { kind: 'usage', sequences: [], batch: { account: record.account, day, shard, entries: [] } };
        days.set(key, job);
        jobs.push(job);
      }
      job.sequences.push(sequence);
      job.batch.entries.push({ sequence, record });
    } else if (each.record.type === 'account') {
      jobs.push({ kind: 'account', sequences, record: each.record });
    } else {
      jobs.push({ kind: 'release', sequences, record: each.record });
    }
  }
  return jobs;
}
