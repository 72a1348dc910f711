/** Numbers and tables as the page writes them. */

export const NOTHING = '-';

export function percent(share: number): string {
  if (Number.isNaN(share)) return NOTHING;
  const value = 100 * share;
  if (value > 99 && value < 100) return `${Math.min(99.99, Number(value.toFixed(2)))} %`;
  return `${value === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} %`;
}

export function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : NOTHING;
}

/** Three significant digits, thousands apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function range([low, high]: readonly [number, number]): string {
  return `${percent(low)} to ${percent(high)}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
