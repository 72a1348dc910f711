import { SNSClient } from '@aws-sdk/client-sns';
import type { EventBridgeEvent } from 'aws-lambda';
import type { Transition } from '../../core/findings/transition.ts';
import { envelope } from '../../core/messages/envelope.ts';
import type { MessageSettings } from '../../core/messages/settings.ts';
import { snsMessage } from '../../core/messages/sns.ts';
import { type Publisher, SnsPublisher } from '../adapters/sns.ts';
import { messageSettings } from '../message-settings.ts';
import { observed, type Telemetry, telemetry } from '../telemetry.ts';
import { type NotifyEnv, readEnv } from './env.ts';

export type FindingEvent = EventBridgeEvent<'Stillwatch Finding', Transition>;

export interface NotifyHost {
  publisher: Publisher;
  settings: MessageSettings;
  told: Telemetry;
}

let host: NotifyHost | undefined;

export async function handler(event: FindingEvent): Promise<void> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(event, ready));
}

/** A repeated event publishes again; its message id is the same, by which receivers drop it. */
export async function handle({ detail }: FindingEvent, { publisher, settings, told }: NotifyHost): Promise<void> {
  await publisher.publish(snsMessage(envelope(detail, settings)));
  told.count('FindingsTold', 1);
  told.info('told', { finding: detail.finding.id, state: detail.finding.state, severity: detail.finding.severity });
}

function hostOf(env: NotifyEnv): NotifyHost {
  return {
    publisher: new SnsPublisher(new SNSClient(), env.FINDINGS_TOPIC),
    settings: messageSettings(env.SETTINGS),
    told: telemetry(),
  };
}
