import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import type { Context } from 'aws-lambda';
import { DynamoAuditLog } from '../adapters/dynamo-audit-log.ts';
import { DynamoClaims } from '../adapters/dynamo-claims.ts';
import { DynamoFindings } from '../adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../adapters/dynamo-intake-log.ts';
import { S3Objects } from '../adapters/s3.ts';
import { SesMailer } from '../adapters/ses.ts';
import { messageSettings } from '../message-settings.ts';
import { observed, telemetry } from '../telemetry.ts';
import { type ReportEnv, readEnv } from './env.ts';
import { handle, type ReportHost, type ReportTask } from './report.ts';

let host: ReportHost | undefined;

export async function handler(task: ReportTask, { awsRequestId }: Context): Promise<boolean> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(task, awsRequestId, ready));
}

function hostOf(env: ReportEnv): ReportHost {
  const client = new DynamoDBClient();
  return {
    sources: {
      findings: new DynamoFindings({ client, table: env.FINDINGS_TABLE }),
      intake: new DynamoIntakeLog(client, env.AGGREGATES_TABLE),
      audits: new DynamoAuditLog(client, env.AGGREGATES_TABLE),
      objects: new S3Objects(new S3Client(), env.SWEEP_BUCKET),
    },
    claims: new DynamoClaims(client, env.FINDINGS_TABLE),
    mailer: new SesMailer({
      client: new SESv2Client(),
      sender: env.SENDER,
      recipients: env.RECIPIENTS,
      configurationSet: env.CONFIGURATION_SET,
    }),
    settings: messageSettings(env.SETTINGS),
    told: telemetry(),
    now: Date.now,
  };
}
