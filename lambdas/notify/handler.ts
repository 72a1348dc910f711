import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { rulesOf } from '../../core/cases/telling.ts';
import { messageSettings } from '../../core/messages/settings.ts';
import { DynamoAuditLog } from '../adapters/dynamo-audit-log.ts';
import { DynamoCases } from '../adapters/dynamo-cases.ts';
import { DynamoDesk } from '../adapters/dynamo-desk.ts';
import { DynamoFindings } from '../adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../adapters/dynamo-intake-log.ts';
import { DynamoOutbox } from '../adapters/dynamo-outbox.ts';
import { S3Objects } from '../adapters/s3.ts';
import { SesMailer } from '../adapters/ses.ts';
import { SnsPublisher } from '../adapters/sns.ts';
import { cached } from '../collect/cached.ts';
import { SECRET_TTL_MS, secretVersion } from '../collect/secrets.ts';
import { observed, telemetry } from '../telemetry.ts';
import { type NotifyEnv, readEnv } from './env.ts';
import { healthOf } from './health.ts';
import { type DeliverTask, type FindingEvent, handle, type NotifyHost } from './notify.ts';
import { ChannelError, sendersOf } from './senders.ts';

let host: NotifyHost | undefined;

export async function handler(event: FindingEvent | DeliverTask): Promise<void> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(event, ready));
}

export function hostOf(env: NotifyEnv): NotifyHost {
  const client = new DynamoDBClient();
  const store = new DynamoOutbox(client, env.OUTBOX_TABLE);
  const findings = new DynamoFindings({ client, table: env.FINDINGS_TABLE });
  return {
    desk: new DynamoDesk(client, env.OUTBOX_TABLE),
    cases: new DynamoCases(client, env.CASES_TABLE),
    findings,
    rows: () => store.allRows(),
    rules: rulesOf(env.SETTINGS),
    delivery: {
      store,
      senders: connected(env),
      hours: env.SETTINGS.alerts.hours,
      now: Date.now,
      random: Math.random,
    },
    watched: store,
    health: healthOf({
      findings,
      objects: new S3Objects(new S3Client(), env.SWEEP_BUCKET),
      intake: new DynamoIntakeLog(client, env.AGGREGATES_TABLE),
      audits: new DynamoAuditLog(client, env.AGGREGATES_TABLE),
    }),
    sweepMs: env.SWEEP_HOURS * 3_600_000,
    settings: messageSettings(env.SETTINGS, env.VERSION),
    told: telemetry(),
  };
}

function connected({ FINDINGS_TOPIC, CHANNELS: { chat, pagerduty, webhook, mail } }: NotifyEnv) {
  const sns = new SNSClient();
  const routingKey = pagerduty && secretsOf(pagerduty.secret);
  return sendersOf({
    fetch,
    topic: new SnsPublisher(sns, FINDINGS_TOPIC),
    ...(chat ? { chat: new SnsPublisher(sns, chat) } : {}),
    ...(routingKey ? { pagerduty: async () => (await routingKey())[0]! } : {}),
    ...(webhook ? { webhook: { url: webhook.url, secrets: secretsOf(webhook.secret) } } : {}),
    ...(mail ? { mailer: new SesMailer({ client: new SESv2Client(), ...mail }), roles: mail.roles } : {}),
  });
}

/** The current secret, then the one before while it is still kept, so that a receiver can change over. */
function secretsOf(id: string): () => Promise<string[]> {
  const client = new SecretsManagerClient();
  const read = cached(
    async () => {
      const versions = [await secretVersion(client, id, 'AWSCURRENT'), await secretVersion(client, id, 'AWSPREVIOUS')];
      const texts = versions.flatMap((version) => (version ? [version.text] : []));
      if (texts.length === 0) throw new ChannelError('its secret has no value');
      return texts;
    },
    SECRET_TTL_MS,
    Date.now,
  );
  return () => read();
}
