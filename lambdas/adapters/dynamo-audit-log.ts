/** What each audit found, by the day that was audited: the report says it. The same audit again replaces its line. */
import { type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { sortableDay } from './aggregate-keys.ts';
import { checkLayout, layout, numberOf } from './dynamo-items.ts';

export interface AuditCounts {
  /** Account-days counted again, and those of them that differ from what is stored. */
  audited: number;
  drifted: number;
}

export interface AuditLog {
  add(day: number, counts: AuditCounts): Promise<void>;
  /** Both days included. */
  total(fromDay: number, toDay: number): Promise<AuditCounts>;
}

const AUDIT = { S: 'audit' };
const KEEP_DAYS = 400;

export class DynamoAuditLog implements AuditLog {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async add(day: number, { audited, drifted }: AuditCounts): Promise<void> {
    await this.client.send(
      new PutItemCommand({
        TableName: this.table,
        Item: {
          pk: AUDIT,
          sk: { S: sortableDay(day) },
          layout,
          expires: { N: String((day + KEEP_DAYS) * 86_400) },
          audited: { N: String(audited) },
          drifted: { N: String(drifted) },
        },
      }),
    );
  }

  async total(fromDay: number, toDay: number): Promise<AuditCounts> {
    const sum: AuditCounts = { audited: 0, drifted: 0 };
    const query = {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': AUDIT,
        ':from': { S: sortableDay(fromDay) },
        ':to': { S: sortableDay(toDay) },
      },
    };
    for await (const { Items = [] } of paginateQuery({ client: this.client }, query)) {
      for (const item of Items) {
        sum.audited += numberOf(checkLayout(item), 'audited');
        sum.drifted += numberOf(item, 'drifted');
      }
    }
    return sum;
  }
}
