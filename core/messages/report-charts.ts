/** The pictures of a weekly mail, three at most: is it getting worse, did a ban work, what is it after. */
import { capabilityChart } from './charts/capability.ts';
import { daysPicture } from './charts/days.ts';
import { MAIL_WIDTH, type Picture } from './charts/picture.ts';
import { picturePng } from './charts/png.ts';
import { weeksChart } from './charts/share.ts';
import { timeline } from './charts/timeline.ts';
import { dayMonth } from './dates.ts';
import type { MailPart } from './mail-message.ts';
import { listed } from './numbers.ts';
import type { ReportData } from './report-data.ts';

export interface MailChart {
  /** Title of the section that it stands in. */
  at: string;
  cid: 'share' | 'days' | 'tasks';
  picture: Picture;
  /** The finding, not the chart. */
  says: string;
  /** What the marks and colours mean, and the numbers beside it. */
  caption: string[];
}

/** Marks named below the chart; the attached page has all. */
const MARKS = 6;

export function mailCharts(report: ReportData): MailChart[] {
  const weeks = weeksChart(report);
  const share = weeks
    ? [{ at: 'Share of all output that went to campaigns', cid: 'share' as const, ...weeks, caption: [] }]
    : [];
  return [...campaignCharts(report), ...share];
}

/** Of the gravest campaign that is open. */
function campaignCharts(report: ReportData): MailChart[] {
  const item = report.campaigns.find(({ open }) => open);
  if (item === undefined) return [];
  const { id } = item.finding;
  const days = timeline(report, item);
  const tasks = capabilityChart(item.finding, MAIL_WIDTH);
  return [
    ...(days
      ? [
          {
            at: 'Campaigns',
            cid: 'days' as const,
            picture: daysPicture(days.chart, MAIL_WIDTH),
            says: `${id}: ${days.says}`,
            caption: [
              `${id} by day. Accounts: filled are new that day, hollow were seen before.`,
              ...(days.marks.length > 0
                ? [
                    listed(
                      days.marks.map(({ sign, day, words }) => `${sign} ${dayMonth(day)}: ${words.join(', ')}`),
                      MARKS,
                      '; ',
                    ),
                  ]
                : []),
            ],
          },
        ]
      : []),
    ...(tasks
      ? [
          {
            at: 'Campaigns',
            cid: 'tasks' as const,
            ...tasks,
            says: `${id}: ${tasks.says}`,
            caption: [`${id}: share of exchanges per task, and how many times the share of all accounts.`],
          },
        ]
      : []),
  ];
}

export function chartParts(charts: readonly MailChart[]): MailPart[] {
  return charts.map(({ cid, picture }) => ({
    filename: `${cid}.png`,
    contentType: 'image/png',
    content: picturePng(picture),
    contentId: cid,
  }));
}
