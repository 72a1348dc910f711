/** Brings together what a report is built from. */
import { coverage } from '../../core/aggregates/coverage.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type { Health, ReportInput } from '../../core/messages/report-data.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';
import type { AuditLog } from '../adapters/dynamo-audit-log.ts';
import type { IntakeLog } from '../adapters/dynamo-intake-log.ts';
import type { Objects } from '../adapters/s3.ts';
import type { SweepRecord } from '../sweep/summary.ts';
import { summaryKey } from '../sweep/tasks.ts';
import type { ReportPeriod } from './period.ts';

/** Days back from the period in which a finding that is still open must have been told at least once. */
const LOOK_BACK_DAYS = 400;

export interface ReportSources {
  findings: {
    lastSweep(): Promise<{ at: string } | undefined>;
    transitionsSince(since: number): Promise<Transition[]>;
    sweepsSince(since: number): Promise<string[]>;
  };
  intake: Pick<IntakeLog, 'total'>;
  audits: Pick<AuditLog, 'total'>;
  objects: Pick<Objects, 'get'>;
}

export class NoSweepError extends Error {
  override name = 'NoSweepError';
}

export async function gather(period: ReportPeriod, deployment: string, sources: ReportSources): Promise<ReportInput> {
  const from = timeMs(period.from);
  const to = timeMs(period.to);
  const [latest, transitions, sweeps, intake, audit] = await Promise.all([
    latestSweep(sources),
    sources.findings.transitionsSince(from - LOOK_BACK_DAYS * DAY_MS),
    sources.findings.sweepsSince(from),
    sources.intake.total(from / DAY_MS, to / DAY_MS - 1),
    sources.audits.total(from / DAY_MS, to / DAY_MS - 1),
  ]);
  const { population, accounts } = latest.summary;
  const health: Health = {
    ...intake,
    audit,
    accounts,
    sweeps: sweeps.filter((at) => timeMs(at) <= to).length,
    coverage: coverage(population, from, to),
    from: period.from,
    to: period.to,
  };
  return { deployment, period, transitions, population, health, releases: latest.releases };
}

async function latestSweep({ findings, objects }: ReportSources): Promise<SweepRecord> {
  const last = await findings.lastSweep();
  if (last === undefined) throw new NoSweepError('no sweep has finished yet, so there is nothing to report on');
  const bytes = await objects.get(summaryKey(last.at));
  if (bytes === undefined)
    throw new NoSweepError(`the totals of the sweep of ${last.at} are gone: no sweep finished since they expired`);
  return JSON.parse(new TextDecoder().decode(bytes)) as SweepRecord;
}
