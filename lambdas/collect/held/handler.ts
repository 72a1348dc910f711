import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { S3Objects } from '../../adapters/s3.ts';
import { observed, telemetry } from '../../telemetry.ts';
import { DynamoCalls } from '../call-table.ts';
import { HELD_PREFIX } from '../hold.ts';
import { S3LogObjects } from '../log-objects.ts';
import { type ObjectMessagesHost, takeObjects } from '../object-messages.ts';
import { ObjectUnread } from '../quarantine.ts';
import { recordsTo } from '../record-stream.ts';
import { type HeldEnv, readEnv } from './env.ts';
import { type HeldHost, release } from './held.ts';

let host: ObjectMessagesHost | undefined;

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => takeObjects(event, ready));
}

function hostOf(env: HeldEnv): ObjectMessagesHost {
  const s3 = new S3Client();
  const shared: HeldHost = {
    source: 'held',
    stream: recordsTo(env.RECORDS_TO),
    ...(env.CALLS_TABLE === undefined ? {} : { calls: new DynamoCalls(new DynamoDBClient(), env.CALLS_TABLE) }),
    quarantine: new ObjectUnread(new S3Objects(s3, env.QUARANTINE_BUCKET)),
    told: telemetry(),
    now: Date.now,
  };
  return {
    ...shared,
    bucket: env.HOLD_BUCKET,
    objects: new S3LogObjects(s3),
    wants: (key) => key.startsWith(HELD_PREFIX),
    take: (batch) => release(batch, shared),
  };
}
