/** The days of one finding: exchanges and accounts, with what happened to it. */
import type { FindingDay } from '../../findings/transition.ts';
import { DAY_MS, dayMonth, dayNumber, isoDay, minute } from '../dates.ts';
import { exact, plural } from '../numbers.ts';
import type { ReportData, ReportFinding } from '../report-data.ts';
import type { DaysChart } from './days.ts';

/** Days with the most bans that get a mark of their own; the table has them all. */
const BAN_MARKS = 5;

/** What a timeline needs of a report and of one finding in it. */
type Released = Pick<ReportData, 'releases'>;
type Shown = Pick<ReportFinding, 'finding' | 'events'> & { context: { daily: FindingDay[] } };

export interface TimelineMark {
  sign: string;
  day: string;
  words: string[];
}

export interface Timeline {
  chart: DaysChart;
  marks: TimelineMark[];
  /** The finding, not the chart, in one sentence. */
  says: string;
}

export function timeline(report: Released, item: Shown): Timeline | null {
  const daily = everyDay(item.context.daily);
  if (daily.length === 0) return null;
  const marks = timelineMarks(report, item, daily);
  const days = daily.map((each) => each.day);
  const last = marks.at(-1)?.day;
  const chart: DaysChart = {
    days: last && last > days.at(-1)! ? [...days, ...between(days.at(-1)!, last)] : days,
    marks,
    panels: [
      { name: 'Exchanges a day', bars: [{ values: daily.map((each) => each.exchanges), ink: 'main' as const }] },
      ...(item.finding.kind === 'campaign' ? [accountsPanel(daily)] : []),
    ],
  };
  const says = sentence(daily, marks);
  return { chart, marks, says };
}

type Day = FindingDay;

function accountsPanel(daily: Day[]) {
  return {
    name: 'Accounts active a day',
    bars: [
      { values: daily.map((each) => Math.min(each.joined, each.active)), ink: 'main' as const },
      { values: daily.map((each) => Math.max(0, each.active - each.joined)), ink: 'second' as const, hollow: true },
    ],
  };
}

/** Quiet days are shown as zero, never left out. */
export function everyDay(daily: readonly Day[]): Day[] {
  if (daily.length === 0) return [];
  const known = new Map(daily.map((each) => [each.day, each]));
  const days = [...known.keys()].toSorted();
  const [first, last] = [dayNumber(days[0]!), dayNumber(days.at(-1)!)];
  const quiet = { exchanges: 0, outputTokens: 0, active: 0, joined: 0, banned: 0 };
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const day = isoDay(first + index);
    return known.get(day) ?? { day, ...quiet };
  });
}

function between(after: string, until: string): string[] {
  return Array.from({ length: dayNumber(until) - dayNumber(after) }, (_, index) =>
    isoDay(dayNumber(after) + index + 1),
  );
}

/** One numbered mark per day on which something happened to the finding. */
export function timelineMarks(report: Released, item: Shown, daily: readonly Day[]): TimelineMark[] {
  const [first, last] = [daily[0]!.day, daily.at(-1)!.day];
  const happened = [
    ...item.events.map((event) => ({
      day: sweptDay(event.at),
      words: `${event.message} by the sweep of ${minute(event.at)}`,
    })),
    ...mostBanned(item).map((day) => ({ day: day.day, words: `${plural(day.banned, 'account')} banned` })),
    ...report.releases
      .filter(({ day }) => day <= last)
      .map((release) => ({ day: release.day, words: `${release.model} released` })),
  ].filter(({ day }) => day >= first);
  const perDay = Map.groupBy(happened, ({ day }) => day);
  return [...perDay.keys()].toSorted().map((day, index) => ({
    sign: String(index + 1),
    day,
    words: perDay.get(day)!.map(({ words }) => words),
  }));
}

/** A sweep at midnight speaks of the day that ends there. */
function sweptDay(at: string): string {
  return isoDay(Math.floor((Date.parse(at) - 1) / DAY_MS));
}

function mostBanned({ context }: Pick<Shown, 'context'>): Day[] {
  return context.daily
    .filter((each) => each.banned > 0)
    .toSorted((a, b) => b.banned - a.banned || (a.day < b.day ? -1 : 1))
    .slice(0, BAN_MARKS);
}

function sentence(daily: Day[], marks: TimelineMark[]): string {
  const peak = daily.reduce((most, each) => (each.exchanges > most.exchanges ? each : most));
  const [first, last] = [daily[0]!, daily.at(-1)!];
  const events = marks.map((mark) => `${dayMonth(mark.day)} ${mark.words.join(', ')}`).join('; ');
  const course =
    `From ${exact(first.exchanges)} exchanges on ${dayMonth(first.day)} to ${exact(last.exchanges)} on ` +
    `${dayMonth(last.day)}; most on ${dayMonth(peak.day)}, ${exact(peak.exchanges)} from ${plural(peak.active, 'account')}.`;
  return events ? `${course} Marks: ${events}.` : course;
}
