/** The alerts and mails that would have been sent, as files: the laptop's stand-in for SNS and SES. */
import { alertText } from '../../core/messages/alert-text.ts';
import { chatMessage } from '../../core/messages/chat.ts';
import { alertEmail, alertMailId, threadOf } from '../../core/messages/email.ts';
import { type Envelope, envelope, type Told } from '../../core/messages/envelope.ts';
import { emlFile } from '../../core/messages/mime.ts';
import { pagerDutyEvent } from '../../core/messages/pagerduty.ts';
import type { ReportData } from '../../core/messages/report-data.ts';
import { reportMail, reportMailId } from '../../core/messages/report-mail.ts';
import type { MessageSettings } from '../../core/messages/settings.ts';
import { snsMessage } from '../../core/messages/sns.ts';
import { webhookFile } from '../../core/messages/webhook.ts';

export interface OutboxFile {
  name: string;
  content: string;
}

const SENDER_ADDRESS = 'stillwatch@stillwatch.invalid';
const SENDER = `Stillwatch <${SENDER_ADDRESS}>`;
const READER = 'oncall@stillwatch.invalid';

/** Colons do not belong in file names; the rest of the time sorts as it reads. */
export function stamp(at: string): string {
  return at.replace(/[:.]/g, '-');
}

export function alertFiles(told: Told, settings: MessageSettings): OutboxFile[] {
  return messageFiles(envelope(told, settings), told.at ?? told.finding.at);
}

/** One message as every channel would send it; `at` is its own time, not that of sending. Secrets are in none. */
export function messageFiles(message: Envelope, at: string): OutboxFile[] {
  const name = `${stamp(at)}-${threadOf(message)}-${message.message}`;
  const from = { from: SENDER, to: [READER], date: at, messageId: alertMailId(message) };
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    { name: `${name}.txt`, content: alertText(message) },
    { name: `${name}.json`, content: `${JSON.stringify(message)}\n` },
    { name: `${name}.sns.json`, content: pretty(snsMessage(message)) },
    { name: `${name}.chat.json`, content: pretty(chatMessage(message)) },
    { name: `${name}.pagerduty.json`, content: pretty(pagerDutyEvent(message)) },
    { name: `${name}.webhook.http`, content: webhookFile(message, Math.floor(Date.parse(at) / 1000)) },
    { name: `${name}.eml`, content: emlFile(alertEmail(message), from) },
  ];
}

/** A report as it would be mailed; none where a day has nothing to say. */
export function reportFiles(report: ReportData): OutboxFile[] {
  const mail = reportMail(report, { mail: SENDER_ADDRESS });
  if (mail === null) return [];
  const { kind, period } = report;
  const envelope = { from: SENDER, to: [READER], date: period.to, messageId: reportMailId(report) };
  const name = kind === 'daily' ? 'daily' : 'weekly';
  return [{ name: `${stamp(period.to)}-${name}.eml`, content: emlFile(mail, envelope) }];
}
