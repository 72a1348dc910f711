/** Logs that arrive as objects of a bucket: Bedrock's invocation logs, LiteLLM's payloads. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { isInvocationLog } from '../../../core/sources/bedrock-bodies.ts';
import { observed } from '../../telemetry.ts';
import { Collector } from '../collector.ts';
import { collectorHost } from '../host.ts';
import { bodyReader, S3LogObjects } from '../log-objects.ts';
import { type ObjectMessagesHost, takeObjects } from '../object-messages.ts';
import { type ObjectsEnv, readEnv } from './env.ts';

let host: ObjectMessagesHost | undefined;

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => takeObjects(event, ready));
}

function hostOf(env: ObjectsEnv): ObjectMessagesHost {
  const { s3, ...shared } = collectorHost(env, `${env.FORMAT}-objects`, env.FORMAT, env.JOIN === 'wait');
  const objects = new S3LogObjects(s3);
  const isBedrock = env.FORMAT === 'bedrock';
  const collector = new Collector({ ...shared, ...(isBedrock ? { body: bodyReader(objects, env.BUCKET) } : {}) });
  return {
    ...shared,
    bucket: env.BUCKET,
    objects,
    wants: isBedrock ? isInvocationLog : (key) => key.endsWith('.json') || key.endsWith('.json.gz'),
    take: async ({ pieces }) => {
      await collector.take(pieces);
    },
  };
}
