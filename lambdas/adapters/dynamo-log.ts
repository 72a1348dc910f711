/**
 * A log in one partition of a table, bodies by their place in it. A body is written under the condition that its place
 * is free, so that of two people the second is told, and none is ever written over.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { checkLayout, layout, textOf } from './dynamo-items.ts';

export class DynamoLog {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly partition: { S: string };

  constructor(client: DynamoDBClient, table: string, partition: string) {
    this.client = client;
    this.table = table;
    this.partition = { S: partition };
  }

  /** Bodies behind the place `after`, in order. */
  async read(after = 0): Promise<unknown[]> {
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': this.partition, ':after': placeOf(after) },
      },
    );
    const bodies: unknown[] = [];
    for await (const page of pages)
      for (const item of page.Items ?? []) bodies.push(JSON.parse(textOf(checkLayout(item), 'body')));
    return bodies;
  }

  /** False, and nothing written, where the place behind `after` is taken or the one before it is not. */
  async append(body: unknown, after: number): Promise<boolean> {
    const Item = { pk: this.partition, sk: placeOf(after + 1), layout, body: { S: JSON.stringify(body) } };
    const ConditionExpression = 'attribute_not_exists(pk)';
    // The place before must be taken: a caller that counted wrong would leave a hole.
    if (after > 0 && (await this.read(after - 1)).length !== 1) return false;
    try {
      await this.client.send(new PutItemCommand({ TableName: this.table, Item, ConditionExpression }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

/** Ten digits, so that text order is number order. */
function placeOf(seq: number) {
  return { S: String(seq).padStart(10, '0') };
}
