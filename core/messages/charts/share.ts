/** Share of all output tokens that went to campaigns: day by day on the page, week by week in the mail. */
import { dayMonth, dayRange } from '../dates.ts';
import { percent, shortPercent } from '../numbers.ts';
import type { OutputShare } from '../output-share.ts';
import type { ReportData } from '../report-data.ts';
import { daysChart } from './days.ts';
import { LABEL, MAIL_WIDTH, type Picture, type Shape } from './picture.ts';

export interface Chart {
  wide: Picture;
  narrow: Picture;
  /** The finding, not the chart, in one sentence. */
  says: string;
}

export function shareOf({ campaigns, all }: OutputShare): number {
  return all > 0 ? campaigns / all : 0;
}

/** Null where no day has a total, or no campaign received anything: an empty chart says less than a sentence. */
export function shareChart(report: ReportData): Chart | null {
  const days = report.perDay;
  if (!days.some((each) => each.all > 0 && each.campaigns > 0)) return null;
  const peak = days.reduce((most, each) => (shareOf(each) > shareOf(most) ? each : most));
  const last = days.at(-1)!;
  const says =
    `Share of all output tokens that went to campaigns: ${percent(shareOf(days[0]!))} on ${dayMonth(days[0]!.from)}, ` +
    `at most ${percent(shareOf(peak))} on ${dayMonth(peak.from)}, ${percent(shareOf(last))} on ${dayMonth(last.from)}.`;
  const chart = {
    days: days.map((each) => each.from),
    marks: [],
    panels: [
      {
        name: 'Share of all output tokens that went to campaigns',
        bars: [{ values: days.map(shareOf), ink: 'main' as const }],
        write: (value: number) => shortPercent(value),
      },
    ],
  };
  return { ...daysChart(chart), says };
}

const WEEKS = { height: 168, top: 26, foot: 26, bar: 64 } as const;

/** Six weeks as bars, each with its value above it; null where nothing went to campaigns in any. */
export function weeksChart({ perWeek }: ReportData): { picture: Picture; says: string } | null {
  const shares = perWeek.map(shareOf);
  const largest = Math.max(0, ...shares);
  if (largest === 0) return null;
  const { height, top, foot, bar } = WEEKS;
  const slot = MAIL_WIDTH / perWeek.length;
  const floor = height - foot;
  const columns = perWeek.flatMap((week, index): Shape[] => {
    const middle = (index + 0.5) * slot;
    const high = (shares[index]! / largest) * (floor - top);
    const ink = index === perWeek.length - 1 ? 'main' : 'second';
    const value = week.all > 0 ? percent(shares[index]!) : 'no totals';
    return [
      ...(high > 0
        ? [
            {
              kind: 'rect' as const,
              x: middle - bar / 2,
              y: floor - Math.max(1, high),
              width: bar,
              height: Math.max(1, high),
              ink,
            } as Shape,
          ]
        : []),
      { kind: 'text', x: middle, y: floor - high - 8, text: value, size: 14, ink: 'text', anchor: 'middle' },
      { kind: 'text', x: middle, y: height - 8, text: weekWords(week), size: LABEL, ink: 'text', anchor: 'middle' },
    ];
  });
  const ground: Shape = { kind: 'line', x: 0, y: floor + 0.5, length: MAIL_WIDTH, ink: 'line' };
  const values = shares.map((share, index) =>
    perWeek[index]!.all > 0 ? percent(share).replace('%', '') : 'no totals',
  );
  const earlier = values.slice(0, -1);
  const says = `Share of all output that went to campaigns, by week: ${earlier.length > 0 ? `${earlier.join(', ')}, and ` : ''}this week ${values.at(-1)} percent`;
  return { picture: { width: MAIL_WIDTH, height, shapes: [...columns, ground] }, says };
}

/** `15-21 Jun`. */
export function weekWords({ from }: OutputShare): string {
  const start = Date.parse(`${from}T00:00:00.000Z`);
  return dayRange({ from: new Date(start).toISOString(), to: new Date(start + 7 * 86_400_000).toISOString() });
}
