/** How figures are written in every message: the same value always reads the same. */

const SUFFIXES = ['', 'k', 'M', 'B', 'T', 'P'] as const;

/** Whole number with thousands separators: `1,643,880,000`. */
export function exact(value: number): string {
  const digits = Math.round(Math.abs(value)).toFixed(0);
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',');
  return value < 0 && digits !== '0' ? `-${grouped}` : grouped;
}

/** Below 10,000 exact; from there three significant figures with k, M, B, T: `865k`, `1.64B`. */
export function compact(value: number): string {
  const size = Math.abs(Math.round(value));
  if (size < 10_000) return exact(value);
  let power = Math.floor(Math.log10(size) / 3);
  let scaled = threeFigures(size / 1000 ** power);
  // 999,950 rounds up to a thousand of its unit, which is one of the next.
  if (Number(scaled) >= 1000 && power < SUFFIXES.length - 1) scaled = threeFigures(size / 1000 ** ++power);
  return `${value < 0 ? '-' : ''}${scaled}${SUFFIXES[Math.min(power, SUFFIXES.length - 1)]}`;
}

function threeFigures(value: number): string {
  const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(decimals);
}

/** A share of 0 to 1: whole from 10%, one decimal from 0.1%, `<0.1%` below. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '<0.1%';
  if (value === 0) return '0%';
  return `${value.toFixed(value < 9.95 ? 1 : 0)}%`;
}

/** The same within a sentence, without a zero behind the point: `9%`, `2.5%`. */
export function shortPercent(share: number): string {
  return percent(share).replace('.0%', '%');
}

/** Coverage keeps one decimal, rounded down: 99.96% is not all of it. */
export function coveragePercent(share: number): string {
  return share >= 1 ? '100%' : `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)}%`;
}

/** A multiple: `0.25x`, `2.1x`, `22x`, `1,200x`. */
export function times(value: number): string {
  if (!Number.isFinite(value)) return 'new';
  if (value < 0.95) return `${Number(value.toFixed(2))}x`;
  return value < 9.95 ? `${value.toFixed(1)}x` : `${exact(value)}x`;
}

/** A small real number, two significant figures, never in exponents: `0.002`, `0.3`, `24.1`, `412`. */
export function decimal(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && size < 0.0001) return value < 0 ? '>-0.0001' : '<0.0001';
  if (Number.isInteger(value) || size >= 100) return exact(value);
  if (size >= 10) return value.toFixed(1);
  return String(Number(value.toPrecision(2)));
}

/** Strength of evidence in nats, one decimal. */
export function nats(value: number): string {
  return value.toFixed(1);
}

/** A measured value in its unit: shares as per cent, everything else as a number. */
export function measure(value: number, unit: string): string {
  return unit.startsWith('share') ? percent(value) : decimal(value);
}

/** `low-high`, or one value where both read the same. */
export function span(low: number, high: number, write: (value: number) => string): string {
  const [from, to] = [write(low), write(high)];
  return from === to ? from : `${from}-${to}`;
}

/** Money to three significant figures, with separators: `USD 29,600`. */
export function money(value: number, currency: string): string {
  const rounded = value >= 1000 ? Number(value.toPrecision(3)) : Math.round(value);
  return `${currency} ${exact(rounded)}`;
}

/** `1 account`, `2 accounts`: the noun is regular. */
export function plural(count: number, noun: string, write: (value: number) => string = exact): string {
  return `${write(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** At most `most` of them, and how many there are beyond: `a, b and 14 more`. */
export function listed(words: readonly string[], most: number, separator = ', '): string {
  const rest = words.length - most;
  return words.slice(0, most).join(separator) + (rest > 0 ? ` and ${rest} more` : '');
}
