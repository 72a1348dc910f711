/** What can be done about an entry of a deployment's quarantine: its source is read again, or what was kept is sent. */
import { parseRecord } from '../../core/records/parse.ts';
import { timeMs } from '../../core/records/time.ts';
import { jsonOf } from '../../core/sources/split-body.ts';
import type { SetAside } from '../adapters/set-aside.ts';

export interface ObjectPlace {
  bucket: string;
  key: string;
}

export interface KeptRecord {
  data: Uint8Array;
  /** Partition key. */
  key: string;
}

export type Again =
  | { object: ObjectPlace }
  | { records: KeptRecord[] }
  /** Would be refused as before. */
  | { refused: string }
  /** Nothing of it is in reach; `why` says who has it. */
  | { gone: string };

/** Collectors whose source is objects, which are still there. */
const OBJECTS: ReadonlySet<string> = new Set(['bedrock-objects', 'litellm-objects', 'cloudtrail', 'held']);
/** Kinesis takes no longer key. */
const MAX_KEY = 256;

/** `now`: ms. */
export function again(entry: SetAside, now: number): Again {
  const { source, kept } = entry;
  if (source === 'ingest') {
    if (kept.length < entry.count)
      return { gone: 'its records were not kept: read the stream again (runbook, redrive)' };
    return { records: kept.map(({ data, key }) => ({ data: Buffer.from(data, 'base64'), key: key! })) };
  }
  if (source === 'stream' || source === 'queue')
    return kept.length === 0 ? { gone: NOT_KEPT[source]! } : payloadAgain(entry, now);
  if (OBJECTS.has(source)) return objectAgain(entry);
  return { gone: NOT_KEPT[source] ?? 'no text is kept: let the sender send it again' };
}

const NOT_KEPT: Record<string, string> = {
  stream: 'no text is kept: let the producer send it again; by its position the stream has it for some days',
  queue: 'no text is kept: let the producer send it again',
  'litellm-queue': 'no text is kept, and the message is gone: let LiteLLM log it again',
  'bedrock-logs': 'no text is kept, and a log group tells of an event once: mend the setting for those to come',
};

/** Only what is a record by now: anything else would be set aside once more, at another position. */
function payloadAgain({ kept, reason }: SetAside, now: number): Again {
  const data = Buffer.from(kept[0]!.data, 'base64');
  const value = jsonOf(data.toString('utf8'));
  const event = typeof value === 'object' && value !== null && 'detail-type' in value && 'detail' in value;
  const parsed = parseRecord(event ? value.detail : value);
  if (!parsed.ok) return { refused: `${parsed.path === '' ? '' : `${parsed.path}: `}${parsed.reason}` };
  const { record } = parsed;
  if (reason.startsWith('older than')) return { refused: reason };
  if (timeMs(record.time) > now) return { refused: 'still in the future' };
  const key = record.type === 'release' ? record.model : record.account;
  return { records: [{ data, key: key.slice(0, MAX_KEY) }] };
}

function objectAgain({ position, reason }: SetAside): Again {
  if (reason === 'the object is gone') return { gone: 'the object is gone: put it back, and its collector is told' };
  const [, bucket, key] = /^([^/]+)\/(.+):\d+$/s.exec(position) ?? [];
  if (bucket === undefined || key === undefined)
    return { gone: 'it names no line of an object that the collector may read: see its settings' };
  return { object: { bucket, key } };
}
