/** How a week's messages fared with people: pages, verdicts, how long they took, and what the verdicts suggest. */
import { median } from '../sorted.ts';
import { decimal, exact, plural } from './numbers.ts';
import type { ReportData } from './report-data.ts';
import { SHOWN } from './report-section.ts';
import { shadowLines } from './report-shadow.ts';

export function alertingLines(report: ReportData): string[] {
  const { told, people, mailed } = report;
  const { verdicts, ackMinutes, verdictMinutes } = people;
  const confirmed = verdicts.filter((each) => each === 'confirmed').length;
  return [
    `${plural(told.messages, 'message')}, ${plural(told.pages, 'page')} among them; ${decimal(told.expectedFalse)} false findings expected`,
    verdicts.length === 0
      ? 'no verdict in this time'
      : `${exact(confirmed)} of ${plural(verdicts.length, 'verdict')} confirmed`,
    ...(ackMinutes.length > 0 ? [`acknowledged after ${durationWords(median(ackMinutes))} (median)`] : []),
    ...(verdictMinutes.length > 0 ? [`judged after ${durationWords(median(verdictMinutes))} (median)`] : []),
    ...shadowLines(report),
    ...tuning(verdicts),
    ...mailed.failed.slice(0, SHOWN).map(({ subject, channel }) => `not delivered: ${subject} by ${channel}`),
  ];
}

/** What a verdict suggests; a person applies it. */
const TUNING: Partial<Record<People, string>> = {
  'benign-reseller': 'enter the reseller in the register',
  'benign-planned': 'enter planned work with plan add before it begins',
  'benign-shared-egress': 'report the network kind of the shared exit in the records',
  'benign-cohort': 'report the programme of the accounts in the records',
  'benign-integration-bug': 'report the status of every exchange, so that retries are seen',
};
type People = ReportData['people']['verdicts'][number];

function tuning(verdicts: readonly People[]): string[] {
  const kinds = [...new Set(verdicts)].toSorted();
  return kinds.flatMap((kind) => {
    const proposal = TUNING[kind];
    const count = verdicts.filter((each) => each === kind).length;
    return proposal
      ? [`proposed, as ${exact(count)} ${count === 1 ? 'was' : 'were'} ${kind.replaceAll('-', ' ')}: ${proposal}`]
      : [];
  });
}

export function durationWords(minutes: number): string {
  if (minutes < 90) return `${exact(minutes)} min`;
  return minutes < 36 * 60 ? `${exact(minutes / 60)} h` : `${exact(minutes / 1440)} d`;
}
