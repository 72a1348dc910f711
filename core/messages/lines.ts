/** Setting plain text: wrapping, label columns and tables. */
import type { Table } from './content.ts';

/** A terminal of 100 columns and a mail reader's plain view both hold it. */
export const LINE_WIDTH = 96;
/** Of tables and lists, which are not read on like a sentence. */
export const TABLE_WIDTH = 100;
const LABEL_WIDTH = 6;

/** Wraps at spaces, never behind a word of one letter; a word longer than the line stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<!(?:^| )[a-z]) /)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `WHAT  text`, further lines under the text. A longer label pushes the first line, never the rest. */
export function labelled(label: string, text: string, width = LINE_WIDTH): string[] {
  const head = label.padEnd(Math.max(LABEL_WIDTH, label.length + 1));
  const [first, ...rest] = wrap(`${'x'.repeat(head.length)}${text}`, width);
  const body = rest.length === 0 ? [] : wrap(rest.join(' '), width - LABEL_WIDTH);
  return [head + first!.slice(head.length), ...body.map((line) => ' '.repeat(LABEL_WIDTH) + line)];
}

/** Columns of a fixed-width table, two spaces in and two apart. The last column of text wraps to keep the line. */
export function tableLines(table: Table): string[] {
  const all = table.head.length > 0 ? [table.head, ...table.rows] : table.rows;
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(table.least?.[column] ?? 0, ...all.map((row) => row[column]!.length)),
  );
  const elastic = Math.min(table.figuresFrom, widths.length) - 1;
  const others = widths.reduce((sum, width, column) => sum + 2 + (column === elastic ? 0 : width), 0);
  widths[elastic] = Math.min(widths[elastic] ?? 0, TABLE_WIDTH - others);
  return all.flatMap((row) => rowLines(row, widths, elastic));
}

/** One row, the elastic column running on below itself. */
function rowLines(row: string[], widths: number[], elastic: number): string[] {
  const [first, ...rest] = wrap(row[elastic]!, widths[elastic]!);
  const cells = row.map((cell, column) => {
    if (column === elastic) return first!.padEnd(widths[column]!);
    return column > elastic ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  });
  const indent = widths.slice(0, elastic).reduce((sum, width) => sum + width + 2, 2);
  return [`  ${cells.join('  ')}`.trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
}
