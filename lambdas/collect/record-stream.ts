/** Records onto the stream, keyed by account. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { KinesisEntries, type Left, type StreamEntry } from '../adapters/kinesis-entries.ts';
import type { Pause } from '../backoff.ts';

export type Put = Left<StillwatchRecord>;

export interface RecordStream {
  put(records: readonly StillwatchRecord[]): Promise<Put>;
}

export class KinesisRecords implements RecordStream {
  private readonly entries: KinesisEntries;

  constructor(client: KinesisClient, stream: string, pause?: Pause) {
    this.entries = new KinesisEntries(client, stream, pause);
  }

  /** Never throws: what is not on the stream comes back. */
  put(records: readonly StillwatchRecord[]): Promise<Put> {
    return this.entries.put(records.map(entryOf));
  }
}

/** A release belongs to no account; its model keeps its own records in order. */
function entryOf(record: StillwatchRecord): StreamEntry<StillwatchRecord> {
  const key = record.type === 'release' ? record.model : record.account;
  return { of: record, data: Buffer.from(JSON.stringify(record)), key };
}
