/** What the watch saw of a period, and what it did not. */
import { LAG_BOUNDS, lagWithin } from '../aggregates/lag.ts';
import { minute } from './dates.ts';
import { coveragePercent, exact, listed, percent, plural } from './numbers.ts';
import { durationWords } from './report-alerting.ts';
import type { ReportData } from './report-data.ts';
import { isUnknown } from './report-own.ts';
import { SHOWN } from './report-section.ts';
import { watchWorked } from './report-verdict.ts';

const MOST_QUARANTINED = 0.01;

/** What was seen, and what was not. */
export function watchLines(report: ReportData): string[] {
  const { health, mailed, gaps } = report;
  const due = health.sweeps + (health.sweepsMissed ?? 0);
  const share = health.records > 0 ? health.quarantined / health.records : 0;
  return [
    `coverage ${coveragePercent(health.coverage)}; ${exact(health.sweeps)} of ${plural(due, 'sweep')} run`,
    ...gaps.slice(0, SHOWN).map(({ from, minutes }) => `${exact(minutes)} min missing from ${minute(from)}`),
    `${plural(health.records, 'record')} of ${plural(health.accounts, 'account')}, ${exact(health.duplicates)} duplicates dropped`,
    `${exact(health.quarantined)} quarantined (${percent(share)}), ${exact(health.late)} late`,
    ...lagLines(health),
    ...auditLines(health),
    ...(mailed.copies
      ? [
          `${exact(mailed.copies.all)} deliveries of messages, ${exact(mailed.copies.retried)} retried, ${exact(mailed.failed.length)} lost`,
        ]
      : []),
    ...deadLetterLines(report),
    ...reachLines(report),
    ...mailed.faults.slice(0, SHOWN).map(({ title, at }) => `${title.replace(/^\[WATCH\] /, '')} (${minute(at)})`),
  ];
}

export function deadLetterLines({ deadLetters }: ReportData): string[] {
  if (deadLetters === undefined) return [];
  if (isUnknown(deadLetters)) return [`dead letters not known: ${deadLetters.unknown}`];
  const { queues, waiting } = deadLetters;
  if (waiting.length === 0) return [`no dead letter in ${plural(queues, 'queue')}`];
  const all = waiting.reduce((sum, { messages }) => sum + messages, 0);
  const named = waiting.map(({ queue, messages }) => `${exact(messages)} in ${queue}`);
  return [`${plural(all, 'dead letter')}: ${listed(named, SHOWN)}`];
}

/** Nobody is told whose address it is: who may, reads it where the marks are kept. */
export function reachLines({ reach, people }: ReportData): string[] {
  const assigned = [...people.cases].filter(([, { unreachable }]) => unreachable).map(([id]) => id);
  return [
    ...(reach && reach.unreachable > 0
      ? [`mail does not reach ${exact(reach.unreachable)} of ${plural(reach.recipients, 'recipient')} of reports`]
      : []),
    ...(assigned.length > 0 ? [`mail does not reach whom ${listed(assigned, SHOWN)} is assigned to`] : []),
  ];
}

function lagLines({ lag }: ReportData['health']): string[] {
  const words = lagWords(lag);
  return words === undefined ? [] : [`95% of exchanges counted ${words} their own time`];
}

/** `within 1 min of`, of 95 in 100 exchanges; undefined where nobody measured it. */
function lagWords(lag: ReportData['health']['lag']): string | undefined {
  const within = lagWithin(lag ?? [], 0.95);
  if (within === undefined) return undefined;
  if (within === Number.POSITIVE_INFINITY) return `more than ${durationWords(LAG_BOUNDS.at(-1)! / 60_000)} after`;
  return `within ${within < 60_000 ? `${within / 1000} s` : durationWords(within / 60_000)} of`;
}

function auditLines({ audit }: ReportData['health']): string[] {
  if (audit === undefined || audit.audited === 0) return [];
  return [`${plural(audit.audited, 'account-day')} counted again from the archive, ${exact(audit.drifted)} differ`];
}

/** Empty on a day on which everything was seen. */
export function watchFaults(report: ReportData): string[] {
  const { health, mailed } = report;
  const refused = health.records > 0 && health.quarantined / health.records > MOST_QUARANTINED;
  const bad = !watchWorked(report) || refused || mailed.faults.length > 0;
  return bad ? watchLines(report) : [];
}
