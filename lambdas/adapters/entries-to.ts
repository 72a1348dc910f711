/** To where records wait for ingest. */
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { Pause } from '../backoff.ts';
import type { Entries } from './entries.ts';
import { KinesisEntries } from './kinesis-entries.ts';
import { QueueEntries } from './queue-entries.ts';

export type EntriesConfig = KinesisClientConfig & SQSClientConfig;

/** `to`: the name of a stream, or the address of a queue. */
export function entriesTo(to: string, config: EntriesConfig = {}, pause?: Pause): Entries {
  // The name of a stream has no colon.
  if (to.includes(':')) return new QueueEntries(new SQSClient(config), to, pause);
  return new KinesisEntries(new KinesisClient(config), to, pause);
}
