/**
 * The outbox in DynamoDB: rows that wait in one partition, settled ones in another, messages beside them. What waits is
 * few, so that looking once a minute costs next to nothing; what is settled goes after 14 days.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import type { Envelope } from '../../core/messages/envelope.ts';
import type { OutboxStore } from '../../core/outbox/deliver.ts';
import { forgetAt, KEEP_FAILED_MS, type OutboxRow } from '../../core/outbox/outbox.ts';
import type { WatchMemory } from '../../core/watch/watch.ts';
import { checkLayout, type Item, ItemError, layout, textOf } from './dynamo-items.ts';

type Partition = 'pending' | 'settled' | 'message' | 'watch';

export class DynamoOutbox implements OutboxStore {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async enrol(message: Envelope, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
    const expires = (rows[0]?.since ?? 0) + 2 * KEEP_FAILED_MS;
    await this.put(keyed('message', message.messageId), message, expires);
    const added: OutboxRow[] = [];
    for (const row of rows) {
      if ((await this.get('settled', idOf(row))) !== undefined) continue;
      if (await this.putIf(row, 'attribute_not_exists(pk)')) added.push(row);
    }
    return added;
  }

  pending(): Promise<OutboxRow[]> {
    return this.rows('pending');
  }

  async failed(): Promise<OutboxRow[]> {
    return (await this.rows('settled')).filter(({ state }) => state === 'failed');
  }

  /** Messages still kept, in no order. */
  messages(): Promise<Envelope[]> {
    return this.rows<Envelope>('message');
  }

  async allRows(): Promise<OutboxRow[]> {
    return [...(await this.rows('pending')), ...(await this.rows('settled'))];
  }

  async message(messageId: string): Promise<Envelope> {
    const message = await this.get<Envelope>('message', messageId);
    if (message === undefined) throw new ItemError(`message ${messageId} is not in the outbox`);
    return message;
  }

  /** Only one of two runs that see a row due at the same time may try it. */
  claim(row: OutboxRow, until: number): Promise<boolean> {
    return this.putIf({ ...row, due: until }, '#due = :due', {
      ExpressionAttributeNames: { '#due': 'due' },
      ExpressionAttributeValues: { ':due': { N: String(row.due) } },
    });
  }

  /** Settled first and then no longer pending: a crash between the two tells a message twice, never not at all. */
  async update(row: OutboxRow): Promise<void> {
    if (row.state === 'pending') {
      await this.client.send(new PutItemCommand({ TableName: this.table, Item: pendingItem(row) }));
      return;
    }
    await this.put(keyed('settled', idOf(row)), row, forgetAt(row));
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: keyed('pending', idOf(row)) }));
  }

  /** Pending first and then no longer settled: a crash between the two leaves it to be tried, not forgotten. */
  async tryAgain(row: OutboxRow): Promise<void> {
    await this.putIf(row, 'attribute_not_exists(pk)');
    await this.client.send(new DeleteItemCommand({ TableName: this.table, Key: keyed('settled', idOf(row)) }));
  }

  async watchMemory(): Promise<WatchMemory> {
    return (await this.get<WatchMemory>('watch', 'memory')) ?? {};
  }

  async rememberWatch(memory: WatchMemory): Promise<void> {
    await this.put(keyed('watch', 'memory'), memory);
  }

  private async putIf(
    row: OutboxRow,
    ConditionExpression: string,
    names: Pick<PutItemCommand['input'], 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> = {},
  ): Promise<boolean> {
    try {
      const Item = pendingItem(row);
      await this.client.send(new PutItemCommand({ TableName: this.table, Item, ConditionExpression, ...names }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  private async put(key: Item, body: unknown, expiresMs?: number): Promise<void> {
    const expires = expiresMs === undefined ? {} : { expires: { N: String(Math.ceil(expiresMs / 1000)) } };
    const Item = { ...key, layout, body: { S: JSON.stringify(body) }, ...expires };
    await this.client.send(new PutItemCommand({ TableName: this.table, Item }));
  }

  private async get<T = unknown>(partition: Partition, id: string): Promise<T | undefined> {
    const Key = keyed(partition, id);
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : bodyOf<T>(Item);
  }

  private async rows<T = OutboxRow>(partition: Partition): Promise<T[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: partition } },
      },
    );
    const rows: T[] = [];
    for await (const page of pages) for (const item of page.Items ?? []) rows.push(bodyOf<T>(item));
    return rows;
  }
}

const idOf = ({ messageId, channel }: OutboxRow) => `${messageId}#${channel}`;

function keyed(partition: Partition, id: string): Item {
  return { pk: { S: partition }, sk: { S: id } };
}

function pendingItem(row: OutboxRow): Item {
  const { due } = row;
  return { ...keyed('pending', idOf(row)), layout, due: { N: String(due) }, body: { S: JSON.stringify(row) } };
}

function bodyOf<T>(item: Item): T {
  return JSON.parse(textOf(checkLayout(item), 'body')) as T;
}
