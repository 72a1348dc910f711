/** The tables of the report mail, as words: text and HTML print the same cells. */
import type { Table } from './content.ts';
import { dayMonth } from './dates.ts';
import { compact, coveragePercent, decimal, exact, percent, plural, times } from './numbers.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { fourFigures, shareWords } from './report-words.ts';
import { CLASS_WORDS } from './words.ts';

/** A section names at most this many findings; the attached page has them all. */
const SHOWN = 3;

export interface MailTable {
  title: string;
  table: Table;
  /** Said below the table. */
  more?: string;
}

export function campaignTable({ campaigns }: ReportData): MailTable | null {
  const rows = campaigns.slice(0, SHOWN).map((item) => {
    const four = fourFigures(item);
    return [item.finding.id, four.accounts, four.exchanges, four.window, state(item), four.targets];
  });
  const head = ['campaign', 'accounts', 'exchanges', 'window', 'state', 'targets'];
  return withMore('Campaigns', { head, rows, figuresFrom: head.length }, campaigns.length);
}

export function consumerTable({ consumers }: ReportData): MailTable | null {
  const rows = consumers.slice(0, SHOWN).map((item) => {
    const { multiple } = item.context.compare;
    const usual = multiple === undefined ? 'not known' : times(multiple);
    return [
      item.finding.id,
      usual,
      compact(item.finding.outputTokens),
      CLASS_WORDS[item.finding.classification],
      state(item),
    ];
  });
  const head = ['consumer', 'usual', 'output', 'class', 'state'];
  return withMore('Consumers', { head, rows, figuresFrom: head.length }, consumers.length);
}

function withMore(title: string, table: Table, count: number): MailTable | null {
  if (count === 0) return null;
  return { title, table, ...(count > SHOWN ? { more: `and ${count - SHOWN} more in the attached page` } : {}) };
}

function state({ finding, open }: ReportFinding): string {
  return open ? `${finding.severity}, open` : `cleared ${dayMonth(finding.at)}`;
}

export interface TrendRow {
  label: string;
  words: string;
  /** Share of the largest, 0 to 1: the length of a bar. */
  length: number;
}

/** Up to six runs of seven days; empty where nothing went to campaigns in any of them. */
export function trendRows({ perWeek }: ReportData): TrendRow[] {
  const shares = perWeek.map((week) => (week.all > 0 ? week.campaigns / week.all : 0));
  const widest = Math.max(0, ...shares);
  if (widest === 0) return [];
  return perWeek.map((week, index) => ({
    label: `from ${dayMonth(week.from)}`,
    words: week.all > 0 ? `${shareWords(week)} of ${compact(week.all)}` : 'no totals',
    length: shares[index]! / widest,
  }));
}

export function watchWords({ health, told }: ReportData): string[] {
  const missed = health.sweepsMissed ? `, ${exact(health.sweepsMissed)} missed` : '';
  return [
    `coverage ${coveragePercent(health.coverage)}, ${plural(health.sweeps, 'sweep')}${missed}`,
    `${plural(health.records, 'record')} of ${plural(health.accounts, 'account')}, ${exact(health.duplicates)} duplicates dropped`,
    `${exact(health.quarantined)} quarantined (${percent(health.records > 0 ? health.quarantined / health.records : 0)}), ${exact(health.late)} late`,
    ...auditWords(health),
    `${plural(told.messages, 'message')}, ${exact(told.pages)} of them pages, ${decimal(told.expectedFalse)} false findings expected`,
  ];
}

function auditWords({ audit }: ReportData['health']): string[] {
  if (audit === undefined) return [];
  return [`${plural(audit.audited, 'account-day')} counted again from the archive, ${exact(audit.drifted)} differ`];
}
