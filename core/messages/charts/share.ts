/** Share of all output tokens that went to campaigns, day by day. */
import { dayMonth } from '../dates.ts';
import { percent } from '../numbers.ts';
import type { OutputShare } from '../output-share.ts';
import type { ReportData } from '../report-data.ts';
import { daysChart } from './days.ts';
import { INK } from './draw.ts';

export interface ShareChart {
  svg: { wide: string; narrow: string };
  says: string;
}

export function shareOf({ campaigns, all }: OutputShare): number {
  return all > 0 ? campaigns / all : 0;
}

/** Null where no day has a total, or no campaign received anything: an empty chart says less than a sentence. */
export function shareChart(report: ReportData, key: string): ShareChart | null {
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
        bars: [{ values: days.map(shareOf), color: INK.main }],
        write: (value: number) => percent(value),
      },
    ],
  };
  return { svg: daysChart(chart, key, says), says };
}
