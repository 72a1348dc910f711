/** Figures and columns of what the commands print for people. */
import type { Finding } from '../../core/findings/finding.ts';

/** Cells of 14 characters; the last one runs on. */
export function row(...cells: string[]): string {
  return cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(14))).join(' ');
}

/** Columns as wide as their widest cell, two apart; the last one runs on. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => all.reduce((most, cells) => Math.max(most, cells[column]!.length), 0));
  return all.map((cells) =>
    cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[i]!))).join('  '),
  );
}

export const count = (value: number) => value.toLocaleString('en-US');
export const range = (low: number, high: number) => (low === high ? count(high) : `${count(low)}-${count(high)}`);
export const days = ({ from, to }: Finding['window']) => `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
