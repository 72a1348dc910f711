/** The pointer to the last sweep saved. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { timeMs } from '../../core/records/time.ts';
import type { Chunks } from './dynamo-chunks.ts';
import { checkLayout, type Item, layout, numberOf, textOf } from './dynamo-items.ts';

export interface Head {
  /** Time of the sweep, RFC 3339. */
  at: string;
  generation: string;
  /** Chunks of the findings, and of what was told. */
  state: number;
  told: number;
  /** Transitions told by that sweep. */
  transitions: number;
}

const KEY = { pk: { S: 'head' }, sk: { S: 'head' } };

export async function readHead({ client, table }: Chunks): Promise<Head | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
  if (Item === undefined) return undefined;
  return headOf(checkLayout(Item));
}

export function headOf(item: Item): Head {
  return {
    at: textOf(item, 'at'),
    generation: textOf(item, 'generation'),
    state: numberOf(item, 'state'),
    told: numberOf(item, 'told'),
    transitions: numberOf(item, 'transitions'),
  };
}

/** `ms` repeats `at` as a number, for the condition that only a later sweep replaces an earlier one. */
export function headItem({ at, generation, state, told, transitions }: Head): Item {
  return {
    ...KEY,
    layout,
    at: { S: at },
    ms: { N: String(timeMs(at)) },
    generation: { S: generation },
    state: { N: String(state) },
    told: { N: String(told) },
    transitions: { N: String(transitions) },
  };
}
