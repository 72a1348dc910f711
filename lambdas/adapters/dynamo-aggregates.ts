/** The aggregates in DynamoDB: one conditional put per account-day and batch commits it, no transactions. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type AccountFacts, factsOf, mergeFacts, NO_FACTS } from '../../core/aggregates/account-facts.ts';
import { applyBatch } from '../../core/aggregates/stored-day.ts';
import type { AccountDayBatch, AccountHistory, AggregateStore, FoldOutcome } from '../../core/ports.ts';
import type { AccountRecord, ReleaseRecord } from '../../core/records/schema.ts';
import { jitteredPause, type Pause } from '../backoff.ts';
import { dayKey, factsKey, partitionsOf, RELEASES } from './aggregate-keys.ts';
import { dayAttributes, storedDay } from './dynamo-days.ts';
import { readHistories, readReleases } from './dynamo-histories.ts';
import { IdFiles } from './dynamo-id-files.ts';
import { checkLayout, type Item, layout, numberOf, textOf } from './dynamo-items.ts';

/** Attempts at one item before the batch is given back to the stream. */
const ATTEMPTS = 10;

export interface DynamoAggregatesOptions {
  client: DynamoDBClient;
  table: string;
  retentionDays: number;
  pause?: Pause;
}

export class ContentionError extends Error {
  override name = 'ContentionError';
}

export class DynamoAggregates implements AggregateStore {
  private readonly options: Required<DynamoAggregatesOptions>;
  private readonly files: IdFiles;

  constructor(options: DynamoAggregatesOptions) {
    this.options = { pause: jitteredPause, ...options };
    this.files = new IdFiles(this.options);
  }

  /** What is counted is counted by the last write alone; a file of ids written before it holds ids counted earlier. */
  async foldUsage(batch: AccountDayBatch): Promise<FoldOutcome> {
    return this.change(dayKey(batch.account, batch.day), async (item) => {
      const stored = item && storedDay(item);
      const version = item ? numberOf(item, 'version') : 0;
      const files = stored ? await this.files.read(batch, stored) : [];
      const { next, file, outcome } = applyBatch(stored, batch, { files, version });
      if (file && !(await this.files.write(batch, file, version))) return 'stale';
      return { outcome, attributes: next && dayAttributes(batch, next, this.options.retentionDays) };
    });
  }

  async recordAccount(record: AccountRecord): Promise<void> {
    await this.change(factsKey(record.account), async (item) => {
      const held = item ? (JSON.parse(textOf(item, 'facts')) as AccountFacts) : NO_FACTS;
      const facts = JSON.stringify(sorted(mergeFacts(held, factsOf(record))));
      const same = item !== undefined && facts === JSON.stringify(sorted(held));
      return {
        outcome: undefined,
        attributes: same ? undefined : { account: { S: record.account }, facts: { S: facts } },
      };
    });
  }

  async recordRelease(record: ReleaseRecord): Promise<void> {
    const { client, table } = this.options;
    const { model, time } = record;
    const Item = { pk: { S: RELEASES }, sk: { S: `${time}#${model}` }, layout, model: { S: model }, time: { S: time } };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  }

  releases(): Promise<ReleaseRecord[]> {
    return readReleases(this.options);
  }

  async accountDay(account: string, day: number): Promise<Uint8Array | undefined> {
    const item = await this.read(dayKey(account, day), true);
    return item && storedDay(item).packed;
  }

  readSegment(segment: number, segments: number, sinceDay: number): AsyncIterable<AccountHistory> {
    return readHistories(this.options, partitionsOf(segment, segments), sinceDay);
  }

  /**
   * Reads, decides, and writes only if nobody wrote in between; otherwise reads again. The first read may be of a moment
   * ago, at half the price: what it misses is a write in between. What it shows as counted is counted for good.
   */
  private async change<T>(key: { pk: string; sk: string }, decide: Decide<T>): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const item = await this.read(key, attempt > 0);
      const change = await decide(item);
      if (change !== 'stale') {
        const { outcome, attributes } = change;
        if (attributes === undefined || (await this.write(key, item, attributes))) return outcome;
      }
      await this.options.pause(attempt);
    }
    throw new ContentionError(`an item was changed by others ${ATTEMPTS} times in a row; the batch is given back`);
  }

  private async read({ pk, sk }: { pk: string; sk: string }, consistent: boolean): Promise<Item | undefined> {
    const { client, table } = this.options;
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: consistent }),
    );
    return Item && checkLayout(Item);
  }

  /** False when the item is no longer the one that was read. */
  private async write(key: { pk: string; sk: string }, read: Item | undefined, attributes: Item): Promise<boolean> {
    const { client, table } = this.options;
    const version = read ? numberOf(read, 'version') : 0;
    const command = new PutItemCommand({
      TableName: table,
      Item: { pk: { S: key.pk }, sk: { S: key.sk }, layout, version: { N: String(version + 1) }, ...attributes },
      ...(read
        ? {
            ConditionExpression: '#v = :read',
            ExpressionAttributeNames: { '#v': 'version' },
            ExpressionAttributeValues: { ':read': { N: String(version) } },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

interface Change<T> {
  outcome: T;
  /** Undefined when there is nothing to write. */
  attributes: Item | undefined;
}

/** `stale`: another writer was seen to be ahead, so what was read is to be read again. */
type Decide<T> = (item: Item | undefined) => Promise<Change<T> | 'stale'>;

/** Fields in a fixed order, so that equal facts are equal text. */
function sorted(facts: AccountFacts): AccountFacts {
  return Object.fromEntries(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
