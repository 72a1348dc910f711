/** The host of a collector in the cloud, from its environment. */
import { S3Client } from '@aws-sdk/client-s3';
import { S3Objects } from '../adapters/s3.ts';
import { telemetry } from '../telemetry.ts';
import type { CollectorHost } from './collector.ts';
import { toHold, toStream } from './delivery.ts';
import type { CollectEnv } from './env.ts';
import { ObjectHold } from './hold.ts';
import { bridgedNames } from './names.ts';
import { ObjectUnread } from './quarantine.ts';
import { recordsTo } from './record-stream.ts';

/** A service that does not answer is left after 10 s, so that a request can still be held before its time is over. */
const STREAM_CLIENT = { maxAttempts: 2, requestHandler: { requestTimeout: 5000 } };

/** `joins`: records wait for what CloudTrail says of them. */
export function collectorHost(
  env: CollectEnv,
  source: string,
  format: CollectorHost['format'],
  joins = false,
): CollectorHost & { s3: S3Client } {
  const s3 = new S3Client();
  const told = telemetry();
  const hold = new ObjectHold(new S3Objects(s3, env.HOLD_BUCKET));
  const stream = recordsTo(env.RECORDS_TO, STREAM_CLIENT);
  return {
    source,
    format,
    names: bridgedNames(env, Date.now),
    attribution: env.ATTRIBUTION,
    deliver: joins ? toHold(hold, told) : toStream(stream, hold, told),
    quarantine: new ObjectUnread(new S3Objects(s3, env.QUARANTINE_BUCKET)),
    told,
    now: Date.now,
    s3,
  };
}
