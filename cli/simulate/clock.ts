/** UTC days and instants. Instants are milliseconds since 1970-01-01. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const TWO = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));
const THREE = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

let dayKnown = Number.NaN;
let dayText = '';

/** RFC 3339 with milliseconds. The date is kept from call to call: times come mostly from one day. */
export function iso(instant: number): string {
  const day = Math.floor(instant / DAY);
  if (day !== dayKnown) {
    dayKnown = day;
    dayText = new Date(day * DAY).toISOString().slice(0, 11);
  }
  const ms = Math.floor(instant - day * DAY);
  const seconds = Math.floor(ms / SECOND);
  const minutes = Math.floor(seconds / 60);
  return `${dayText}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${THREE[ms % SECOND]}Z`;
}

export function dateOf(instant: number): string {
  return iso(instant).slice(0, 10);
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
export function weekday(instant: number): number {
  return (((Math.floor(instant / DAY) + 4) % 7) + 7) % 7;
}

export function isWeekend(instant: number): boolean {
  return weekday(instant) % 6 === 0;
}
