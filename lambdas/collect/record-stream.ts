/** Records to where they wait for ingest: a stream, keyed by account, or a queue. */
import type { StillwatchRecord } from '../../core/records/schema.ts';
import type { Entry, Left } from '../adapters/entries.ts';
import { type EntriesConfig, entriesTo } from '../adapters/entries-to.ts';
import type { Pause } from '../backoff.ts';

export type Put = Left<StillwatchRecord>;

export interface RecordStream {
  /** Never throws: what is not taken comes back. */
  put(records: readonly StillwatchRecord[]): Promise<Put>;
}

/** `to`: the name of a stream, or the address of a queue. */
export function recordsTo(to: string, config: EntriesConfig = {}, pause?: Pause): RecordStream {
  const entries = entriesTo(to, config, pause);
  return { put: (records) => entries.put(records.map(entryOf)) };
}

/** A release belongs to no account; its model keeps its own records in order. */
function entryOf(record: StillwatchRecord): Entry<StillwatchRecord> {
  const key = record.type === 'release' ? record.model : record.account;
  return { of: record, data: Buffer.from(JSON.stringify(record)), key };
}
