/**
 * The case log in DynamoDB: one partition, entries by their place in it. An entry is written under the condition that
 * its place is free, so that of two people the second is told, and no entry is ever written over.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { type CaseEntry, type NewEntry, parseEntry } from '../../core/cases/entry.ts';
import type { CaseLog } from '../../core/place.ts';
import { checkLayout, layout, textOf } from './dynamo-items.ts';

const LOG = { S: 'log' };

export class DynamoCases implements CaseLog {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async read(after = 0): Promise<CaseEntry[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': LOG, ':after': placeOf(after) },
      },
    );
    const entries: CaseEntry[] = [];
    for await (const page of pages)
      for (const item of page.Items ?? []) entries.push(parseEntry(JSON.parse(textOf(checkLayout(item), 'body'))));
    return entries;
  }

  async append(entry: NewEntry, after: number): Promise<CaseEntry | undefined> {
    const added = parseEntry({ ...entry, seq: after + 1 });
    const Item = { pk: LOG, sk: placeOf(added.seq), layout, body: { S: JSON.stringify(added) } };
    const ConditionExpression = 'attribute_not_exists(pk)';
    // The place before must be taken: a caller that counted wrong would leave a hole.
    if (after > 0 && (await this.read(after - 1)).length !== 1) return undefined;
    try {
      await this.client.send(new PutItemCommand({ TableName: this.table, Item, ConditionExpression }));
      return added;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}

/** Ten digits, so that text order is number order. */
function placeOf(seq: number) {
  return { S: String(seq).padStart(10, '0') };
}
