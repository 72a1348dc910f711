/** What was set aside: an entry of a replay's or a deployment's quarantine, or a batch that ingest gave up. */
import { jsonOf } from '../../core/sources/split-body.ts';
import { InputError } from './input/input-error.ts';

export interface SetAside {
  /** File of a replay, or source of the deployed quarantine. */
  source: string;
  /** Line of the file, or place in the stream or object. */
  position: string;
  /** Where in the record; empty for the whole. */
  path: string;
  reason: string;
  /** Records that it stands for. */
  count: number;
  /** What was kept of them, as the stream had it; `key`: their partition key, where that was kept too. */
  kept: { data: string; key?: string }[];
}

type Fields = Record<string, unknown>;

/** Where Lambda puts what it gave up, below the bucket. */
export const GIVEN_UP = 'aws/lambda/';
export const QUARANTINE = 'quarantine/';

/**
 * The entries of one object of a deployment's bucket. `where`: names it. What is no entry is told by `skip`, in one line
 * per object, and keeps nobody from its neighbours.
 */
export function setAsideIn(key: string, text: string, where: string, skip: (line: string) => void): SetAside[] {
  const isGivenUp = `/${key}`.includes(`/${GIVEN_UP}`);
  const lines = isGivenUp ? [text] : text.split('\n');
  const read = lines.map((line) => (isGivenUp ? givenUp(line) : line === '' ? [] : readEntry(line)));
  const alien = read.flatMap((entry, i) => (entry === undefined ? [i + 1] : []));
  if (alien.length > 0) {
    const place = isGivenUp ? where : `${where} line ${alien[0]}`;
    const more = alien.length > 1 ? `, with ${alien.length - 1} more of its lines` : '';
    skip(`${place}: is no entry of a quarantine: skipped${more}`);
  }
  return read.flatMap((entry) => entry ?? []);
}

/** One line of a quarantine. Throws `InputError` for what is none. */
export function entryOf(text: string, where: string): SetAside {
  const entry = readEntry(text);
  if (entry !== undefined) return entry;
  throw new InputError(`${where}: is no entry of a quarantine: take it away, or copy the objects again`);
}

function readEntry(text: string): SetAside | undefined {
  const { input, line, source, shard, sequence, position, path, reason, payload } = fieldsOf(jsonOf(text));
  if (typeof path !== 'string' || typeof reason !== 'string') return undefined;
  if (input !== undefined) return { source: String(input), position: String(line), path, reason, count: 1, kept: [] };
  const place = position ?? (shard === undefined ? '' : `${String(shard)}:${String(sequence)}`);
  const kept = typeof payload === 'string' ? [{ data: payload }] : [];
  return { source: String(source ?? 'stream'), position: String(place), path, reason, count: 1, kept };
}

/** Lambda's record of an invocation of ingest that it gave up; in a bucket, and only there, with the whole event. */
function givenUp(text: string): SetAside | undefined {
  const { requestContext, KinesisBatchInfo, payload } = fieldsOf(jsonOf(text));
  const { shardId, startSequenceNumber, batchSize } = fieldsOf(KinesisBatchInfo);
  if (shardId === undefined) return undefined;
  const { Records } = fieldsOf(typeof payload === 'string' ? jsonOf(payload) : payload);
  const kept = (Array.isArray(Records) ? Records : []).flatMap((record: unknown) => {
    const { data, partitionKey } = fieldsOf(fieldsOf(record).kinesis);
    return typeof data === 'string' && typeof partitionKey === 'string' ? [{ data, key: partitionKey }] : [];
  });
  return {
    source: 'ingest',
    position: `${String(shardId)}:${String(startSequenceNumber)}`,
    path: '',
    reason: `batch given up (${String(fieldsOf(requestContext).condition ?? 'no reason told')})`,
    count: typeof batchSize === 'number' ? batchSize : kept.length,
    kept,
  };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
