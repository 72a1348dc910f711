export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/**
 * RFC 3339 in UTC to milliseconds since 1970, several times faster than `Date.parse`.
 *
 * Expects a string that passed the record contract; digits beyond the millisecond are cut.
 */
export function timeMs(time: string): number {
  const day = dayNumber(digits(time, 0, 4), digits(time, 5, 2), digits(time, 8, 2));
  const seconds = digits(time, 11, 2) * 3600 + digits(time, 14, 2) * 60 + digits(time, 17, 2);
  return day * DAY_MS + seconds * 1000 + fraction(time);
}

/**
 * Whether a text is RFC 3339 in UTC: `YYYY-MM-DDThh:mm:ss`, at most nine digits of a fraction, `Z` or `+00:00`, on a
 * day that the calendar has. Leap seconds are refused: no clock of the sources writes them.
 */
export function isTime(text: string): boolean {
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return false;
  if (day > 28 && !(day <= daysInMonth(year, month))) return false;
  return pair(text, 11) < 24 && pair(text, 14) < 60 && pair(text, 17) < 60 && hasMarks(text) && hasUtcEnding(text);
}

/** Milliseconds since 1970 as RFC 3339 with milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Days since 1970 as `YYYY-MM-DD`. */
export function isoDay(day: number): string {
  return isoTime(day * DAY_MS).slice(0, 10);
}

/** Two digits as a number, NaN where they are none. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function hasMarks(text: string): boolean {
  const dashes = text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45;
  return dashes && text.charCodeAt(10) === 84 && text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58;
}

function hasUtcEnding(text: string): boolean {
  const from = endOfFraction(text);
  if (from < 0) return false;
  return text.length === from + 1 ? text.charCodeAt(from) === 90 : text.slice(from) === '+00:00';
}

/** Where the zone begins; -1 where a point stands without one to nine digits after it. */
function endOfFraction(text: string): number {
  if (text.charCodeAt(19) !== 46) return 19;
  let at = 20;
  while (at < text.length && isDigit(text.charCodeAt(at))) at++;
  return at > 20 && at < 30 ? at : -1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function digits(text: string, from: number, length: number): number {
  let value = 0;
  for (let i = from; i < from + length; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

function fraction(time: string): number {
  if (time.charCodeAt(19) !== 46) return 0;
  let value = 0;
  for (let i = 20, scale = 100; i < 23; i++, scale /= 10) {
    const digit = time.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) break;
    value += digit * scale;
  }
  return value;
}

/** Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, "chrono-compatible low-level date algorithms", 2013). */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
