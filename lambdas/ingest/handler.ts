import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { ObjectArchive } from '../adapters/archive.ts';
import { DynamoAggregates } from '../adapters/dynamo-aggregates.ts';
import { DynamoIntakeLog } from '../adapters/dynamo-intake-log.ts';
import { ObjectQuarantine } from '../adapters/quarantine.ts';
import { S3Objects } from '../adapters/s3.ts';
import { observed, telemetry } from '../telemetry.ts';
import type { IngestEvent } from './arrival.ts';
import { type IngestEnv, readEnv } from './env.ts';
import { handle, type IngestHost, type IngestReply } from './ingest.ts';

let host: IngestHost | undefined;

export async function handler(event: IngestEvent): Promise<IngestReply> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(event, ready));
}

function hostOf(env: IngestEnv): IngestHost {
  const client = new DynamoDBClient();
  const s3 = new S3Client();
  return {
    store: new DynamoAggregates({ client, table: env.AGGREGATES_TABLE, retentionDays: env.RETENTION_DAYS }),
    quarantine: new ObjectQuarantine(new S3Objects(s3, env.QUARANTINE_BUCKET), env.QUARANTINE_PAYLOAD === 'keep'),
    archive: new ObjectArchive(new S3Objects(s3, env.ARCHIVE_BUCKET)),
    intake: new DynamoIntakeLog(client, env.AGGREGATES_TABLE),
    told: telemetry(),
    now: Date.now,
    retentionDays: env.RETENTION_DAYS,
  };
}
