/**
 * How much came in per UTC day of arrival: what a quiet report is worth. Counted once per batch and shard, so a batch
 * that is delivered again counts again; these are figures of health, not of usage.
 */
import { type DynamoDBClient, paginateQuery, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { sortableDay } from './aggregate-keys.ts';
import { checkLayout, ITEM_LAYOUT, numberOf } from './dynamo-items.ts';

export interface IntakeCounts {
  records: number;
  usage: number;
  duplicates: number;
  quarantined: number;
  /** Of those quarantined: older than the retention. */
  late: number;
}

export interface IntakeLog {
  add(day: number, shard: string, counts: IntakeCounts): Promise<void>;
  /** Both days included. */
  total(fromDay: number, toDay: number): Promise<IntakeCounts>;
}

const FIELDS = ['records', 'usage', 'duplicates', 'quarantined', 'late'] as const;
const KEEP_DAYS = 400;
const INTAKE = { S: 'intake' };

export class DynamoIntakeLog implements IntakeLog {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async add(day: number, shard: string, counts: IntakeCounts): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: { pk: INTAKE, sk: { S: `${sortableDay(day)}#${shard}` } },
        UpdateExpression: `SET layout = :layout, expires = :expires ADD ${FIELDS.map((field) => `#${field} :${field}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(FIELDS.map((field) => [`#${field}`, field])),
        ExpressionAttributeValues: {
          ':layout': { N: String(ITEM_LAYOUT) },
          ':expires': { N: String((day + KEEP_DAYS) * 86_400) },
          ...Object.fromEntries(FIELDS.map((field) => [`:${field}`, { N: String(counts[field]) }])),
        },
      }),
    );
  }

  async total(fromDay: number, toDay: number): Promise<IntakeCounts> {
    const sum: IntakeCounts = { records: 0, usage: 0, duplicates: 0, quarantined: 0, late: 0 };
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': INTAKE,
          ':from': { S: sortableDay(fromDay) },
          ':to': { S: sortableDay(toDay + 1) },
        },
      },
    );
    for await (const page of pages) {
      for (const item of page.Items ?? []) for (const field of FIELDS) sum[field] += numberOf(checkLayout(item), field);
    }
    return sum;
  }
}
