/** Records onto the stream, keyed by account. `PutRecords` takes some of a batch and refuses others: those go again. */
import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { jitteredPause, type Pause } from '../backoff.ts';
import { settleAll } from '../concurrency.ts';

export interface Put {
  /** Records that the stream did not take, after all attempts. */
  left: StillwatchRecord[];
  /** Why, where a whole call failed. */
  cause?: unknown;
}

export interface RecordStream {
  put(records: readonly StillwatchRecord[]): Promise<Put>;
}

/** Limits of one call; the bytes are those of data and keys together. */
const MAX_RECORDS = 500;
const MAX_BYTES = 5 * 1024 * 1024;
const ATTEMPTS = 5;
/** Calls at one time: enough to fill several shards, few enough to hold little in memory. */
const CONCURRENCY = 4;

interface Entry {
  record: StillwatchRecord;
  request: PutRecordsRequestEntry;
  bytes: number;
}

export class KinesisRecords implements RecordStream {
  private readonly client: KinesisClient;
  private readonly stream: string;
  private readonly pause: Pause;

  constructor(client: KinesisClient, stream: string, pause: Pause = jitteredPause) {
    this.client = client;
    this.stream = stream;
    this.pause = pause;
  }

  /** Never throws: what is not on the stream comes back. */
  async put(records: readonly StillwatchRecord[]): Promise<Put> {
    const state: Put = { left: [] };
    await settleAll(batchesOf(records), CONCURRENCY, (batch) => this.send(batch, state));
    return state;
  }

  /**
   * The client itself retries a call that fails as a whole; here only what a call that succeeded has refused. Once a
   * call has failed, the batches after it are not tried: an HTTP sender waits for the answer.
   */
  private async send(batch: Entry[], state: Put): Promise<void> {
    let left = batch;
    try {
      for (let attempt = 0; attempt < ATTEMPTS && left.length > 0 && state.cause === undefined; attempt++) {
        if (attempt > 0) await this.pause(attempt);
        left = await this.refused(left);
      }
    } catch (cause) {
      state.cause = cause;
    }
    state.left.push(...left.map(({ record }) => record));
  }

  private async refused(entries: Entry[]): Promise<Entry[]> {
    const { FailedRecordCount = 0, Records = [] } = await this.client.send(
      new PutRecordsCommand({ StreamName: this.stream, Records: entries.map(({ request }) => request) }),
    );
    return FailedRecordCount === 0 ? [] : entries.filter((_, i) => Records[i]?.ErrorCode !== undefined);
  }
}

function batchesOf(records: readonly StillwatchRecord[]): Entry[][] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const record of records) {
    const entry = entryOf(record);
    const last = batches.at(-1);
    if (last === undefined || last.length === MAX_RECORDS || bytes + entry.bytes > MAX_BYTES) {
      batches.push([entry]);
      bytes = entry.bytes;
    } else {
      last.push(entry);
      bytes += entry.bytes;
    }
  }
  return batches;
}

/** A release belongs to no account; its model keeps its own records in order. */
function entryOf(record: StillwatchRecord): Entry {
  const key = record.type === 'release' ? record.model : record.account;
  const data = Buffer.from(JSON.stringify(record));
  return { record, request: { Data: data, PartitionKey: key }, bytes: data.length + Buffer.byteLength(key) };
}
