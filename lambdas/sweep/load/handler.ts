import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoAggregates } from '../../adapters/dynamo-aggregates.ts';
import { KeptDays } from '../../adapters/kept-days.ts';
import { S3Objects } from '../../adapters/s3.ts';
import { observed, telemetry } from '../../telemetry.ts';
import type { LoadTask } from '../tasks.ts';
import { type LoadEnv, readEnv } from './env.ts';
import { type LoadHost, load } from './load.ts';

let host: LoadHost | undefined;

export async function handler(task: LoadTask): Promise<{ accounts: number }> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => load(task, ready));
}

function hostOf({ AGGREGATES_TABLE, SWEEP_BUCKET, RETENTION_DAYS }: LoadEnv): LoadHost {
  const client = new DynamoDBClient();
  const objects = new S3Objects(new S3Client(), SWEEP_BUCKET);
  const kept = new KeptDays(objects);
  return {
    aggregates: new DynamoAggregates({ client, table: AGGREGATES_TABLE, retentionDays: RETENTION_DAYS, kept }),
    kept,
    objects,
    told: telemetry(),
    retentionDays: RETENTION_DAYS,
  };
}
