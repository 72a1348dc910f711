/**
 * The cases as of the last look, in the outbox's table: one head with how far log and sweeps are taken in, one item per
 * case. A look begins by taking the lease on the head, so that of two runs one tells.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { type CaseBook, EMPTY_BOOK } from '../../core/cases/book.ts';
import type { CaseState } from '../../core/cases/case-state.ts';
import { checkLayout, type Item, layout, textOf } from './dynamo-items.ts';

/** Longer than a look takes; a run that dies leaves it to the next after this. */
const LEASE_MS = 120_000;
const CASE = { S: 'case' };
const HEAD: Item = { pk: { S: 'desk' }, sk: { S: 'head' } };

export type DeskHead = Omit<CaseBook, 'cases'> & {
  /** When the next thing falls due by itself; ms since 1970. */
  due?: number;
};

export class DynamoDesk {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async head(): Promise<DeskHead> {
    const { cases: _, ...none } = EMPTY_BOOK;
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: HEAD, ConsistentRead: true }),
    );
    return Item === undefined ? none : (JSON.parse(textOf(checkLayout(Item), 'body')) as DeskHead);
  }

  async book(): Promise<CaseBook> {
    const { due: _, ...head } = await this.head();
    const cases: Record<string, CaseState> = {};
    const query = {
      TableName: this.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': CASE },
    };
    for await (const page of paginateQuery({ client: this.client }, query))
      for (const item of page.Items ?? []) {
        const held = JSON.parse(textOf(checkLayout(item), 'body')) as CaseState;
        cases[held.finding] = held;
      }
    return { ...head, cases };
  }

  /** False where another run is at it. */
  async lease(now: number): Promise<boolean> {
    const body = { S: JSON.stringify(await this.head()) };
    return this.putHead(body, now + LEASE_MS, {
      ConditionExpression: 'attribute_not_exists(pk) OR (lease < :now AND body = :body)',
      ExpressionAttributeValues: { ':now': { N: String(now) }, ':body': body },
    });
  }

  /** Cases first: a run cut off before the head moves takes in the same again, and derives the same messages. */
  async save({ cases, ...head }: CaseBook, before: CaseBook, due: number | undefined): Promise<void> {
    for (const [id, held] of Object.entries(cases)) {
      const body = JSON.stringify(held);
      if (body === JSON.stringify(before.cases[id])) continue;
      const Item = { pk: CASE, sk: { S: id }, layout, body: { S: body } };
      await this.client.send(new PutItemCommand({ TableName: this.table, Item }));
    }
    await this.putHead({ S: JSON.stringify({ ...head, ...(due === undefined ? {} : { due }) }) }, 0);
  }

  private async putHead(body: { S: string }, lease: number, condition: Partial<PutItemCommand['input']> = {}) {
    const Item = { ...HEAD, layout, body, lease: { N: String(lease) } };
    try {
      await this.client.send(new PutItemCommand({ TableName: this.table, Item, ...condition }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
