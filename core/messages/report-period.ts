/** Which days a report is about. */
import { DAY_MS, isoDay } from './dates.ts';

export type Every = 'day' | 'week';

export interface ReportPeriod {
  every: Every;
  /** One report per name: `week-2026-05-11`, say, by its first day. */
  name: string;
  /** RFC 3339 midnights; `to` is exclusive. */
  from: string;
  to: string;
}

export class PeriodError extends Error {
  override name = 'PeriodError';
}

/** The last whole UTC day, or the last Monday to Sunday: the same scheduled time is always the same period. */
export function periodBefore(scheduledTime: string, every: Every): ReportPeriod {
  const today = Math.floor(Date.parse(scheduledTime) / DAY_MS);
  const to = every === 'week' ? monday(today) : today;
  return periodFrom(to - (every === 'week' ? 7 : 1), every);
}

export function periodFrom(day: number, every: Every): ReportPeriod {
  const to = day + (every === 'week' ? 7 : 1);
  const midnight = (each: number) => `${isoDay(each)}T00:00:00.000Z`;
  return { every, name: `${every}-${isoDay(day)}`, from: midnight(day), to: midnight(to) };
}

/** `2026-06-21` of a day, `2026-W25` of a week or any day in it. @throws PeriodError */
export function parsePeriod(text: string, every: Every): ReportPeriod {
  const week = every === 'week' ? /^(\d{4})-W(\d{2})$/.exec(text) : null;
  if (week) return isoWeek(Number(week[1]), Number(week[2]), text);
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN;
  if (Number.isNaN(ms) || isoDay(ms / DAY_MS) !== text)
    throw new PeriodError(
      `${text}: must be ${every === 'day' ? 'a day, as 2026-06-21' : 'a week, as 2026-W25 or 2026-06-15'}`,
    );
  const day = ms / DAY_MS;
  return periodFrom(every === 'week' ? monday(day) : day, every);
}

/** ISO 8601: week 1 holds the year's first Thursday. */
function isoWeek(year: number, week: number, text: string): ReportPeriod {
  const first = monday(Math.floor(Date.UTC(year, 0, 4) / DAY_MS));
  const next = monday(Math.floor(Date.UTC(year + 1, 0, 4) / DAY_MS));
  const day = first + 7 * (week - 1);
  if (week < 1 || day >= next) throw new PeriodError(`${text}: ${year} has no such week`);
  return periodFrom(day, 'week');
}

/** The Monday on or before a day. */
function monday(day: number): number {
  return day - ((day + 3) % 7);
}
