/**
 * How much came in per UTC day of arrival: what a quiet report is worth. Counted once per batch and shard, so a batch
 * that is delivered again counts again; these are figures of health, not of usage.
 */
import { type DynamoDBClient, paginateQuery, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { LAG_BOUNDS, type LagCounts } from '../../core/aggregates/lag.ts';
import { sortableDay } from './aggregate-keys.ts';
import { checkLayout, ITEM_LAYOUT, numberOf } from './dynamo-items.ts';

export interface IntakeCounts {
  records: number;
  usage: number;
  duplicates: number;
  quarantined: number;
  /** Of those quarantined: older than the retention. */
  late: number;
  /** Exchanges by how long after their time they came. Items of an earlier version have none. */
  lag?: LagCounts;
}

export interface IntakeLog {
  add(day: number, shard: string, counts: IntakeCounts): Promise<void>;
  /** Both days included. */
  total(fromDay: number, toDay: number): Promise<IntakeCounts>;
}

const FIELDS = ['records', 'usage', 'duplicates', 'quarantined', 'late'] as const;
/** One number a bound, as `ADD` needs it. */
const LAGS = [...LAG_BOUNDS, 0].map((_, i) => `lag${i}`);
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
    const lags = (counts.lag ?? []).map((count, i) => [LAGS[i]!, count] as const).filter(([, count]) => count > 0);
    const values = [...FIELDS.map((field) => [field, counts[field]] as const), ...lags];
    await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: { pk: INTAKE, sk: { S: `${sortableDay(day)}#${shard}` } },
        UpdateExpression: `SET layout = :layout, expires = :expires ADD ${values.map(([name]) => `#${name} :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(values.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ':layout': { N: String(ITEM_LAYOUT) },
          ':expires': { N: String((day + KEEP_DAYS) * 86_400) },
          ...Object.fromEntries(values.map(([name, value]) => [`:${name}`, { N: String(value) }])),
        },
      }),
    );
  }

  async total(fromDay: number, toDay: number): Promise<IntakeCounts> {
    const lag = LAGS.map(() => 0);
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
      for (const item of page.Items ?? []) {
        for (const field of FIELDS) sum[field] += numberOf(checkLayout(item), field);
        for (const [i, name] of LAGS.entries()) if (item[name] !== undefined) lag[i]! += numberOf(item, name);
      }
    }
    return lag.some((count) => count > 0) ? { ...sum, lag } : sum;
  }
}
