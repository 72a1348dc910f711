import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Context } from 'aws-lambda';
import { findingsOf } from '../../core/cases/book.ts';
import { deadLetterCounts } from '../adapters/dead-letter-queues.ts';
import { DynamoAuditLog } from '../adapters/dynamo-audit-log.ts';
import { DynamoCases } from '../adapters/dynamo-cases.ts';
import { DynamoClaims } from '../adapters/dynamo-claims.ts';
import { DynamoDossiers } from '../adapters/dynamo-dossiers.ts';
import { DynamoFindings } from '../adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../adapters/dynamo-intake-log.ts';
import { DynamoOutbox } from '../adapters/dynamo-outbox.ts';
import { DynamoUnreachable } from '../adapters/dynamo-unreachable.ts';
import { runCost } from '../adapters/run-cost.ts';
import { S3Objects } from '../adapters/s3.ts';
import { SesMailer } from '../adapters/ses.ts';
import { toldMessages } from '../adapters/told-messages.ts';
import { watchRecords } from '../adapters/watch-records.ts';
import { observed, telemetry } from '../telemetry.ts';
import { type ReportEnv, readEnv } from './env.ts';
import { handle, type Outcome, type ReportHost, type ReportTask } from './report.ts';

let host: ReportHost | undefined;

export async function handler(task: ReportTask, { awsRequestId }: Context): Promise<Outcome> {
  host ??= await hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(task, awsRequestId, ready));
}

async function hostOf(env: ReportEnv): Promise<ReportHost> {
  const client = new DynamoDBClient();
  const objects = new S3Objects(new S3Client(), env.SWEEP_BUCKET);
  const findings = new DynamoFindings({ client, table: env.FINDINGS_TABLE });
  const outbox = new DynamoOutbox(client, env.OUTBOX_TABLE);
  const marks = new DynamoUnreachable(client, env.FINDINGS_TABLE);
  const { credentials } = client.config;
  return {
    place: {
      transitions: () => findings.transitionsSince(0),
      messages: () => toldMessages(outbox),
      cases: new DynamoCases(client, env.CASES_TABLE),
      dossiers: new DynamoDossiers(client, env.CASES_TABLE),
      desk: async () => ({ findings: findingsOf((await findings.load()).tracked) }),
    },
    watch: watchRecords({
      deployment: env.SETTINGS.deployment,
      sweepEveryMs: env.SWEEP_HOURS * 3_600_000,
      findings,
      intake: new DynamoIntakeLog(client, env.AGGREGATES_TABLE),
      audits: new DynamoAuditLog(client, env.AGGREGATES_TABLE),
      objects,
      cost: runCost(env.STACK_NAME, credentials),
      deadLetters: deadLetterCounts(env.DEAD_LETTERS, await client.config.region(), credentials),
      mail: { recipients: env.RECIPIENTS, marks },
    }),
    marks,
    claims: new DynamoClaims(client, env.FINDINGS_TABLE),
    mailer: new SesMailer({
      // A second attempt of the library's own could send a second mail.
      client: new SESv2Client({ maxAttempts: 1 }),
      sender: env.SENDER,
      recipients: env.RECIPIENTS,
      configurationSet: env.CONFIGURATION_SET,
    }),
    objects,
    leave: { mail: env.SENDER, ...(env.UNSUBSCRIBE_URL ? { url: env.UNSUBSCRIBE_URL } : {}) },
    told: telemetry(),
    now: Date.now,
  };
}
