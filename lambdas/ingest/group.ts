/** Puts the records of a batch together so that each account-day is written once. */
import { ROW } from '../../core/aggregates/exchange.ts';
import type { AccountDayBatch } from '../../core/ports.ts';
import type { AccountRecord, ReleaseRecord } from '../../core/records/schema.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';
import type { Rejected } from '../adapters/quarantine.ts';
import { type Decoded, Exchange } from './decode.ts';

/** One write. */
export type Job =
  | { kind: 'usage'; batch: AccountDayBatch }
  | { kind: 'account'; sequence: string; record: AccountRecord }
  | { kind: 'release'; sequence: string; record: ReleaseRecord }
  | { kind: 'rejected'; rejected: Rejected; late: boolean };

type UsageJob = Extract<Job, { kind: 'usage' }>;

export function jobsOf(decoded: readonly Decoded[]): Job[] {
  const jobs: Job[] = [];
  const days = new AccountDays(jobs);
  for (const each of decoded) {
    if ('reason' in each) {
      const { late, ...rejected } = each;
      jobs.push({ kind: 'rejected', rejected, late });
    } else if (each instanceof Exchange) {
      days.of(each.account, each.rows[each.at + ROW.time]!, each.shard).batch.entries.push(each);
    } else if (each.record.type === 'usage') {
      const { shard, sequence, record } = each;
      days.of(record.account, timeMs(record.time), shard).batch.entries.push({ sequence, record });
    } else if (each.record.type === 'account') {
      jobs.push({ kind: 'account', sequence: each.sequence, record: each.record });
    } else {
      jobs.push({ kind: 'release', sequence: each.sequence, record: each.record });
    }
  }
  return jobs;
}

/** Of the records that fail with a write. */
export function sequencesOf(job: Job): string[] {
  if (job.kind === 'usage') return job.batch.entries.map(({ sequence }) => sequence);
  return [job.kind === 'rejected' ? job.rejected.sequence : job.sequence];
}

/** The usage jobs, by account, day and shard. Nearly every account has one of them, which is then looked at first. */
class AccountDays {
  private readonly jobs: Job[];
  private readonly byAccount = new Map<string, UsageJob[]>();

  constructor(jobs: Job[]) {
    this.jobs = jobs;
  }

  of(account: string, ms: number, shard: string): UsageJob {
    const day = Math.floor(ms / DAY_MS);
    let held = this.byAccount.get(account);
    if (held === undefined) {
      held = [];
      this.byAccount.set(account, held);
    }
    for (const job of held) if (job.batch.day === day && job.batch.shard === shard) return job;
    const job: UsageJob = { kind: 'usage', batch: { account, day, shard, entries: [] } };
    held.push(job);
    this.jobs.push(job);
    return job;
  }
}
