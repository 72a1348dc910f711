/** Text into a queue, a message each. */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Pause } from '../backoff.ts';
import { type CallOf, type Entries, type Entry, type Left, putAll } from './entries.ts';

export class QueueEntries implements Entries, CallOf {
  readonly maxRecords = 10;
  readonly maxBytes = 1024 * 1024;
  private readonly client: Pick<SQSClient, 'send'>;
  private readonly url: string;
  private readonly pause: Pause | undefined;

  constructor(client: Pick<SQSClient, 'send'>, url: string, pause?: Pause) {
    this.client = client;
    this.url = url;
    this.pause = pause;
  }

  put<T>(entries: Iterable<Entry<T>>): Promise<Left<T>> {
    return putAll(entries, this, this.pause);
  }

  async refused<T>(entries: Entry<T>[]): Promise<Entry<T>[]> {
    const { Failed = [] } = await this.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.url,
        Entries: entries.map(({ data }, i) => ({ Id: String(i), MessageBody: bodyOf(data) })),
      }),
    );
    return Failed.map(({ Id }) => entries[Number(Id)]!);
  }
}

/** JSON may hold two characters that a queue refuses; in its strings they may be written as escapes. */
function bodyOf(data: Uint8Array): string {
  return Buffer.from(data)
    .toString('utf8')
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}
