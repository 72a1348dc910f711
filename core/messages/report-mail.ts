/** The periodic report as mail: the answer in the subject, the same content as text and as HTML, and the page attached. */
import { dayRange } from './dates.ts';
import { automaticHeaders, domainPart, type MailMessage } from './mail-message.ts';
import type { ReportData } from './report-data.ts';
import { reportHtml } from './report-html.ts';
import { reportMailHtml } from './report-mail-html.ts';
import { reportMailText } from './report-mail-text.ts';
import { answers } from './report-words.ts';
import type { MessageSettings } from './settings.ts';
import { TITLE_LIMIT } from './title.ts';

/** Mail readers show the whole of an HTML part up to about 100 KiB. */
export const MAIL_HTML_LIMIT = 100 * 1024;

/** Throws nothing; an empty period gives a mail that says what it is worth. */
export function reportMail(
  report: ReportData,
  { deployment }: Pick<MessageSettings, 'deployment'> = report,
): MailMessage {
  const page = new TextEncoder().encode(reportHtml(report));
  const thread = `<reports.${domainPart(deployment)}@stillwatch.invalid>`;
  return {
    subject: reportSubject(report),
    text: reportMailText(report),
    html: reportMailHtml(report).value,
    headers: { References: thread, 'In-Reply-To': thread, ...automaticHeaders(deployment) },
    attachments: [{ filename: 'report.html', contentType: 'text/html; charset=utf-8', content: page }],
  };
}

/** `[Stillwatch] Weekly 15-21 Jun: 1 open, 2 cleared, 3 decisions`, at most 78 characters. */
export function reportSubject(report: ReportData): string {
  const head = `[Stillwatch] ${periodWord(report)} ${dayRange(report.period)}: `;
  const forms = answers(report).map((each) => head + each);
  return forms.find((each) => each.length <= TITLE_LIMIT) ?? forms.at(-1)!;
}

function periodWord({ perDay }: ReportData): string {
  if (perDay.length === 1) return 'Daily';
  return perDay.length === 7 ? 'Weekly' : 'Report';
}
