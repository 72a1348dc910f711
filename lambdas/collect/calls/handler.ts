import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { S3Objects } from '../../adapters/s3.ts';
import { observed, telemetry } from '../../telemetry.ts';
import { DynamoCalls } from '../call-table.ts';
import { S3LogObjects } from '../log-objects.ts';
import { bridgedNames } from '../names.ts';
import { type ObjectMessagesHost, takeObjects } from '../object-messages.ts';
import { ObjectUnread } from '../quarantine.ts';
import { type CallsHost, isTrailLog, keepCalls } from './calls.ts';
import { type CallsEnv, readEnv } from './env.ts';

let host: ObjectMessagesHost | undefined;

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => takeObjects(event, ready));
}

function hostOf(env: CallsEnv): ObjectMessagesHost {
  const s3 = new S3Client();
  const shared: CallsHost = {
    source: 'cloudtrail',
    names: bridgedNames(env, Date.now),
    calls: new DynamoCalls(new DynamoDBClient(), env.CALLS_TABLE),
    quarantine: new ObjectUnread(new S3Objects(s3, env.QUARANTINE_BUCKET)),
    told: telemetry(),
    now: Date.now,
  };
  return {
    ...shared,
    bucket: env.BUCKET,
    objects: new S3LogObjects(s3),
    wants: isTrailLog,
    take: (batch) => keepCalls(batch, shared),
  };
}
