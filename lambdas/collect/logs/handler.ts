/** Bedrock's invocation logs from a subscription of their CloudWatch log group. */
import { gunzipSync } from 'node:zlib';
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { logEnvelope } from '../../../core/sources/log-events.ts';
import { jsonOf } from '../../../core/sources/split-body.ts';
import { observed, type Telemetry } from '../../telemetry.ts';
import { Collector } from '../collector.ts';
import { collectorHost } from '../host.ts';
import { bodyReader, S3LogObjects } from '../log-objects.ts';
import { pieceOfText, unread } from '../piece.ts';
import type { UnreadStore } from '../quarantine.ts';
import { type LogsEnv, readEnv } from './env.ts';

export interface LogsHost {
  source: string;
  collector: Pick<Collector, 'take'>;
  quarantine: UnreadStore;
  told: Telemetry;
  now(): number;
}

let host: LogsHost | undefined;

export async function handler(event: CloudWatchLogsEvent): Promise<void> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(event, ready));
}

/** Throws where the batch is not durable: Lambda tries again twice, then keeps the event in the dead-letter queue. */
export async function handle(event: CloudWatchLogsEvent, host: LogsHost): Promise<void> {
  const data = event.awslogs?.data ?? '';
  const envelope = logEnvelope(jsonOf(inflated(data)));
  if (envelope === undefined) {
    host.told.count('RecordsQuarantined', 1);
    const entry = unread({ position: 'log event', value: undefined, text: data }, 'awslogs.data', 'no log envelope');
    return host.quarantine.put(host.source, [entry], host.now());
  }
  if (envelope.isData)
    await host.collector.take(envelope.messages.map(({ position, text }) => pieceOfText(position, text)));
}

/** An envelope is at most 1 MB as sent; this bounds what a hostile one could unfold to. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

function inflated(base64: string): string {
  try {
    return gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_INFLATED_BYTES }).toString('utf8');
  } catch {
    return '';
  }
}

function hostOf(env: LogsEnv): LogsHost {
  const { s3, ...shared } = collectorHost(env, 'bedrock-logs', 'bedrock', env.JOIN === 'wait');
  const body = env.BODIES_BUCKET === undefined ? {} : { body: bodyReader(new S3LogObjects(s3), env.BODIES_BUCKET) };
  return { ...shared, collector: new Collector({ ...shared, ...body }) };
}
