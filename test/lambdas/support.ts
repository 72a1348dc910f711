import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KinesisStreamEvent, KinesisStreamRecord, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeletableObjects } from '../../lambdas/adapters/s3.ts';
import type { MetricName, Telemetry } from '../../lambdas/telemetry.ts';

/** An event as AWS sent it once, from `test/fixtures/aws`. */
export function recorded<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/aws/${name}.json`, import.meta.url), 'utf8')) as T;
}

export function kinesisEvent(
  payloads: unknown[],
  firstSequence = 1,
  shard = 'shardId-000000000006',
): KinesisStreamEvent {
  const like = recorded<KinesisStreamRecord>('kinesis-record');
  const Records = payloads.map((payload, i) => {
    const sequenceNumber = `4959033827149025660855969253836157109592157598913658${firstSequence + i + 1000}`;
    const bytes = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return {
      ...like,
      eventID: `${shard}:${sequenceNumber}`,
      kinesis: { ...like.kinesis, sequenceNumber, data: Buffer.from(bytes).toString('base64') },
    };
  });
  return { Records };
}

/** As Lambda gives messages of a queue. `names`: by which their ids differ, the place in the batch where it is left out. */
export function queueEvent(payloads: unknown[], names: readonly string[] = []): SQSEvent {
  const Records = payloads.map((payload, i): SQSRecord => {
    const id = createHash('md5')
      .update(names[i] ?? String(i))
      .digest('hex');
    return {
      messageId: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
      receiptHandle: 'r',
      body: typeof payload === 'string' ? payload : JSON.stringify(payload),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1778803200000',
        SenderId: 's',
        ApproximateFirstReceiveTimestamp: '1778803200001',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:queue',
      awsRegion: 'eu-west-1',
    };
  });
  return { Records };
}

export interface Heard extends Telemetry {
  counts: Partial<Record<MetricName, number>>;
  lines: string[];
}

/** Remembers what was told, so that a test can look for what must not be in it. */
export function listening(): Heard {
  const counts: Heard['counts'] = {};
  const lines: string[] = [];
  return {
    counts,
    lines,
    count: (name, value) => {
      counts[name] = (counts[name] ?? 0) + value;
    },
    info: (message, fields) => lines.push(JSON.stringify({ message, fields })),
    error: (message, cause, fields) => lines.push(JSON.stringify({ message, cause: String(cause), fields })),
    flush: () => lines.push('flushed'),
  };
}

export class MemoryObjects implements DeletableObjects {
  readonly held = new Map<string, Uint8Array>();

  async put(key: string, body: Uint8Array | string): Promise<void> {
    this.held.set(key, typeof body === 'string' ? new TextEncoder().encode(body) : body);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.held.get(key);
  }

  async delete(key: string): Promise<void> {
    this.held.delete(key);
  }

  async *keys(prefix: string): AsyncGenerator<string> {
    yield* [...this.held.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  json(key: string): unknown {
    return JSON.parse(new TextDecoder().decode(this.held.get(key)));
  }
}
