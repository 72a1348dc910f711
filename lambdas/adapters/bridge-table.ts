/** The bridge between epochs in DynamoDB: one item per pair, found by kind and newer name. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { Bridge, type BridgePair } from '../../core/keys/bridge.ts';
import { isPassing } from '../../core/keys/kinds.ts';
import type { Print } from '../../core/keys/rename.ts';
import { jitteredPause, type Pause } from '../backoff.ts';
import { settleAll } from '../concurrency.ts';
import { checkLayout, type Item, layout, textOf } from './dynamo-items.ts';

const DAY_MS = 86_400_000;
/** A pair that nobody used for as long as anything can be stored under its older name, and some, joins nothing. */
const SPARE_DAYS = 10;
const PASSING_DAYS = 14;
const PUTS_AT_ONCE = 16;
/** Of one BatchGetItem and one BatchWriteItem. */
const MAX_KEYS = 100;
const MAX_WRITES = 25;
const ATTEMPTS = 8;
/** Rotations that a name is followed through; with the shortest overlap that is years. */
const MAX_STEPS = 16;

export interface BridgeTableProps {
  client: DynamoDBClient;
  table: string;
  /** How long account-days are kept. */
  retentionDays: number;
  pause?: Pause;
}

export class BridgeTable {
  private readonly props: BridgeTableProps;
  private readonly pause: Pause;

  constructor(props: BridgeTableProps) {
    this.props = props;
    this.pause = props.pause ?? jitteredPause;
  }

  /** Putting a pair again only lets it last longer. When it returns, the pairs are durable. */
  async note(pairs: readonly BridgePair[], now: number): Promise<void> {
    const { client, table } = this.props;
    const outcomes = await settleAll(pairs, PUTS_AT_ONCE, (pair) =>
      client.send(new PutItemCommand({ TableName: table, Item: this.itemOf(pair, now) })),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** All that is known of the names, through every rotation. Pairs in use are made to last. */
  async about(prints: readonly Print[], now: number): Promise<Bridge> {
    const ageing: BridgePair[] = [];
    const bridge = await this.follow(prints, (pair, expires) => {
      if (expires - now < this.keptMs(pair) / 2) ageing.push(pair);
    });
    await this.note(ageing, now);
    return bridge;
  }

  /** The same, and nothing is written. */
  lookUp(prints: readonly Print[]): Promise<Bridge> {
    return this.follow(prints, () => {});
  }

  private async follow(prints: readonly Print[], see: (pair: BridgePair, expires: number) => void): Promise<Bridge> {
    const bridge = new Bridge();
    let sought = prints;
    for (let step = 0; step < MAX_STEPS && sought.length > 0; step++) {
      const items = await this.items(sought);
      const pairs = items.map(pairOf);
      for (const [at, pair] of pairs.entries()) {
        bridge.add(pair);
        see(pair, Number(items[at]!.expires!.N) * 1000);
      }
      sought = pairs.map(({ kind, older }) => ({ kind, print: older }));
    }
    return bridge;
  }

  /** Deletes every pair it can until `over` says that the time is up; whether none is left. */
  async forget(over: () => boolean): Promise<boolean> {
    const { client, table } = this.props;
    const pages = paginateScan({ client }, { TableName: table, ProjectionExpression: 'pk, sk', ConsistentRead: true });
    for await (const { Items = [] } of pages) {
      for (let i = 0; i < Items.length; i += MAX_WRITES) {
        if (over()) return false;
        await this.remove(Items.slice(i, i + MAX_WRITES));
      }
    }
    return true;
  }

  private async items(prints: readonly Print[]): Promise<Item[]> {
    const found: Item[] = [];
    const unique = [...new Map(prints.map((print) => [keyText(print.kind, print.print), print])).keys()];
    for (let i = 0; i < unique.length; i += MAX_KEYS) {
      let keys: Item[] = unique.slice(i, i + MAX_KEYS).map(keyOf);
      await this.untilNoneLeft('reads', async () => {
        const { client, table } = this.props;
        const { Responses = {}, UnprocessedKeys = {} } = await client.send(
          new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } }),
        );
        found.push(...(Responses[table] ?? []).map(checkLayout));
        keys = UnprocessedKeys[table]?.Keys ?? [];
        return keys.length;
      });
    }
    return found;
  }

  private async remove(items: readonly Item[]): Promise<void> {
    const { client, table } = this.props;
    let requests = items.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk: pk!, sk: sk! } } }));
    await this.untilNoneLeft('writes', async () => {
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
      );
      requests = (UnprocessedItems[table] ?? []) as typeof requests;
      return requests.length;
    });
  }

  /** Throws where the table still refuses after all attempts: a name that is bridged must not pass for one that is not. */
  private async untilNoneLeft(what: string, work: () => Promise<number>): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await this.pause(attempt);
      if ((await work()) === 0) return;
    }
    throw new Error(`the table of the bridge refuses ${what}`);
  }

  private keptMs({ kind }: Pick<BridgePair, 'kind'>): number {
    return (isPassing(kind) ? PASSING_DAYS : this.props.retentionDays + SPARE_DAYS) * DAY_MS;
  }

  private itemOf(pair: BridgePair, now: number): Item {
    return {
      ...keyOf(keyText(pair.kind, pair.newer)),
      layout,
      older: { S: pair.older },
      expires: { N: String(Math.ceil((now + this.keptMs(pair)) / 1000)) },
    };
  }
}

const SORT: AttributeValue = { S: 'older' };

function keyText(kind: string, print: string): string {
  return `${kind}#${print}`;
}

function keyOf(pk: string): Item {
  return { pk: { S: pk }, sk: SORT };
}

function pairOf(item: Item): BridgePair {
  const [kind, newer] = textOf(item, 'pk').split('#') as [BridgePair['kind'], string];
  return { kind, newer, older: textOf(item, 'older') };
}
