/** From a record of the stream to a record of the contract, or the reason why it is none. */
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
  const source = { shard: eventID.split(':')[0]!, sequence: kinesis.sequenceNumber, payload };
  const value = readJson(payload);
  if (value === undefined) return { ...source, path: '', reason: 'not JSON', late: false };
  const parsed = parseRecord(unwrap(value));
  if (!parsed.ok) return { ...source, path: parsed.path, reason: parsed.reason, late: false };
  const untimely = untimeliness(parsed.record, window);
  return untimely ? { ...source, path: 'time', ...untimely } : { ...source, record: parsed.record };
}

function readJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as unknown;
  } catch {
    return undefined;
  }
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
