/** Bytes onto a stream. */
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Pause } from '../backoff.ts';
import { type CallOf, type Entries, type Entry, type Left, putAll } from './entries.ts';

export class KinesisEntries implements Entries, CallOf {
  readonly maxRecords = 500;
  readonly maxBytes = 5 * 1024 * 1024;
  private readonly client: Pick<KinesisClient, 'send'>;
  private readonly stream: string;
  private readonly pause: Pause | undefined;

  constructor(client: Pick<KinesisClient, 'send'>, stream: string, pause?: Pause) {
    this.client = client;
    this.stream = stream;
    this.pause = pause;
  }

  put<T>(entries: Iterable<Entry<T>>): Promise<Left<T>> {
    return putAll(entries, this, this.pause);
  }

  async refused<T>(entries: Entry<T>[]): Promise<Entry<T>[]> {
    const { FailedRecordCount = 0, Records = [] } = await this.client.send(
      new PutRecordsCommand({
        StreamName: this.stream,
        Records: entries.map(({ data, key }) => ({ Data: data, PartitionKey: key })),
      }),
    );
    return FailedRecordCount === 0 ? [] : entries.filter((_, i) => Records[i]?.ErrorCode !== undefined);
  }
}
