import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoAggregates } from '../adapters/dynamo-aggregates.ts';
import { DynamoAuditLog } from '../adapters/dynamo-audit-log.ts';
import { S3Objects } from '../adapters/s3.ts';
import { observed, telemetry } from '../telemetry.ts';
import { type Audited, type AuditHost, type AuditTask, handle } from './audit.ts';
import { type AuditEnv, readEnv } from './env.ts';

let host: AuditHost | undefined;

export async function handler(task: AuditTask): Promise<Audited> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(task, ready));
}

function hostOf(env: AuditEnv): AuditHost {
  const client = new DynamoDBClient();
  return {
    archive: new S3Objects(new S3Client(), env.ARCHIVE_BUCKET),
    stored: new DynamoAggregates({ client, table: env.AGGREGATES_TABLE, retentionDays: env.RETENTION_DAYS }),
    log: new DynamoAuditLog(client, env.AGGREGATES_TABLE),
    told: telemetry(),
    sampleSize: env.SAMPLE_SIZE,
  };
}
