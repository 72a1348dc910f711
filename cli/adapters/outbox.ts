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
import { CHANNELS, type Channel, channelsFor } from '../../core/outbox/outbox.ts';

export interface OutboxFile {
  name: string;
  content: string;
}

export const SENDER_ADDRESS = 'stillwatch@stillwatch.invalid';
const SENDER = `Stillwatch <${SENDER_ADDRESS}>`;
const READER = 'oncall@stillwatch.invalid';

/** Colons do not belong in file names; the rest of the time sorts as it reads. */
export function stamp(at: string): string {
  return at.replace(/[:.]/g, '-');
}

export function alertFiles(told: Told, settings: MessageSettings): OutboxFile[] {
  return messageFiles(envelope(told, settings), told.at ?? told.finding.at);
}

/**
 * One message as every channel that takes it would send it; `at` is its own time, not that of sending. Secrets are in
 * none. `unpaged`: it goes to no channel that rings.
 */
export function messageFiles(message: Envelope, at: string, unpaged = false): OutboxFile[] {
  const name = `${stamp(at)}-${threadOf(message)}-${message.message}`;
  const from = { from: SENDER, to: [READER], date: at, messageId: alertMailId(message) };
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const bodies: Record<Channel, () => OutboxFile> = {
    sns: () => ({ name: `${name}.sns.json`, content: pretty(snsMessage(message)) }),
    chat: () => ({ name: `${name}.chat.json`, content: pretty(chatMessage(message)) }),
    pagerduty: () => ({ name: `${name}.pagerduty.json`, content: pretty(pagerDutyEvent(message)) }),
    webhook: () => ({
      name: `${name}.webhook.http`,
      content: webhookFile(message, Math.floor(Date.parse(at) / 1000)),
    }),
    mail: () => ({ name: `${name}.eml`, content: emlFile(alertEmail(message), from) }),
  };
  const channels = channelsFor('SEV1', CHANNELS, message.message, unpaged);
  return [
    { name: `${name}.txt`, content: alertText(message) },
    { name: `${name}.json`, content: `${JSON.stringify(message)}\n` },
    ...channels.map((channel) => bodies[channel]()),
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
