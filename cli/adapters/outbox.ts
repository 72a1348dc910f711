/** The alerts and mails that would have been sent, as files: the laptop's stand-in for SNS and SES. */
import { alertText } from '../../core/messages/alert-text.ts';
import { chatMessage } from '../../core/messages/chat.ts';
import { alertEmail, alertMailId, threadOf } from '../../core/messages/email.ts';
import { type Envelope, envelope, type Told } from '../../core/messages/envelope.ts';
import { domainPart } from '../../core/messages/mail-message.ts';
import { emlFile } from '../../core/messages/mime.ts';
import { pagerDutyEvent } from '../../core/messages/pagerduty.ts';
import type { ReportData } from '../../core/messages/report-data.ts';
import { reportMail } from '../../core/messages/report-mail.ts';
import type { MessageSettings } from '../../core/messages/settings.ts';
import { snsMessage } from '../../core/messages/sns.ts';
import { webhookFile } from '../../core/messages/webhook.ts';

export interface OutboxFile {
  name: string;
  content: string;
}

const SENDER = 'Stillwatch <stillwatch@stillwatch.invalid>';
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

/** The periodic report as it would be mailed. */
export function reportFiles(report: ReportData, settings: MessageSettings): OutboxFile[] {
  const { to } = report.period;
  const content = emlFile(reportMail(report, settings), {
    from: SENDER,
    to: [READER],
    date: to,
    messageId: `<weekly.${to.slice(0, 10)}.${domainPart(report.deployment)}@stillwatch.invalid>`,
  });
  return [{ name: `${stamp(to)}-weekly.eml`, content }];
}
