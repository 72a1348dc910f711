/** What a weekly report and a daily digest say, section by section. */
import type { Table } from './content.ts';
import { minute } from './dates.ts';
import { alertingLines } from './report-alerting.ts';
import { changeLines, costLines } from './report-cost.ts';
import type { ReportData } from './report-data.ts';
import { endingSoon } from './report-people.ts';
import { listLines, more, type Section, SHOWN } from './report-section.ts';
import { silenceLines, silenceWords } from './report-silences.ts';
import {
  campaignTable,
  consumerTable,
  dossierLines,
  floorTable,
  trendTable,
  unacked,
  unackedTable,
} from './report-tables.ts';
import { verdict } from './report-verdict.ts';
import { watchFaults, watchLines } from './report-watch.ts';

/** What each section says of a week. Empty ones are left out, except those whose silence would mislead. */
export function weeklySections(report: ReportData): Section[] {
  return [
    section('Campaigns', campaignTable(report), [
      ...report.campaigns.slice(0, SHOWN).flatMap(dossierLines),
      ...more(report.campaigns.length, 'campaigns.csv'),
    ]),
    { title: 'Share of all output that went to campaigns', ...trendTable(report), chart: 'share' as const },
    section('Consumers', consumerTable(report), more(report.consumers.length, 'consumers.csv')),
    section('Alerting', undefined, alertingLines(report)),
    section('The watch', undefined, watchLines(report)),
    section('Exceptions and plans', undefined, silenceLines(report)),
    section('Cost', undefined, costLines(report)),
    section('Detectors and settings', undefined, changeLines(report)),
    section('What would have been seen', floorTable(), floorLines(report)),
  ].filter(({ table, lines }) => table !== undefined || (lines ?? []).length > 0);
}

/** What a day has to say beyond its bottom line: nothing of it, and there is no digest. */
export function dailySections(report: ReportData): Section[] {
  const { mailed, people, period } = report;
  const ending = endingSoon(people, period.to, DIGEST_ENDING_DAYS);
  return [
    section('Not acknowledged', unackedTable(report), more(unacked(report).length, 'report.json')),
    section(
      'Changes told nobody',
      undefined,
      listLines(mailed.folded.map(({ finding, at, reason }) => `${finding}, ${minute(at)}: ${reason}`)),
    ),
    section(
      'Not delivered',
      undefined,
      listLines(mailed.failed.map(({ subject, channel, error }) => `${subject} by ${channel}: ${error}`)),
    ),
    section('The watch', undefined, watchFaults(report)),
    section('Silences about to end', undefined, listLines(ending.map(silenceWords))),
  ].filter(({ table, lines }) => table !== undefined || (lines ?? []).length > 0);
}

/** A digest names what ends before the next working day's. */
const DIGEST_ENDING_DAYS = 3;

function section(title: string, table: Table | undefined, lines: string[]): Section {
  return { title, ...(table ? { table } : {}), lines };
}

function floorLines(report: ReportData): string[] {
  const quiet = verdict(report) === 'findings' ? '' : ' Smaller and slower campaigns may have gone unseen.';
  return [`Days until a simulated campaign among 3,000 accounts was found, by its size and rate.${quiet}`];
}
