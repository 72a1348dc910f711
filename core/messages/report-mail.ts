/** Weekly report and daily digest as mail: the answer in the subject, the same content as text and as HTML. */
import { createHash } from 'node:crypto';
import { dayMonth, dayRange } from './dates.ts';
import { automaticHeaders, domainPart, type MailMessage, type MailPart } from './mail-message.ts';
import { plural } from './numbers.ts';
import { chartParts, mailCharts } from './report-charts.ts';
import type { ReportData } from './report-data.ts';
import { periodName, reportFiles } from './report-files.ts';
import { reportHtml } from './report-html.ts';
import { reportMailHtml } from './report-mail-html.ts';
import { reportMailText } from './report-mail-text.ts';
import type { Section } from './report-section.ts';
import { dailySections, weeklySections } from './report-sections.ts';
import { changes, type Headline, headlineOf } from './report-sending.ts';
import { unacked } from './report-tables.ts';
import { answers } from './report-words.ts';
import { TITLE_LIMIT } from './title.ts';

/** Mail readers show the whole of an HTML part up to about 100 KiB. */
export const MAIL_HTML_LIMIT = 100 * 1024;

/** How a reader leaves the list: by mail to the sender, and where a deployment has an address for it with one click. */
export interface Leave {
  mail: string;
  /** https; takes the POST of RFC 8058. */
  url?: string;
}

/** The weekly report. Throws nothing; an empty period gives a mail that says what it is worth. */
export function weeklyMail(report: ReportData, leave: Leave, was?: Headline): MailMessage {
  const page: MailPart = {
    filename: 'report.html',
    contentType: 'text/html; charset=utf-8',
    content: new TextEncoder().encode(reportHtml(report)),
  };
  const files = [page, ...reportFiles(report)];
  const charts = mailCharts(report);
  const sections = [...corrections(report, was), ...weeklySections(report)];
  const foot = [...appendix(report), ...files.map(({ filename, content }) => `${filename} SHA-256 ${sha256(content)}`)];
  return {
    subject: reportSubject(report, was !== undefined),
    text: reportMailText(report, sections, charts, foot),
    html: reportMailHtml(report, sections, charts, foot).value,
    headers: reportHeaders(report, leave),
    attachments: [...chartParts(charts), ...files],
  };
}

/** The digest of a day, or null where the day has nothing to say. */
export function dailyMail(report: ReportData, leave: Leave, was?: Headline): MailMessage | null {
  const said = dailySections(report);
  if (said.length === 0) return null;
  const sections = [...corrections(report, was), ...said];
  const foot = appendix(report);
  return {
    subject: reportSubject(report, was !== undefined),
    text: reportMailText(report, sections, [], foot),
    html: reportMailHtml(report, sections, [], foot).value,
    headers: reportHeaders(report, leave),
    attachments: reportFiles(report).slice(0, 1),
  };
}

/** `was`: the figures of a mail that this one corrects. */
export function reportMail(report: ReportData, leave: Leave, was?: Headline): MailMessage | null {
  return report.kind === 'daily' ? dailyMail(report, leave, was) : weeklyMail(report, leave, was);
}

/** With angle brackets; the same for the same period. */
export function reportMailId(report: ReportData, correction = false): string {
  return `<${periodName(report)}${correction ? '.corrected' : ''}.${domainPart(report.deployment)}@stillwatch.invalid>`;
}

/** `[Stillwatch] Weekly 15-21 Jun: 1 open, 2 cleared, 3 decisions`, at most 78 characters. */
export function reportSubject(report: ReportData, corrected = false): string {
  const head = `[Stillwatch] ${corrected ? 'CORRECTED ' : ''}${WORDS[report.kind]} ${dayRange(report.period)}: `;
  const forms = (report.kind === 'daily' ? [daily(report)] : answers(report)).map((each) => head + each);
  return forms.find((each) => each.length <= TITLE_LIMIT) ?? forms.at(-1)!;
}

const WORDS = { daily: 'Daily', weekly: 'Weekly', overview: 'Report' } as const;

/** `1 open, 2 folded changes, 0 unacked`. */
function daily(report: ReportData): string {
  const open = [...report.campaigns, ...report.consumers].filter((item) => item.open).length;
  return `${open} open, ${plural(report.mailed.folded.length, 'folded change')}, ${unacked(report).length} unacked`;
}

function reportHeaders({ deployment }: ReportData, { mail, url }: Leave): Record<string, string> {
  const thread = `<reports.${domainPart(deployment)}@stillwatch.invalid>`;
  const byMail = `<mailto:${mail}?subject=unsubscribe>`;
  return {
    References: thread,
    'In-Reply-To': thread,
    ...automaticHeaders(deployment),
    'List-Unsubscribe': url ? `<${url}>, ${byMail}` : byMail,
    ...(url ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
  };
}

/** Old and new figures, before all else. */
function corrections(report: ReportData, was: Headline | undefined): Section[] {
  if (was === undefined) return [];
  const lines = changes(was, headlineOf(report));
  return [
    { title: 'Corrected', lines: ['This replaces the report sent before: records came late. What changed:', ...lines] },
  ];
}

function appendix({ build, period }: ReportData): string[] {
  const made = build ? `Stillwatch ${build.version}, settings ${build.config}` : 'Stillwatch';
  const last = dayRange(period).split('-');
  const days = last.length === 1 ? last[0] : `${dayMonth(period.from)} to the end of ${last.at(-1)}`;
  return [`${made}. Figures of ${days}, UTC; attached are the lists behind them. No account is named in this mail.`];
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
