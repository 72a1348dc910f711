/** The sections of a report mail, as words and tables: text and HTML print the same cells. */
import { LAG_BOUNDS, lagWithin } from '../aggregates/lag.ts';
import { median } from '../sorted.ts';
import type { Table } from './content.ts';
import { dayMonth, minute } from './dates.ts';
import { DETECTION_FLOOR } from './detection-floor.ts';
import { compact, coveragePercent, decimal, exact, percent, plural, times } from './numbers.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { ENDING_DAYS, endingSoon, type Silence } from './report-people.ts';
import { verdict, watchWorked } from './report-verdict.ts';
import { course, fourFigures, shareWords } from './report-words.ts';
import { CLASS_WORDS } from './words.ts';

/** A section names at most this many findings; the attached files have them all. */
export const SHOWN = 3;

export interface Section {
  title: string;
  table?: Table;
  lines?: string[];
  /** Begins with the picture of the trend. */
  chart?: 'share';
}

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
const MOST_QUARANTINED = 0.01;

export function unacked({ campaigns, consumers }: ReportData): ReportFinding[] {
  const open = [...campaigns, ...consumers].filter((item) => item.open && item.case.state === 'new');
  return open.filter(({ finding }) => finding.severity !== 'INFO');
}

function section(title: string, table: Table | undefined, lines: string[]): Section {
  return { title, ...(table ? { table } : {}), lines };
}

function more(count: number, file: string): string[] {
  return count > SHOWN ? [`and ${count - SHOWN} more in ${file}`] : [];
}

