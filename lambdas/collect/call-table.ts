/** What CloudTrail told of calls, by the id of the exchange, for as long as a record may wait for it. */
import { BatchGetItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Call } from '../../core/sources/cloudtrail.ts';
import { checkLayout, type Item, layout, textOf } from '../adapters/dynamo-items.ts';
import { jitteredPause, type Pause } from '../backoff.ts';
import { settleAll } from '../concurrency.ts';

export interface CallTable {
  /** Putting a call again changes nothing. */
  put(calls: readonly Call[], now: number): Promise<void>;
  /** Calls that are known, by id. */
  get(ids: readonly string[]): Promise<Map<string, Call>>;
}

const DAY_MS = 86_400_000;
/** Long past any wait; DynamoDB deletes within days of it. */
const KEPT_MS = 2 * DAY_MS;
const PUTS_AT_ONCE = 16;
/** Of one BatchGetItem. */
const MAX_KEYS = 100;
const ATTEMPTS = 8;

export class DynamoCalls implements CallTable {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly pause: Pause;

  constructor(client: DynamoDBClient, table: string, pause: Pause = jitteredPause) {
    this.client = client;
    this.table = table;
    this.pause = pause;
  }

  async put(calls: readonly Call[], now: number): Promise<void> {
    const expires = { N: String(Math.floor((now + KEPT_MS) / 1000)) };
    const outcomes = await settleAll(calls, PUTS_AT_ONCE, (call) =>
      this.client.send(new PutItemCommand({ TableName: this.table, Item: { ...itemOf(call), expires } })),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async get(ids: readonly string[]): Promise<Map<string, Call>> {
    const found = new Map<string, Call>();
    const unique = [...new Set(ids)];
    for (let i = 0; i < unique.length; i += MAX_KEYS) {
      for (const item of await this.items(unique.slice(i, i + MAX_KEYS))) {
        const call = callOf(item);
        found.set(call.id, call);
      }
    }
    return found;
  }

  /** Throws where the table still refuses after all attempts: a call that is there must not pass for one that is not. */
  private async items(ids: readonly string[]): Promise<Item[]> {
    const items: Item[] = [];
    let keys: Item[] = ids.map(keyOf);
    for (let attempt = 0; attempt < ATTEMPTS && keys.length > 0; attempt++) {
      if (attempt > 0) await this.pause(attempt);
      const { Responses = {}, UnprocessedKeys = {} } = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [this.table]: { Keys: keys } } }),
      );
      items.push(...(Responses[this.table] ?? []).map(checkLayout));
      keys = UnprocessedKeys[this.table]?.Keys ?? [];
    }
    if (keys.length > 0) throw new Error(`${keys.length} calls could not be looked up: the table refuses reads`);
    return items;
  }
}

function keyOf(id: string): Item {
  return { pk: { S: id }, sk: { S: 'call' } };
}

function itemOf({ id, ip, subnet, agent }: Call): Item {
  return {
    ...keyOf(id),
    layout,
    ...(ip === undefined ? {} : { ip: { S: ip } }),
    ...(subnet === undefined ? {} : { subnet: { S: subnet } }),
    ...(agent === undefined ? {} : { agent: { S: agent } }),
  };
}

function callOf(item: Item): Call {
  return {
    id: textOf(item, 'pk'),
    ...(item.ip?.S === undefined ? {} : { ip: item.ip.S }),
    ...(item.subnet?.S === undefined ? {} : { subnet: item.subnet.S }),
    ...(item.agent?.S === undefined ? {} : { agent: item.agent.S }),
  };
}
