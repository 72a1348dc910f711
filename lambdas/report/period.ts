/** Which days a periodic report is about, and its name. */
import { DAY_MS, isoTime, timeMs } from '../../core/records/time.ts';

export type Every = 'day' | 'week';

export interface ReportPeriod {
  /** One report per name: `week-2026-05-11`, say, by its first day. */
  name: string;
  /** RFC 3339 midnights; `to` is exclusive. */
  from: string;
  to: string;
}

/** The last whole UTC day, or the last seven: the same scheduled time is always the same period. */
export function periodBefore(scheduledTime: string, every: Every): ReportPeriod {
  const to = Math.floor(timeMs(scheduledTime) / DAY_MS) * DAY_MS;
  const from = to - (every === 'week' ? 7 : 1) * DAY_MS;
  return { name: `${every}-${isoTime(from).slice(0, 10)}`, from: isoTime(from), to: isoTime(to) };
}
