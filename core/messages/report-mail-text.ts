/** The report mail as plain text. */
import { LINE_WIDTH, tableLines, wrap } from './lines.ts';
import type { ReportData } from './report-data.ts';
import { campaignTable, consumerTable, type MailTable, trendRows, watchWords } from './report-rows.ts';
import { bottomLine, decisions } from './report-words.ts';

/** Length of the longest bar, in characters. */
const BAR = 30;

export function reportMailText(report: ReportData): string {
  const parts = [
    block(
      'BOTTOM LINE',
      bottomLine(report).flatMap((sentence) => wrap(sentence, LINE_WIDTH - 2)),
    ),
    block(
      'DECISIONS',
      decisions(report).map((each, index) => `${index + 1} ${each}`),
    ),
    tableBlock(campaignTable(report)),
    tableBlock(consumerTable(report)),
    block('SHARE OF ALL OUTPUT THAT WENT TO CAMPAIGNS, BY WEEK', trendLines(report)),
    block('THE WATCH', watchWords(report)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n\nThe attached page has every figure. It names no account.\n`;
}

function block(title: string, lines: string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

function tableBlock(each: MailTable | null): string {
  if (!each) return '';
  return [each.title.toUpperCase(), ...tableLines(each.table), ...(each.more ? [`  ${each.more}`] : [])].join('\n');
}

function trendLines(report: ReportData): string[] {
  const rows = trendRows(report);
  const width = Math.max(0, ...rows.map((row) => row.label.length));
  return rows.map((row) => {
    const bar = '#'.repeat(Math.round(row.length * BAR)).padEnd(BAR);
    return `${row.label.padEnd(width)}  ${bar}  ${row.words}`;
  });
}
