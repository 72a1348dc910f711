/** Addresses that mail did not reach, one item each. They stand in no report: who may read the table, reads whose they are. */
import { type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { Unreachable } from '../../core/messages/report-own.ts';
import { checkLayout, type Item, layout, textOf } from './dynamo-items.ts';

/** A mark that nothing renews or clears goes by itself. */
const KEEP_DAYS = 90;

export interface UnreachableMarks {
  all(): Promise<Unreachable[]>;
  mark(address: Unreachable): Promise<void>;
  /** Mail reached the address: only what came back before is over, not what somebody called unwanted. */
  reached(address: string): Promise<void>;
}

export class DynamoUnreachable implements UnreachableMarks {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async all(): Promise<Unreachable[]> {
    const query = {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': PARTITION },
    };
    const marks: Unreachable[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.client }, query)) {
      for (const item of Items) {
        const [address, at, why] = [textOf(checkLayout(item), 'sk'), textOf(item, 'at'), textOf(item, 'why')];
        if (why !== OVER) marks.push({ address, at, why: why === 'complaint' ? 'complaint' : 'bounce' });
      }
    }
    return marks;
  }

  /** Told again, it keeps its first time: since then the address is not reached. */
  async mark({ address, why, at }: Unreachable): Promise<void> {
    const held = (await this.all()).find((mark) => mark.address === address && mark.why === why);
    const since = held !== undefined && held.at < at ? held.at : at;
    const expires = { N: String(Math.floor(Date.parse(at) / 1000) + KEEP_DAYS * 86_400) };
    const Item = { ...keyOf(address), layout, why: { S: why }, at: { S: since }, expires };
    await this.client.send(new PutItemCommand({ TableName: this.table, Item }));
  }

  /** Written over and not deleted: whose role may take items away could take findings away. */
  async reached(address: string): Promise<void> {
    const marks = await this.all();
    const held = marks.find((mark) => mark.address === address);
    if (held?.why !== 'bounce') return;
    const expires = { N: String(Math.floor(Date.parse(held.at) / 1000) + KEEP_DAYS * 86_400) };
    const Item = { ...keyOf(address), layout, why: { S: OVER }, at: { S: held.at }, expires };
    await this.client.send(new PutItemCommand({ TableName: this.table, Item }));
  }
}

const OVER = 'reached';
const PARTITION = { S: 'unreachable' };

function keyOf(address: string): Item {
  return { pk: PARTITION, sk: { S: address } };
}