function listLines(all: string[]): string[] {
  return all.length > SHOWN ? [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more`] : all;
}

function campaignTable({ campaigns }: ReportData): Table | undefined {
  if (campaigns.length === 0) return undefined;
  const rows = campaigns.slice(0, SHOWN).map((item) => {
    const four = fourFigures(item);
    return [item.finding.id, four.accounts, four.exchanges, four.window, stateWords(item), four.targets];
  });
  const head = ['campaign', 'accounts', 'exchanges', 'window', 'state', 'targets'];
  return { head, rows, figuresFrom: head.length };
}

/** Digits of a root that tell it from others. */
const ROOT_SHOWN = 16;

/** Of each edition the latest, by as much of its root as tells it from others; report.json has the whole of it. */
function dossierLines({ finding, dossiers, case: now }: ReportFinding): string[] {
  if (dossiers.length === 0)
    return now.verdict === 'confirmed' ? [`${finding.id}: confirmed, and no dossier of it was made`] : [];
  return dossiers.map((made) => `${finding.id}: ${dossierWords(made)}`);
}

/** `external dossier of 17 Jun, root 6d0f1a2b3c4d5e61, its records held`. */
export function dossierWords({ edition, made, root, held }: ReportFinding['dossiers'][number]): string {
  return `${edition} dossier of ${dayMonth(made)}, root ${root.slice(0, ROOT_SHOWN)}${held ? ', its records held' : ''}`;
}

/** By change, not by size: what most exceeds its usual comes first. */
export function byChange(consumers: readonly ReportFinding[]): ReportFinding[] {
  const multiple = ({ context }: ReportFinding) => context.compare.multiple ?? 0;
  return consumers.toSorted((a, b) => Number(b.open) - Number(a.open) || multiple(b) - multiple(a));
}

function consumerTable({ consumers }: ReportData): Table | undefined {
  if (consumers.length === 0) return undefined;
  const rows = byChange(consumers)
    .slice(0, SHOWN)
    .map((item) => {
      const { multiple, shareOfOutput } = item.context.compare;
      return [
        item.finding.id,
        multiple === undefined ? 'not known' : times(multiple),
        compact(item.finding.outputTokens),
        percent(shareOfOutput),
        stateWords(item),
        CLASS_WORDS[item.finding.classification].toLowerCase(),
      ];
    });
  const head = ['consumer', 'usual', 'output', 'of all', 'state', 'class'];
  return { head, rows, figuresFrom: head.length };
}

function unackedTable(report: ReportData): Table | undefined {
  const waiting = unacked(report);
  if (waiting.length === 0) return undefined;
  const rows = waiting.slice(0, SHOWN).map((item) => {
    const four = fourFigures(item);
    return [
      item.finding.id,
      item.finding.severity,
      four.accounts,
      four.exchanges,
      `since ${minute(item.events[0]!.at)}`,
    ];
  });
  const head = ['finding', 'severity', 'accounts', 'exchanges', 'opened'];
  return { head, rows, figuresFrom: head.length };
}

/** `SEV1, open, growing, confirmed` or `cleared 19 Jun, benign reseller`. */
export function stateWords(item: ReportFinding): string {
  const { finding, open, case: now } = item;
  const judged = now.verdict === null ? [] : [now.verdict.replaceAll('-', ' ')];
  if (!open) return [`cleared ${dayMonth(finding.at)}`, ...judged].join(', ');
  const held = now.state === 'covered' ? [coverWords(now)] : (HELD[now.state] ?? []);
  return [finding.severity, 'open', ...course(item), ...(judged.length > 0 ? judged : held)].join(', ');
}

const HELD: Partial<Record<ReportFinding['case']['state'], string[]>> = {
  new: ['not acknowledged'],
  snoozed: ['snoozed'],
};

/** `planned to 30 Jul`, `excepted to 3 Jul`: until the first of them ends. */
function coverWords({ covers }: ReportFinding['case']): string {
  const planned = covers.every(({ kind }) => kind === 'plan');
  const until = covers.map((cover) => cover.until).toSorted()[0];
  return `${planned ? 'planned' : 'excepted'}${until === undefined ? '' : ` to ${dayMonth(until)}`}`;
}

/** Up to six weeks; where nothing went to campaigns in any, one sentence says so. */
function trendTable({ perWeek }: ReportData): Pick<Section, 'table' | 'lines'> {
  if (perWeek.every(({ campaigns }) => campaigns === 0)) {
    const known = perWeek.filter(({ all }) => all > 0).length;
    return { lines: known > 0 ? [`None in ${plural(known, 'week')}, as far as there are totals.`] : [] };
  }
  const rows = perWeek.map((week) => [
    `from ${dayMonth(week.from)}`,
    week.all > 0 ? shareWords(week) : 'no totals',
    compact(week.campaigns),
    compact(week.all),
  ]);
  return { table: { head: ['week', 'share', 'to campaigns', 'all output'], rows, figuresFrom: 1 } };
}

function alertingLines({ told, people, mailed }: ReportData): string[] {
  const { verdicts, ackMinutes, verdictMinutes } = people;
  const confirmed = verdicts.filter((each) => each === 'confirmed').length;
  return [
    `${plural(told.messages, 'message')}, ${plural(told.pages, 'page')} among them; ${decimal(told.expectedFalse)} false findings expected`,
    verdicts.length === 0
      ? 'no verdict in this time'
      : `${exact(confirmed)} of ${plural(verdicts.length, 'verdict')} confirmed`,
    ...(ackMinutes.length > 0 ? [`acknowledged after ${durationWords(median(ackMinutes))} (median)`] : []),
    ...(verdictMinutes.length > 0 ? [`judged after ${durationWords(median(verdictMinutes))} (median)`] : []),
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
    ...mailed.faults.slice(0, SHOWN).map(({ title, at }) => `${title.replace(/^\[WATCH\] /, '')} (${minute(at)})`),
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
function watchFaults(report: ReportData): string[] {
  const { health, mailed } = report;
  const refused = health.records > 0 && health.quarantined / health.records > MOST_QUARANTINED;
  const bad = !watchWorked(report) || refused || mailed.faults.length > 0;
  return bad ? watchLines(report) : [];
}

function silenceLines({ people, period }: ReportData): string[] {
  const lasting = people.silences.filter(({ kind }) => kind !== 'snooze');
  const ending = endingSoon(people, period.to);
  const near = people.silences.filter(({ used = 0 }) => used >= NEAR);
  if (people.silences.length === 0) return ['none is active'];
  const kinds = (kind: Silence['kind'], word: string) =>
    plural(people.silences.filter((each) => each.kind === kind).length, word);
  const active = `${kinds('exception', 'exception')}, ${kinds('plan', 'plan')} and ${kinds('snooze', 'snooze')} active`;
  const first = ending.length > 0 ? `, ${exact(ending.length)} of them ending within ${ENDING_DAYS} days` : '';
  return [
    `${active}${first}${lasting.length > 0 ? '; all in exceptions.csv' : ''}`,
    ...listLines([...near, ...ending.filter((each) => !near.includes(each))].map(silenceWords)),
  ];
}

/** From this share of its ceiling on a silence is named. */
const NEAR = 0.8;

export function silenceWords({ id, kind, scope, owner, until, used }: Silence): string {
  const about = kind === 'snooze' ? `snooze of ${id}` : `${kind} ${id} on one ${scope}`;
  const ceiling = used === undefined || used < NEAR ? '' : `, at ${percent(used)} of its ceiling`;
  return `${about}, of ${owner}, ends ${minute(until)}${ceiling}`;
}

/** The measured floor: rows are rates, columns sizes. */
export function floorTable(): Table {
  const sizes = [...new Set(DETECTION_FLOOR.map(({ accounts }) => accounts))];
  const rates = [...new Set(DETECTION_FLOOR.map(({ perDay }) => perDay))];
  const cell = (accounts: number, perDay: number) => {
    const row = DETECTION_FLOOR.find((each) => each.accounts === accounts && each.perDay === perDay);
    if (row === undefined) return 'not measured';
    if (row.days === null) return 'not found';
    return `${decimal(row.days)} d${row.found < row.of ? ` (${row.found} of ${row.of})` : ''}`;
  };
  return {
    head: ['exchanges a day each', ...sizes.map((size) => `${size} accounts`)],
    rows: rates.map((rate) => [decimal(rate), ...sizes.map((size) => cell(size, rate))]),
    figuresFrom: 1,
  };
}

function floorLines(report: ReportData): string[] {
  const quiet = verdict(report) === 'findings' ? '' : ' Smaller and slower campaigns may have gone unseen.';
  return [`Days until a simulated campaign among 3,000 accounts was found, by its size and rate.${quiet}`];
}
