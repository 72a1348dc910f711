/** A report mail as plain text. */
import { dayRange, weekday } from './dates.ts';
import { LINE_WIDTH, tableLines, wrap } from './lines.ts';
import type { MailChart } from './report-charts.ts';
import type { ReportData } from './report-data.ts';
import { type Decision, decisions } from './report-decisions.ts';
import { type Section, SHOWN } from './report-section.ts';
import { bottomLine } from './report-words.ts';

/** The first ten lines answer: are we being distilled, what changed, did the watch work, what is to be decided. */
export function reportMailText(
  report: ReportData,
  sections: readonly Section[],
  charts: readonly MailChart[],
  foot: readonly string[],
): string {
  const first = [
    `Stillwatch, ${report.deployment}, ${dayRange(report.period)}, UTC`,
    'BOTTOM LINE',
    ...bottomLine(report).flatMap((sentence) => indented(sentence)),
  ];
  const todo = decisionLines(decisions(report));
  const parts = [
    [...first, ...todo],
    ...sections.map((each) => sectionLines(each, charts)),
    foot.flatMap((line) => wrap(line, LINE_WIDTH)),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function decisionLines(all: readonly Decision[]): string[] {
  if (all.length === 0) return [];
  const rows = all.slice(0, SHOWN).map(({ what, owner, by }, index) => [String(index + 1), what, owner, weekday(by)]);
  const more = all.length > SHOWN ? [`  and ${all.length - SHOWN} more in report.json`] : [];
  return ['DECISIONS', ...tableLines({ head: [], rows, figuresFrom: 2 }), ...more];
}

/** What a picture says stands in its place. */
function sectionLines({ title, table, lines = [] }: Section, charts: readonly MailChart[]): string[] {
  const says = charts.filter(({ at }) => at === title).map((chart) => chart.says);
  return [title.toUpperCase(), ...(table ? tableLines(table) : []), ...[...says, ...lines].flatMap(indented)];
}

function indented(text: string): string[] {
  return wrap(text, LINE_WIDTH - 2).map((line) => `  ${line}`);
}
