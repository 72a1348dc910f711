/** What is attached to a report: the figures for machines and spreadsheets. No file has an account in it. */
import { type Cell, csv } from '../dossier/csv.ts';
import { dayNumber, isoDay } from './dates.ts';
import { DETECTION_FLOOR } from './detection-floor.ts';
import { rangesOf } from './envelope.ts';
import type { MailPart } from './mail-message.ts';
import type { OutputShare } from './output-share.ts';
import { costFigures } from './report-cost.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { decisions } from './report-decisions.ts';
import type { Silence } from './report-people.ts';
import { shadowFigures } from './report-shadow.ts';
import { verdict } from './report-verdict.ts';
import { answer, bottomLine } from './report-words.ts';

export const REPORT_SCHEMA = 'stillwatch.report/1';

/** `report.json`: all that the mail and the page say, for programs. The same report gives the same text. */
export function reportJson(report: ReportData): string {
  const { kind, deployment, period, now, before, told, releases, health, gaps, people, mailed, build } = report;
  const { cost, deadLetters, reach, changes } = report;
  const shadow = shadowFigures(report);
  const body = {
    schema: REPORT_SCHEMA,
    kind,
    deployment,
    period,
    verdict: verdict(report),
    answer: answer(report),
    bottomLine: bottomLine(report),
    decisions: decisions(report),
    outputToCampaigns: { now: share(now), before: share(before), weeks: report.perWeek.map(share) },
    campaigns: report.campaigns.map(findingJson),
    consumers: report.consumers.map(findingJson),
    alerting: {
      ...told,
      verdicts: people.verdicts,
      ackMinutes: people.ackMinutes,
      verdictMinutes: people.verdictMinutes,
      ...mailed,
      ...(shadow ? { shadow } : {}),
    },
    watch: { ...health, gaps, ...(deadLetters ? { deadLetters } : {}), ...(reach ? { reach } : {}) },
    silences: people.silences.map(silenceJson),
    releases,
    ...(cost ? { cost: costFigures(report) ?? cost } : {}),
    ...(changes ? { changes } : {}),
    floor: DETECTION_FLOOR,
    ...(build ? { build } : {}),
  };
  return `${JSON.stringify(body, null, 1)}\n`;
}

function share({ from, campaigns, all }: OutputShare) {
  return { from, campaigns, all, share: all > 0 ? campaigns / all : null };
}

/** Field by field, so that nothing else that a context may carry can leave with it. */
function findingJson({ finding, context, open, events, case: now, dossiers }: ReportFinding) {
  const { compare, severityWhy, benign, profile, throttle } = context;
  return {
    finding,
    open,
    case: now,
    dossiers,
    events,
    ranges: rangesOf(context),
    compare: {
      shareOfOutput: compare.shareOfOutput,
      multiple: compare.multiple,
      exchangesPerDay: compare.exchangesPerDay,
    },
    severityWhy,
    benign: benign.map(({ cause, result, value, limit, unit, why }) => ({ cause, result, value, limit, unit, why })),
    orgs: profile.orgs,
    throttle: throttle ? { accounts: throttle.accounts, verified: throttle.verified } : undefined,
    daily: context.daily.map(({ day, exchanges, outputTokens, active, joined, banned }) => ({
      day,
      exchanges,
      outputTokens,
      active,
      joined,
      banned,
    })),
  };
}

/** Without the reason: people write it, and it may name somebody. `exception list` has it. */
function silenceJson({ reason: _, ...silence }: Silence) {
  return silence;
}

/** report.json and the lists as CSV, in the order in which they are attached. */
export function reportFiles(report: ReportData): MailPart[] {
  const part = (filename: string, contentType: string, text: string): MailPart => ({
    filename,
    contentType: `${contentType}; charset=utf-8`,
    content: new TextEncoder().encode(text),
  });
  return [
    part('report.json', 'application/json', reportJson(report)),
    part('campaigns.csv', 'text/csv', findingsCsv(report.campaigns)),
    part('consumers.csv', 'text/csv', findingsCsv(report.consumers)),
    part('exceptions.csv', 'text/csv', silencesCsv(report.people.silences)),
  ];
}

const FINDING_COLUMNS = [
  'id',
  'classification',
  'severity',
  'state',
  'case',
  'verdict',
  'accounts_certain',
  'accounts_probable',
  'exchanges',
  'exchanges_certain',
  'output_tokens',
  'output_tokens_certain',
  'share_of_output',
  'times_usual',
  'from',
  'to',
  'targets',
  'q',
  'told',
];

function findingsCsv(items: readonly ReportFinding[]): string {
  const rows = items.map(({ finding, context, open, case: now }): Cell[] => [
    finding.id,
    finding.classification,
    finding.severity,
    open ? 'open' : 'cleared',
    now.state,
    now.verdict,
    finding.accounts.certain,
    finding.accounts.probable,
    finding.exchanges,
    context.ranges.exchanges[0],
    finding.outputTokens,
    context.ranges.outputTokens[0],
    context.compare.shareOfOutput,
    context.compare.multiple,
    finding.window.from,
    finding.window.to,
    finding.capabilities
      .filter(({ share, lift }) => share >= 0.05 && lift >= 2)
      .map(({ task }) => task)
      .join(' '),
    finding.error.q,
    finding.at,
  ]);
  return csv(FINDING_COLUMNS, rows);
}

function silencesCsv(silences: readonly Silence[]): string {
  const rows = silences.map(({ id, kind, scope, classifications, owner, from, until }): Cell[] => [
    id,
    kind,
    scope,
    classifications.join(' '),
    owner,
    from,
    until,
  ]);
  return csv(['id', 'kind', 'scope', 'classifications', 'owner', 'from', 'until'], rows);
}

/** `week-2026-06-15`, `day-2026-06-21`: one report per name and deployment. */
export function periodName({ kind, period }: Pick<ReportData, 'kind' | 'period'>): string {
  return `${kind === 'daily' ? 'day' : 'week'}-${isoDay(dayNumber(period.from))}`;
}
