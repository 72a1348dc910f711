/**
 * A DynamoDB table in this process, for the three commands and three conditions that the aggregates use: thousands of
 * runs where a server allows tens. What it allows that memory alone would not: a read that is not consistent gives any
 * earlier state, and calls of two workers take turns in an order drawn from the seed.
 */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambdas/adapters/dynamo-items.ts';

/** Calls that arrive when others have come and gone. */
const SLOW_SHARE = 0.1;
const SLOW_TURNS = 800;

export class MemoryTable {
  readonly client: DynamoDBClient;
  /** All states of each item, the latest last. */
  private readonly items = new Map<string, Item[]>();
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
    this.client = new DynamoDBClient({ region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } });
    this.client.send = ((command: object) => this.send(command)) as DynamoDBClient['send'];
  }

  private async send(command: object): Promise<object> {
    const most = this.random() < SLOW_SHARE ? SLOW_TURNS : 4;
    for (let turns = Math.floor(this.random() * most); turns > 0; turns--) await Promise.resolve();
    if (command instanceof GetItemCommand) {
      const states = this.items.get(keyOf(command.input.Key!)) ?? [];
      const consistent = command.input.ConsistentRead === true;
      const at = consistent ? states.length - 1 : Math.floor(this.random() * (states.length + 1)) - 1;
      return { Item: states[at] && structuredClone(states[at]) };
    }
    if (command instanceof PutItemCommand) return this.put(command);
    if (command instanceof QueryCommand) return { Items: this.query(command) };
    throw new Error(`not a command of the aggregates: ${command.constructor.name}`);
  }

  private put({ input }: PutItemCommand): object {
    const key = keyOf(input.Item!);
    const states = this.items.get(key) ?? [];
    if (!allows(input, states.at(-1))) {
      throw new ConditionalCheckFailedException({ message: 'the condition does not hold', $metadata: {} });
    }
    this.items.set(key, [...states, structuredClone(input.Item!)]);
    return {};
  }

  /** Of a partition in key order, or a range of it; the filter's numbers are honoured by the caller's choice of days. */
  private query({ input }: QueryCommand): Item[] {
    const { ':pk': pk, ':from': from, ':until': until } = input.ExpressionAttributeValues!;
    const within = ({ sk }: Item) =>
      !input.KeyConditionExpression!.includes('BETWEEN') || (sk!.S! >= from!.S! && sk!.S! <= until!.S!);
    const all = [...this.items.values()].map((states) => states.at(-1)!);
    const found = all.filter((item) => item.pk!.S === pk!.S && within(item));
    return found.sort((a, b) => (a.sk!.S! < b.sk!.S! ? -1 : 1));
  }
}

function keyOf({ pk, sk }: Item): string {
  return JSON.stringify([pk!.S, sk!.S]);
}

function allows(
  { ConditionExpression, ExpressionAttributeValues: values }: PutItemCommand['input'],
  item?: Item,
): boolean {
  switch (ConditionExpression) {
    case undefined:
      return true;
    case 'attribute_not_exists(pk)':
      return item === undefined;
    case '#v = :read':
      return item?.version?.N === values![':read']!.N;
    case 'attribute_not_exists(pk) OR #v <= :version':
      return item === undefined || Number(item.version!.N) <= Number(values![':version']!.N);
    default:
      throw new Error(`not a condition of the aggregates: ${ConditionExpression}`);
  }
}
