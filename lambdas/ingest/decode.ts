/** From a record of the stream to a record of the contract, or the reason why it is none. */
import { isAscii, isUtf8 } from 'node:buffer';
import type { KinesisStreamRecord } from 'aws-lambda';
import { parseRecord } from '../../core/records/parse.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';

/** A clock that runs ahead by more than this is wrong, and would hold a finding open in the future. */
const FUTURE_MS = 10 * 60_000;

export interface Source {
  shard: string;
  sequence: string;
  payload: Uint8Array;
}

export type Decoded =
  | (Source & { record: StillwatchRecord })
  | (Source & { path: string; reason: string; late: boolean });

export interface Window {
  now: number;
  retentionDays: number;
}

/** Never throws, whatever the record holds. */
export function decode({ eventID, kinesis }: KinesisStreamRecord, window: Window): Decoded {
  const payload = Buffer.from(kinesis.data, 'base64');
  const shard = eventID.slice(0, eventID.indexOf(':'));
  const sequence = kinesis.sequenceNumber;
  const value = readJson(payload);
  if (value === undefined) return { shard, sequence, payload, path: '', reason: 'not JSON', late: false };
  const parsed = parseRecord(unwrap(value));
  if (!parsed.ok) return { shard, sequence, payload, path: parsed.path, reason: parsed.reason, late: false };
  const untimely = untimeliness(parsed.record, window);
  if (untimely) return { shard, sequence, payload, path: 'time', ...untimely };
  return { shard, sequence, payload, record: parsed.record };
}

function readJson(payload: Buffer): unknown {
  try {
    return JSON.parse(textOf(payload)) as unknown;
  } catch {
    return undefined;
  }
}

/** Nearly all payloads are ASCII, which is read without decoding. Throws for bytes that are no UTF-8. */
function textOf(payload: Buffer): string {
  if (isAscii(payload)) return payload.toString('latin1');
  if (!isUtf8(payload)) throw new RangeError('not UTF-8');
  return new TextDecoder().decode(payload);
}

/** A rule of another bus may put whole events on the stream; their `detail` is the record. */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('detail-type' in value) || !('detail' in value)) return value;
  return value.detail;
}

function untimeliness(
  record: StillwatchRecord,
  { now, retentionDays }: Window,
): { reason: string; late: boolean } | undefined {
  const ms = timeMs(record.time);
  if (ms > now + FUTURE_MS) return { reason: 'more than 10 minutes in the future', late: false };
  if (record.type === 'usage' && ms < now - retentionDays * DAY_MS) {
    return { reason: `older than the retention of ${retentionDays} days`, late: true };
  }
  return undefined;
}
