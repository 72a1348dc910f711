/** Setting plain text: wrapping, label columns and tables. */
import type { Table } from './content.ts';

/** A terminal of 100 columns and a mail reader's plain view both hold it. */
export const LINE_WIDTH = 96;
const LABEL_WIDTH = 6;

/** Wraps at spaces; a word longer than the line stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `WHAT  text`, further lines under the text. A longer label pushes the first line, never the rest. */
export function labelled(label: string, text: string): string[] {
  const head = label.padEnd(Math.max(LABEL_WIDTH, label.length + 1));
  const [first, ...rest] = wrap(`${'x'.repeat(head.length)}${text}`, LINE_WIDTH);
  const body = rest.length === 0 ? [] : wrap(rest.join(' '), LINE_WIDTH - LABEL_WIDTH);
  return [head + first!.slice(head.length), ...body.map((line) => ' '.repeat(LABEL_WIDTH) + line)];
}

/** Columns of a fixed-width table, two spaces in and two apart; a last column of text wraps within the line. */
export function tableLines(table: Table): string[] {
  const all = table.head.length > 0 ? [table.head, ...table.rows] : table.rows;
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const last = widths.length - 1;
  const indent = 2 + widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  return all.flatMap((row) => {
    const cells = row.map((cell, column) =>
      column >= table.figuresFrom ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    );
    if (table.figuresFrom <= last) return [`  ${cells.join('  ')}`];
    const [first, ...rest] = wrap(row[last]!, LINE_WIDTH - indent);
    return [`  ${[...cells.slice(0, last), first].join('  ')}`, ...rest.map((line) => ' '.repeat(indent) + line)];
  });
}
