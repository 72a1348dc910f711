/** Times of foreign formats to RFC 3339 in UTC with milliseconds; undefined when they are no time of the years 0 to 9999. */
import { isoTime } from '../records/time.ts';
import { number } from './json.ts';

const LAST_MS = 253_402_300_799_999;
const FIRST_MS = -62_167_219_200_000;

function fromMs(ms: number): string | undefined {
  return ms >= FIRST_MS && ms <= LAST_MS ? isoTime(ms) : undefined;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** RFC 3339 with any offset. */
export function timeOfText(value: unknown): string | undefined {
  if (typeof value !== 'string' || !RFC3339.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : fromMs(ms);
}

/** Unix seconds with a fraction; rounded to the millisecond. */
export function timeOfSeconds(value: unknown): string | undefined {
  const seconds = number(value);
  return seconds === undefined ? undefined : fromMs(Math.round(seconds * 1000));
}

/**
 * Unix nanoseconds as a decimal string or a number, to whole milliseconds. They do not fit a double, so the last six
 * digits are cut from the text.
 */
export function msOfNanos(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? Math.floor(value / 1e6) : undefined;
  if (typeof value !== 'string' || !/^\d{7,25}$/.test(value)) return undefined;
  return Number(value.slice(0, -6));
}

export function timeOfNanos(value: unknown): string | undefined {
  const ms = msOfNanos(value);
  return ms === undefined || ms === 0 ? undefined : fromMs(ms);
}
