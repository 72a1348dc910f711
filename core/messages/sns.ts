/** An alert for Amazon SNS: the parameters of one Publish but the topic. */
import type { Severity } from '../findings/finding.ts';
import { alertText } from './alert-text.ts';
import type { Told } from './content.ts';
import { ALERT_SCHEMA, envelopeJson, messageId } from './envelope.ts';
import type { MessageSettings } from './settings.ts';
import { alertTitle } from './title.ts';

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

export function snsMessage(told: Told, settings: MessageSettings): SnsMessage {
  const text = alertText(told, settings);
  const json = envelopeJson(told, settings);
  return {
    Subject: alertTitle(told),
    MessageStructure: 'json',
    Message: JSON.stringify({ default: text, email: text, sqs: json, lambda: json, https: json }),
    MessageAttributes: attributes(told, settings),
  };
}

function attributes(told: Told, settings: MessageSettings): Record<string, SnsAttribute> {
  const { finding, context } = told;
  const words = {
    schema: ALERT_SCHEMA,
    deployment: settings.deployment,
    message: context.message,
    messageId: messageId(told, settings),
    finding: finding.id,
    kind: finding.kind,
    state: finding.state,
    classification: finding.classification,
    severity: finding.severity,
  };
  const named = Object.entries(words).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]);
  return {
    ...(Object.fromEntries(named) as Record<string, SnsAttribute>),
    severityRank: { DataType: 'Number', StringValue: String(RANK[finding.severity]) },
  };
}
