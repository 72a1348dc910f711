/** An alert for Amazon SNS: the parameters of one Publish but the topic. */
import type { Severity } from '../findings/finding.ts';
import { alertText } from './alert-text.ts';
import { threadOf } from './email.ts';
import { ALERT_SCHEMA, type Envelope } from './envelope.ts';

/** Bodies, subject and attributes together. */
export const SNS_LIMIT = 64 * 1024;

export interface SnsAttribute {
  DataType: 'String' | 'Number';
  StringValue: string;
}

export interface SnsMessage {
  Subject: string;
  MessageStructure: 'json';
  /** JSON with one body per protocol. */
  Message: string;
  /** Ten: raw delivery to SQS drops a message with an eleventh. They stay unencrypted, so they name no account. */
  MessageAttributes: Record<string, SnsAttribute>;
}

const RANK: Record<Severity, number> = { SEV1: 1, SEV2: 2, SEV3: 3, INFO: 4 };

export function snsMessage(told: Envelope): SnsMessage {
  const text = alertText(told);
  const json = JSON.stringify(told);
  const bodies = { default: text, email: text, sms: told.title, sqs: json, lambda: json, https: json };
  return {
    Subject: told.title,
    MessageStructure: 'json',
    Message: JSON.stringify(bodies),
    MessageAttributes: attributes(told),
  };
}

function attributes(told: Envelope): Record<string, SnsAttribute> {
  const { finding, message, messageId, deployment } = told;
  const severity = finding?.severity ?? 'SEV2';
  const own =
    finding === null
      ? { kind: 'watch', state: told.watch.state, classification: told.watch.cause }
      : { kind: finding.kind, state: finding.state, classification: finding.classification };
  const words = { schema: ALERT_SCHEMA, deployment, message, messageId, finding: threadOf(told), ...own, severity };
  const named = Object.entries(words).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]);
  return {
    ...(Object.fromEntries(named) as Record<string, SnsAttribute>),
    severityRank: { DataType: 'Number', StringValue: String(RANK[severity]) },
  };
}
