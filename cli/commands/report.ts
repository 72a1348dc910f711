/** `report` and `export --digest, --weekly`: the page and the mails of a place, from a folder and a deployment alike. */
import { writeFileSync } from 'node:fs';
import { buildReport, type ReportData } from '../../core/messages/report-data.ts';
import { reportHtml } from '../../core/messages/report-html.ts';
import { reportMail } from '../../core/messages/report-mail.ts';
import { PeriodError, parsePeriod, type ReportPeriod } from '../../core/messages/report-period.ts';
import { gatherReport, NoSweepError } from '../../core/messages/report-source.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { reportFiles, SENDER_ADDRESS } from '../adapters/outbox.ts';
import { type OpenedWatch, openPlace, openWatch, sendReport } from '../adapters/place/open.ts';

export async function reportCommand({ at, out }: { at: string; out: string }): Promise<void> {
  const opened = await openWatch(at);
  write(out, reportHtml(await reportOver(at, await opened.span(), opened)));
  console.log(out);
}

export interface ExportReport {
  at: string;
  digest?: string;
  weekly?: string;
  send?: boolean;
  out?: string;
}

export async function exportReportCommand({ at, digest, weekly, send, out }: ExportReport): Promise<void> {
  const period = periodOf(digest, weekly);
  if (send) {
    console.log(await sendReport(at, period));
    return;
  }
  const report = await reportOver(at, period, await openWatch(at));
  if (out !== undefined) return writeMail(report, period, out);
  const mail = reportMail(report, { mail: SENDER_ADDRESS });
  console.log(mail === null ? silence(period) : `Subject: ${mail.subject}\n\n${mail.text}`);
}

function writeMail(report: ReportData, period: ReportPeriod, out: string): void {
  const [file] = reportFiles(report);
  if (file === undefined) {
    console.log(silence(period));
    return;
  }
  write(out, file.content);
  console.log(out);
}

const silence = ({ name }: ReportPeriod) => `${name}: nothing to say, and no digest is sent`;

function write(out: string, content: string): void {
  try {
    writeFileSync(out, content);
  } catch (error) {
    throw new InputError(`--out ${out}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

function periodOf(digest: string | undefined, weekly: string | undefined): ReportPeriod {
  const [option, text, every] =
    digest === undefined ? ['--weekly', weekly!, 'week' as const] : ['--digest', digest, 'day' as const];
  try {
    return parsePeriod(text, every);
  } catch (error) {
    if (error instanceof PeriodError) throw new InputError(`${option} ${error.message}`);
    throw error;
  }
}

async function reportOver(
  at: string,
  period: { from: string; to: string },
  { watch }: OpenedWatch,
): Promise<ReportData> {
  try {
    return buildReport(await gatherReport(period, await openPlace(at), watch));
  } catch (error) {
    if (error instanceof NoSweepError) throw new InputError(`--at ${at}: ${error.message}`);
    throw error;
  }
}
