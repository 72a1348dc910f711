/** Bytes onto a stream. `PutRecords` takes some of a batch and refuses others: those go again. */
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { jitteredPause, type Pause } from '../backoff.ts';
import { settleAll } from '../concurrency.ts';

export interface StreamEntry<T> {
  /** What it is made of, given back where the stream does not take it. */
  of: T;
  data: Uint8Array;
  key: string;
}

export interface Left<T> {
  /** What the stream did not take, after all attempts. */
  left: T[];
  /** Why, where a whole call failed. */
  cause?: unknown;
}

/** Limits of one call; the bytes are those of data and keys together. */
const MAX_RECORDS = 500;
const MAX_BYTES = 5 * 1024 * 1024;
const ATTEMPTS = 5;
/** Calls at one time: enough to fill several shards, few enough to hold little in memory. */
const CONCURRENCY = 4;

export class KinesisEntries {
  private readonly client: Pick<KinesisClient, 'send'>;
  private readonly stream: string;
  private readonly pause: Pause;

  constructor(client: Pick<KinesisClient, 'send'>, stream: string, pause: Pause = jitteredPause) {
    this.client = client;
    this.stream = stream;
    this.pause = pause;
  }

  /** Never throws: what is not on the stream comes back. */
  async put<T>(entries: Iterable<StreamEntry<T>>): Promise<Left<T>> {
    const state: Left<T> = { left: [] };
    await settleAll(batchesOf(entries), CONCURRENCY, (batch) => this.send(batch, state));
    return state;
  }

  /**
   * The client itself retries a call that fails as a whole; here only what a call that succeeded has refused. Once a
   * call has failed, the batches after it are not tried: an HTTP sender waits for the answer.
   */
  private async send<T>(batch: StreamEntry<T>[], state: Left<T>): Promise<void> {
    let left = batch;
    try {
      for (let attempt = 0; attempt < ATTEMPTS && left.length > 0 && state.cause === undefined; attempt++) {
        if (attempt > 0) await this.pause(attempt);
        left = await this.refused(left);
      }
    } catch (cause) {
      state.cause = cause;
    }
    state.left.push(...left.map(({ of }) => of));
  }

  private async refused<T>(entries: StreamEntry<T>[]): Promise<StreamEntry<T>[]> {
    const { FailedRecordCount = 0, Records = [] } = await this.client.send(
      new PutRecordsCommand({
        StreamName: this.stream,
        Records: entries.map(({ data, key }) => ({ Data: data, PartitionKey: key })),
      }),
    );
    return FailedRecordCount === 0 ? [] : entries.filter((_, i) => Records[i]?.ErrorCode !== undefined);
  }
}

function batchesOf<T>(entries: Iterable<StreamEntry<T>>): StreamEntry<T>[][] {
  const batches: StreamEntry<T>[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.data.length + Buffer.byteLength(entry.key);
    const last = batches.at(-1);
    if (last === undefined || last.length === MAX_RECORDS || bytes + size > MAX_BYTES) {
      batches.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return batches;
}
