/** Sends the report of a period, once. */
import { buildReport } from '../../core/messages/report-data.ts';
import { reportMail } from '../../core/messages/report-mail.ts';
import type { MessageSettings } from '../../core/messages/settings.ts';
import type { Claims } from '../adapters/dynamo-claims.ts';
import type { Mailer } from '../adapters/ses.ts';
import type { Telemetry } from '../telemetry.ts';
import { gather, type ReportSources } from './gather.ts';
import { type Every, periodBefore } from './period.ts';

export interface ReportTask {
  /** RFC 3339, from the schedule. */
  scheduledTime: string;
  every: Every;
}

export interface ReportHost {
  sources: ReportSources;
  claims: Claims;
  mailer: Mailer;
  settings: MessageSettings;
  told: Telemetry;
  now(): number;
}

export class BusyError extends Error {
  override name = 'BusyError';
}

/**
 * Returns whether a mail went out. Scheduler may invoke twice: the second finds the report done. Where it finds it
 * begun it fails, and so is tried again: the first may have died. A report may come twice but never silently not at all.
 */
export async function handle({ scheduledTime, every }: ReportTask, run: string, host: ReportHost): Promise<boolean> {
  const period = periodBefore(scheduledTime, every);
  const name = `report-${period.name}`;
  const claim = await host.claims.take(name, run, host.now());
  if (claim === 'done') return false;
  if (claim === 'busy') throw new BusyError(`${name} is being sent by another run; tried again later`);
  try {
    const report = buildReport(await gather(period, host.settings.deployment, host.sources));
    await host.mailer.send(reportMail(report, host.settings));
  } catch (error) {
    await host.claims.release(name);
    throw error;
  }
  await host.claims.done(name, run, host.now());
  host.told.count('ReportsSent', 1);
  return true;
}
