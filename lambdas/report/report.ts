/** Sends the report of a period, once; corrects it where its figures change soon after; keeps the page up to date. */
import { DAY_MS } from '../../core/messages/dates.ts';
import { type MailEvent, reachOfMail } from '../../core/messages/mail-events.ts';
import { buildReport, type ReportData } from '../../core/messages/report-data.ts';
import { reportHtml } from '../../core/messages/report-html.ts';
import { type Leave, reportMail } from '../../core/messages/report-mail.ts';
import { type Every, parsePeriod, periodBefore, type ReportPeriod } from '../../core/messages/report-period.ts';
import { hashOf, headlineOf, nextStep, type ReportClaim, settled } from '../../core/messages/report-sending.ts';
import { gatherReport, type ReportPlace, type WatchRecords } from '../../core/messages/report-source.ts';
import type { Claims } from '../adapters/dynamo-claims.ts';
import type { UnreachableMarks } from '../adapters/dynamo-unreachable.ts';
import type { Objects } from '../adapters/s3.ts';
import { type Mailer, wasRefused } from '../adapters/ses.ts';
import type { Telemetry } from '../telemetry.ts';

/** From the schedule, or of a named period; both are the same report. */
export type MailTask = { every: Every } & ({ scheduledTime: string } | { period: string });
/** Writes the overview of all that is known; `at` names the sweep that asked. */
export interface PageTask {
  page: true;
}
/** The mail service says what became of a mail; its tag names the report, where it was one. */
export interface SentEvent {
  source: 'aws.ses';
  detail: MailEvent;
}
export type ReportTask = MailTask | PageTask | SentEvent;

export type Outcome = 'sent' | 'corrected' | 'sent before' | 'changed too late' | 'nothing to say' | 'page' | 'noted';

export interface ReportHost {
  place: ReportPlace;
  watch: WatchRecords;
  claims: Claims;
  mailer: Mailer;
  marks: Pick<UnreachableMarks, 'mark' | 'reached'>;
  objects: Pick<Objects, 'put'>;
  leave: Leave;
  told: Telemetry;
  now(): number;
}

export class BusyError extends Error {
  override name = 'BusyError';
}

/** The mail service carries it with each event of the mail. */
export const REPORT_TAG = 'stillwatch-report';
export const PAGE_KEY = 'page/report.html';
/** The longest known campaign. */
const PAGE_DAYS = 45;

export async function handle(task: ReportTask, run: string, host: ReportHost): Promise<Outcome> {
  if ('source' in task) return note(task, host);
  if ('page' in task) return writePage(host);
  const period = 'period' in task ? parsePeriod(task.period, task.every) : periodBefore(task.scheduledTime, task.every);
  return sendOnce(period, run, host);
}

export async function reportOf(
  period: Pick<ReportPeriod, 'from' | 'to'>,
  host: Pick<ReportHost, 'place' | 'watch'>,
): Promise<ReportData> {
  return buildReport(await gatherReport(period, host.place, host.watch));
}

/**
 * The claim is written before the mail is handed over. A refusal gives it up; where nothing is known, the next run waits
 * for the mail service's own word before it sends again. A report may come twice but never silently not at all.
 */
async function sendOnce(period: ReportPeriod, run: string, host: ReportHost): Promise<Outcome> {
  host.told.count('ReportsBegun', 1);
  const report = await reportOf(period, host);
  if (reportMail(report, host.leave) === null) return 'nothing to say';
  const name = claimName(period.name);
  const figures = headlineOf(report);
  const seen = await host.claims.read(name);
  const step = nextStep(seen, { hash: hashOf(figures), figures, at: host.now(), run });
  if (step.do === 'nothing') return step.because === 'sent' ? 'sent before' : 'changed too late';
  const busy = new BusyError(`${name} may have been sent a moment ago; tried again later`);
  if (step.do === 'wait') throw busy;
  if (!(await host.claims.write(name, step.claim, seen))) throw busy;
  const mail = reportMail(report, host.leave, step.do === 'correct' ? step.was : undefined)!;
  await handOver(() => host.mailer.send(mail, { [REPORT_TAG]: period.name }), name, step.claim, host);
  host.told.count('ReportsSent', 1);
  return step.do === 'correct' ? 'corrected' : 'sent';
}

async function handOver(
  send: () => Promise<unknown>,
  name: string,
  claim: ReportClaim,
  host: ReportHost,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (wasRefused(error)) await host.claims.write(name, givenUp(claim), claim);
    throw error;
  }
  await host.claims.write(name, settled(claim, host.now()), claim);
}

/** As old as can be, so that the next run need not wait. */
function givenUp({ first, correction }: ReportClaim): ReportClaim {
  return correction ? { first, correction: { ...correction, at: 0 } } : { first: { ...first, at: 0 } };
}

async function note({ detail }: SentEvent, host: ReportHost): Promise<Outcome> {
  const { lost, reached } = reachOfMail(detail);
  for (const mark of lost) await host.marks.mark(mark);
  for (const address of reached) await host.marks.reached(address);
  const name = detail.mail?.tags?.[REPORT_TAG]?.[0];
  if (name === undefined || detail.eventType !== 'Send') return 'noted';
  const claim = await host.claims.read(claimName(name));
  if (claim) await host.claims.write(claimName(name), settled(claim, host.now()), claim);
  return 'noted';
}

async function writePage(host: ReportHost): Promise<Outcome> {
  const last = (await host.watch.sweeps(host.now() - PAGE_DAYS * DAY_MS)).at(-1);
  if (last === undefined) return 'nothing to say';
  const from = new Date(Math.floor(Date.parse(last) / DAY_MS) * DAY_MS - PAGE_DAYS * DAY_MS).toISOString();
  await host.objects.put(PAGE_KEY, reportHtml(await reportOf({ from, to: last }, host)), 'text/html; charset=utf-8');
  return 'page';
}

function claimName(period: string): string {
  return `report-${period}`;
}
