/** The tables of a report's mail: findings, the trend, and what would have been seen. */
import type { Table } from './content.ts';
import { dayMonth, minute } from './dates.ts';
import { DETECTION_FLOOR } from './detection-floor.ts';
import { compact, decimal, percent, plural, times } from './numbers.ts';
import type { ReportData, ReportFinding } from './report-data.ts';
import { type Section, SHOWN } from './report-section.ts';
import { course, fourFigures, shareWords } from './report-words.ts';
import { CLASS_WORDS } from './words.ts';

export function campaignTable({ campaigns }: ReportData): Table | undefined {
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
export function dossierLines({ finding, dossiers, case: now }: ReportFinding): string[] {
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

export function consumerTable({ consumers }: ReportData): Table | undefined {
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

export function unackedTable(report: ReportData): Table | undefined {
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

export function unacked({ campaigns, consumers }: ReportData): ReportFinding[] {
  const open = [...campaigns, ...consumers].filter((item) => item.open && item.case.state === 'new');
  return open.filter(({ finding }) => finding.severity !== 'INFO');
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
export function trendTable({ perWeek }: ReportData): Pick<Section, 'table' | 'lines'> {
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
