import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { LambdaFunctionURLEvent, SQSEvent } from 'aws-lambda';
import { Bridge, type BridgePair } from '../../../core/keys/bridge.ts';
import { type KeyRing, ringSource } from '../../../core/keys/epoch.ts';
import { parseRecord } from '../../../core/records/parse.ts';
import type { StillwatchRecord, UsageRecord } from '../../../core/records/schema.ts';
import type { Format } from '../../../core/sources/detect.ts';
import { type SourceSettings, sourceSettingsSchema } from '../../../core/sources/settings.ts';
import { BridgedNames } from '../../../lambdas/adapters/bridged-names.ts';
import { Collector, type CollectorHost } from '../../../lambdas/collect/collector.ts';
import { toStream } from '../../../lambdas/collect/delivery.ts';
import { ObjectHold } from '../../../lambdas/collect/hold.ts';
import type { LogObjects, ObjectPlace } from '../../../lambdas/collect/log-objects.ts';
import { ObjectUnread } from '../../../lambdas/collect/quarantine.ts';
import type { Put, RecordStream } from '../../../lambdas/collect/record-stream.ts';
import { type Heard, listening, MemoryObjects } from '../support.ts';

export const NOW = Date.parse('2026-05-14T10:31:00.000Z');
const FOLDER = new URL('../../fixtures/collect/', import.meta.url);
const SOURCES = new URL('../../fixtures/sources/', import.meta.url);

/** A recorded sample, of the collectors' own or of the sources'. */
export function sample(name: string): string {
  const own = new URL(name, FOLDER);
  return readFileSync(existsSync(own) ? own : new URL(name, SOURCES), 'utf8');
}

export class MemoryStream implements RecordStream {
  readonly records: StillwatchRecord[] = [];
  /** Records that the stream refuses. */
  refuses: (record: StillwatchRecord) => boolean = () => false;

  async put(records: readonly StillwatchRecord[]): Promise<Put> {
    this.records.push(...records.filter((record) => !this.refuses(record)));
    return { left: records.filter((record) => this.refuses(record)) };
  }

  get usage(): UsageRecord[] {
    return this.records.filter((record) => record.type === 'usage');
  }
}

export class MemoryLogs implements LogObjects {
  readonly held = new Map<string, Uint8Array>();
  readonly opened: string[] = [];

  put(bucket: string, key: string, body: string | Uint8Array): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.held.set(`${bucket}/${key}`, key.endsWith('.gz') ? gzipSync(bytes) : bytes);
  }

  async open({ bucket, key }: ObjectPlace): Promise<AsyncIterable<Uint8Array> | undefined> {
    this.opened.push(`${bucket}/${key}`);
    const bytes = this.held.get(`${bucket}/${key}`);
    return bytes === undefined ? undefined : inPieces(bytes);
  }
}

/** As a download comes: in chunks that end anywhere. */
export async function* inPieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

export interface World {
  stream: MemoryStream;
  hold: MemoryObjects;
  setAside: MemoryObjects;
  told: Heard;
  host: CollectorHost;
  collector: Collector;
}

export type Attribution = { [K in keyof SourceSettings]?: Partial<SourceSettings[K]> };

export function world(format: Format, source = `${format}-test`, attribution: Attribution = {}): World {
  const [stream, hold, setAside, told] = [new MemoryStream(), new MemoryObjects(), new MemoryObjects(), listening()];
  const host: CollectorHost = {
    source,
    format,
    names: namesUnder(() => ({ newest: { epoch: '1', key: new Uint8Array(32) } })),
    attribution: sourceSettingsSchema.parse(attribution),
    deliver: toStream(stream, new ObjectHold(hold), told),
    quarantine: new ObjectUnread(setAside),
    told,
    now: () => NOW,
  };
  return { stream, hold, setAside, told, host, collector: new Collector(host) };
}

/** Names under the keys of the moment, with a bridge in memory. */
export function namesUnder(ring: () => KeyRing, now: () => number = () => NOW, bridge = new Bridge()): BridgedNames {
  return new BridgedNames({
    keys: ringSource(async () => ring(), now),
    bridge: { note: async (pairs) => noteAll(bridge, pairs), about: async () => bridge },
    now,
  });
}

function noteAll(bridge: Bridge, pairs: readonly BridgePair[]): void {
  for (const pair of pairs) bridge.add(pair);
}

/** Entries of the quarantine. */
export function entries({ setAside }: Pick<World, 'setAside'>): Record<string, unknown>[] {
  return [...setAside.held.values()].flatMap((bytes) =>
    new TextDecoder()
      .decode(bytes)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
}

export function sqsEvent(...bodies: string[]): SQSEvent {
  return {
    Records: bodies.map((body, i) => ({
      messageId: `m${i}`,
      receiptHandle: 'r',
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 's',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:q',
      awsRegion: 'eu-west-1',
    })),
  };
}

export function newObject(bucket: string, key: string): string {
  return JSON.stringify({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: bucket }, object: { key } },
  });
}

export function urlEvent(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  method = 'POST',
): LambdaFunctionURLEvent {
  const isBinary = typeof body !== 'string';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'u',
      domainName: 'u.lambda-url.eu-west-1.on.aws',
      domainPrefix: 'u',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.9', userAgent: 'x' },
      requestId: 'rq-1',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: NOW,
    },
    body: isBinary ? body.toString('base64') : body,
    isBase64Encoded: isBinary,
  };
}

/** Every record is one of the contract as it stands. */
export function areValid(records: readonly StillwatchRecord[]): boolean {
  return records.every((record) => {
    const parsed = parseRecord(JSON.parse(JSON.stringify(record)));
    return parsed.ok && JSON.stringify(parsed.record) === JSON.stringify(record);
  });
}

/** All that left the collector, as text. */
export function everything({ stream, hold, setAside, told }: World): string {
  const stored = [...hold.held, ...setAside.held].map(([key, bytes]) => key + Buffer.from(bytes).toString('utf8'));
  return [JSON.stringify(stream.records), ...stored, ...told.lines].join('\n');
}
