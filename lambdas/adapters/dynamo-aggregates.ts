/** The aggregates in DynamoDB: one conditional put per account-day and batch commits it, no transactions. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mergePacked } from '../../core/aggregates/account-day-codec.ts';
import { type AccountFacts, factsOf, mergeFacts, NO_FACTS } from '../../core/aggregates/account-facts.ts';
import { applyBatch } from '../../core/aggregates/stored-day.ts';
import type { AccountDayBatch, AccountHistory, AggregateStore, DayRange, FoldOutcome } from '../../core/ports.ts';
import type { AccountRecord, ReleaseRecord } from '../../core/records/schema.ts';
import { jitteredPause, type Pause } from '../backoff.ts';
import { dayKey, factsKey, formerDayKey, type Key, RELEASES } from './aggregate-keys.ts';
import { dayAttributes, storedDay } from './dynamo-days.ts';
import { readHistories, readReleases } from './dynamo-histories.ts';
import { IdFiles, type Owner } from './dynamo-id-files.ts';
import { checkLayout, type Item, layout, numberOf, textOf } from './dynamo-items.ts';
import type { KeptDays } from './kept-days.ts';
import { LateDays } from './late-days.ts';

/** Attempts at one item before the batch is given back to the stream. */
const ATTEMPTS = 10;

export interface DynamoAggregatesOptions {
  client: DynamoDBClient;
  table: string;
  retentionDays: number;
  pause?: Pause;
  /** Of the machine where left out. */
  now?: () => number;
  /** Where whole days are kept, for a reader that has such a place. */
  kept?: KeptDays;
}

export class ContentionError extends Error {
  override name = 'ContentionError';
}

export class DynamoAggregates implements AggregateStore {
  private readonly options: Required<Omit<DynamoAggregatesOptions, 'kept'>> & { kept?: KeptDays };
  private readonly files: IdFiles;
  private readonly late: LateDays;

  constructor(options: DynamoAggregatesOptions) {
    this.options = { pause: jitteredPause, now: Date.now, ...options };
    this.files = new IdFiles(this.options);
    this.late = new LateDays(this.options);
  }

  /** What is counted is counted by the last write alone; a file of ids written before it holds ids counted earlier. */
  async foldUsage(batch: AccountDayBatch): Promise<FoldOutcome> {
    const { account, day } = batch;
    const { key, item: first } = await this.find(account, day);
    const of: Owner = { key, day };
    const decide: Decide<FoldOutcome> = async (item) => {
      const stored = item && storedDay(item);
      const version = item ? numberOf(item, 'version') : 0;
      const files = stored ? await this.files.read(of, stored) : [];
      const { next, file, outcome } = applyBatch(stored, batch, { files, version });
      if (next) await this.late.mark(account, day);
      if (file && !(await this.files.write(of, file, version))) return 'stale';
      return { outcome, attributes: next && dayAttributes(batch, next, this.options.retentionDays) };
    };
    return this.change(key, decide, { item: first });
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
    const [now, former] = await Promise.all(
      [dayKey(account, day), formerDayKey(account, day)].map(async (key) => {
        const item = await this.read(key, true);
        return item && storedDay(item).packed;
      }),
    );
    return now && former ? mergePacked(now, former, day) : (now ?? former);
  }

  readSegment(segment: number, segments: number, days: DayRange): AsyncIterable<AccountHistory> {
    return readHistories(this.options, { segment, segments, days }, this.late, this.options);
  }

  /** An account-day where it lies, and where it will lie if there is none. */
  private async find(account: string, day: number): Promise<{ key: Key; item: Item | undefined }> {
    const key = dayKey(account, day);
    const item = await this.read(key, false);
    if (item) return { key, item };
    const former = formerDayKey(account, day);
    const held = await this.read(former, true);
    return held ? { key: former, item: held } : { key, item };
  }

  /**
   * Reads, decides, and writes only if nobody wrote in between; otherwise reads again. The first read may be of a moment
   * ago, at half the price: what it misses is a write in between. What it shows as counted is counted for good.
   */
  private async change<T>(key: Key, decide: Decide<T>, first?: { item: Item | undefined }): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const item = attempt === 0 && first ? first.item : await this.read(key, attempt > 0);
      const change = await decide(item);
      if (change !== 'stale') {
        const { outcome, attributes } = change;
        if (attributes === undefined || (await this.write(key, item, attributes))) return outcome;
      }
      await this.options.pause(attempt);
    }
    throw new ContentionError(`an item was changed by others ${ATTEMPTS} times in a row; the batch is given back`);
  }

  private async read({ pk, sk }: Key, consistent: boolean): Promise<Item | undefined> {
    const { client, table } = this.options;
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: consistent }),
    );
    return Item && checkLayout(Item);
  }

  /** False when the item is no longer the one that was read. */
  private async write(key: Key, read: Item | undefined, attributes: Item): Promise<boolean> {
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
