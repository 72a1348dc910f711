/** UTC dates as people read them, from RFC 3339 strings. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
export const DAY_MS = 86_400_000;

/** `18 Jun`. */
export function dayMonth(iso: string): string {
  return `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]}`;
}

/** `18 Jun 2026`. */
export function dayMonthYear(iso: string): string {
  return `${dayMonth(iso)} ${iso.slice(0, 4)}`;
}

/** `18 Jun 00:00Z`. */
export function minute(iso: string): string {
  return `${dayMonth(iso)} ${iso.slice(11, 16)}Z`;
}

/** `21 Jun 23:58:44Z`. */
export function second(iso: string): string {
  return `${dayMonth(iso)} ${iso.slice(11, 19)}Z`;
}

/** `2026-06-18` of a day counted from 1970-01-01. */
export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Days since 1970-01-01 of an RFC 3339 time or date. */
export function dayNumber(iso: string): number {
  return Math.floor(Date.parse(iso) / DAY_MS);
}

/** Length in days, rounded, at least 1. */
export function lengthDays(window: { from: string; to: string }): number {
  return Math.max(1, Math.round((Date.parse(window.to) - Date.parse(window.from)) / DAY_MS));
}

/** `15-21 Jun`, `29 Jun-5 Jul`, `5 Jul`. An end at midnight belongs to the day before. */
export function dayRange(window: { from: string; to: string }): string {
  const start = Date.parse(window.from);
  const last = new Date(Math.max(start, Date.parse(window.to) - 1)).toISOString();
  const first = new Date(start).toISOString();
  if (first.slice(0, 10) === last.slice(0, 10)) return dayMonth(first);
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  return `${sameMonth ? Number(first.slice(8, 10)) : dayMonth(first)}-${dayMonth(last)}`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** `Mon 22 Jun`. */
export function weekday(day: string): string {
  return `${WEEKDAYS[new Date(Date.parse(day)).getUTCDay()]} ${dayMonth(day)}`;
}

/** RFC 5322: `Mon, 22 Jun 2026 00:00:00 +0000`. */
export function mailDate(iso: string): string {
  return new Date(Date.parse(iso)).toUTCString().replace('GMT', '+0000');
}
