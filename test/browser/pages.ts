/** What people open in a browser or a mail program, as files: built from the samples of the message tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertEmail } from '../../core/messages/email.ts';
import { envelope } from '../../core/messages/envelope.ts';
import type { MailMessage } from '../../core/messages/mail-message.ts';
import { buildReport, type ReportInput } from '../../core/messages/report-data.ts';
import { reportHtml } from '../../core/messages/report-html.ts';
import { dailyMail, weeklyMail } from '../../core/messages/report-mail.ts';
import { CONSUMER_OPENED, SETTINGS, UPDATED } from '../core/messages/sample.ts';
import { REPORT_INPUT, WEEK } from '../core/messages/sample-report.ts';
import { dossierPages } from './dossiers.ts';

export interface Page {
  name: string;
  html: string;
}

const LEAVE = { mail: 'stillwatch@example.com' };
const DAY = { from: '2026-06-21T00:00:00.000Z', to: WEEK.to };

const report = (change: Partial<ReportInput> = {}) => buildReport({ ...REPORT_INPUT, ...change });
const many = Array.from({ length: 8 }, (_, index) => ({
  ...UPDATED,
  finding: { ...UPDATED.finding, id: `cmp-${String(index).padStart(12, '7')}` },
}));
const quiet = { transitions: [], cases: [] };

export const PAGES: Page[] = [
  { name: 'report', html: reportHtml(report()) },
  { name: 'report-quiet', html: reportHtml(report(quiet)) },
  { name: 'report-many', html: reportHtml(report({ transitions: many })) },
  ...(await dossierPages()),
];

export const MAILS: (Page & { text: string })[] = [
  mail('mail-weekly', weeklyMail(report({ period: WEEK }), LEAVE)),
  mail('mail-weekly-quiet', weeklyMail(report({ period: WEEK, ...quiet }), LEAVE)),
  mail('mail-weekly-many', weeklyMail(report({ period: WEEK, transitions: many }), LEAVE)),
  mail('mail-daily', dailyMail(report({ period: DAY, cases: [] }), LEAVE)!),
  mail('mail-alert', alertEmail(envelope(UPDATED, SETTINGS))),
  mail('mail-alert-consumer', alertEmail(envelope(CONSUMER_OPENED, SETTINGS))),
];

/** Pictures in their place, as a mail program puts them. */
function mail(name: string, { html, text, attachments }: MailMessage): Page & { text: string } {
  const shown = attachments.reduce(
    (page, { contentId, content }) =>
      contentId
        ? page.replaceAll(`cid:${contentId}"`, `data:image/png;base64,${Buffer.from(content).toString('base64')}"`)
        : page,
    html,
  );
  return { name, html: shown, text };
}

/** Without styles and pictures, as the plainest mail program shows it. */
export function bare(html: string): string {
  return html.replace(/ style="[^"]*"/g, '').replace(/src="[^"]*"/g, 'src="data:,"');
}

export function folderOfPages(): { file(page: Page): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-pages-'));
  return {
    file: ({ name, html }) => {
      const path = join(folder, `${name}.html`);
      writeFileSync(path, html);
      return `file://${path}`;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
