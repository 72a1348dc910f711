/** The page of a replay, and the digests and reports that would have been mailed meanwhile. */
import { DAY_MS, isoDay } from '../../core/messages/dates.ts';
import { buildReport } from '../../core/messages/report-data.ts';
import { reportHtml } from '../../core/messages/report-html.ts';
import { periodBefore, periodFrom } from '../../core/messages/report-period.ts';
import { gatherReport, type ReportPlace } from '../../core/messages/report-source.ts';
import { type OutboxFile, reportFiles } from '../adapters/outbox.ts';
import { spanOf, type WatchFile, watchOf } from '../adapters/place/folder-watch.ts';

type Span = { from: string; to: string };

/** `report.html` and the mails, by their names in the folder. Empty where no sweep ran. */
export async function reportsOf(file: WatchFile, place: ReportPlace): Promise<OutboxFile[]> {
  const span = spanOf(file);
  if (span === undefined) return [];
  const watch = watchOf(file);
  const report = async (period: Span) => buildReport(await gatherReport(period, place, watch));
  const files = [{ name: 'report.html', content: reportHtml(await report(span)) }];
  for (const period of periodsOf(span).filter(isSwept(file))) {
    const mails = reportFiles(await report(period));
    files.push(...mails.map(({ name, content }) => ({ name: `outbox/${name}`, content })));
  }
  return files;
}

/** Years without data are not swept, and nobody was mailed in them. */
function isSwept({ sweeps }: WatchFile): (period: Span) => boolean {
  const times = sweeps.map(({ at }) => Date.parse(at));
  return ({ from, to }) => times.some((at) => at > Date.parse(from) && at <= Date.parse(to));
}

/** Every whole day and every whole week, and the last seven days where the replay ends within a week. */
export function periodsOf({ from, to }: Span): Span[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const first = Math.floor(start / DAY_MS);
  const past = Math.floor(end / DAY_MS);
  const days = Array.from({ length: Math.max(0, past - first) }, (_, index) => periodFrom(first + index, 'day'));
  const weeks = days
    .map(({ to: at }) => periodBefore(at, 'week'))
    .filter((week) => Date.parse(week.from) >= first * DAY_MS);
  const whole = [...new Map(weeks.map((week) => [week.name, week])).values()].filter(
    (week) => Date.parse(week.to) <= end,
  );
  const last = Math.floor((end - 1) / DAY_MS);
  const rest = { from: `${isoDay(Math.max(first, last - 6))}T00:00:00.000Z`, to };
  return [...days, ...whole, ...(whole.at(-1)?.to === to ? [] : [rest])];
}
