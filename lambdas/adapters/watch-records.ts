/** What a deployment's tables and sweeps know of the watch itself, for its reports. */
import { NoSweepError, type WatchRecords } from '../../core/messages/report-source.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';
import type { SweepRecord } from '../sweep/summary.ts';
import { summaryKey } from '../sweep/tasks.ts';
import type { AuditLog } from './dynamo-audit-log.ts';
import type { IntakeLog } from './dynamo-intake-log.ts';
import type { UnreachableMarks } from './dynamo-unreachable.ts';
import type { Objects } from './s3.ts';

export interface WatchSources {
  deployment: string;
  sweepEveryMs: number;
  findings: {
    lastSweep(): Promise<{ at: string } | undefined>;
    sweepsSince(since: number): Promise<string[]>;
  };
  intake: Pick<IntakeLog, 'total'>;
  audits: Pick<AuditLog, 'total'>;
  objects: Pick<Objects, 'get'>;
  cost?: WatchRecords['cost'];
  deadLetters?: WatchRecords['deadLetters'];
  /** Recipients of reports, where there are some, and the marks of whom mail does not reach. */
  mail?: { recipients: readonly string[]; marks: Pick<UnreachableMarks, 'all'> };
}

/** A sweep's totals are looked for in so many days before a time; beyond them they have expired. */
const LOOK_BACK_DAYS = 8;

export function watchRecords({
  deployment,
  sweepEveryMs,
  findings,
  intake,
  audits,
  objects,
  cost,
  deadLetters,
  mail,
}: WatchSources): WatchRecords {
  const recordOf = async (at: string): Promise<SweepRecord | undefined> => {
    const bytes = await objects.get(summaryKey(at));
    return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as SweepRecord);
  };
  const lastBy = async (at: number): Promise<SweepRecord | undefined> => {
    const before = (await findings.sweepsSince(at - LOOK_BACK_DAYS * DAY_MS)).filter((time) => timeMs(time) <= at);
    return before.length > 0 ? recordOf(before.at(-1)!) : undefined;
  };
  /** Whole UTC days, the last one the day before `to`. */
  const days = (from: number, to: number): [number, number] => [Math.floor(from / DAY_MS), Math.ceil(to / DAY_MS) - 1];
  return {
    deployment,
    sweepEveryMs,
    sweeps: (since) => findings.sweepsSince(since),
    intake: (from, to) => intake.total(...days(from, to)),
    audit: (from, to) => audits.total(...days(from, to)),
    totals: async (at) => {
      const last = await findings.lastSweep();
      if (last === undefined) throw new NoSweepError('no sweep has finished yet, so there is nothing to report on');
      const latest = await recordOf(last.at);
      if (latest === undefined)
        throw new NoSweepError(`the totals of the sweep of ${last.at} are gone: no sweep finished since they expired`);
      const own = await lastBy(at);
      const { population } = latest.summary;
      return { population, releases: latest.releases, accounts: (own ?? latest).summary.accounts };
    },
    judgedBy: async (at) => (await lastBy(at))?.judgedBy,
    ...(cost ? { cost } : {}),
    ...(deadLetters ? { deadLetters } : {}),
    ...(mail ? { mail: async () => ({ recipients: mail.recipients, unreachable: await mail.marks.all() }) } : {}),
  };
}
