/** The alerts and mails that would have been sent, as files: the laptop's stand-in for SNS and SES. */
import type { Transition } from '../../core/findings/transition.ts';
import { alertText } from '../../core/messages/alert-text.ts';
import { chatMessage } from '../../core/messages/chat.ts';
import { alertEmail, alertMailId } from '../../core/messages/email.ts';
import { envelopeJson } from '../../core/messages/envelope.ts';
import { domainPart } from '../../core/messages/mail-message.ts';
import { emlFile } from '../../core/messages/mime.ts';
import type { ReportData } from '../../core/messages/report-data.ts';
import { reportMail } from '../../core/messages/report-mail.ts';
import type { MessageSettings } from '../../core/messages/settings.ts';
import { snsMessage } from '../../core/messages/sns.ts';

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

export function alertFiles(transition: Transition, settings: MessageSettings): OutboxFile[] {
  const { finding, context } = transition;
  const name = `${stamp(finding.at)}-${finding.id}-${context.message}`;
  const mail = emlFile(alertEmail(transition, settings), {
    from: SENDER,
    to: [READER],
    date: finding.at,
    messageId: alertMailId(transition, settings),
  });
  return [
    { name: `${name}.txt`, content: alertText(transition, settings) },
    { name: `${name}.json`, content: `${envelopeJson(transition, settings)}\n` },
    { name: `${name}.sns.json`, content: `${JSON.stringify(snsMessage(transition, settings), null, 2)}\n` },
    { name: `${name}.chat.json`, content: `${JSON.stringify(chatMessage(transition, settings), null, 2)}\n` },
    { name: `${name}.eml`, content: mail },
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
