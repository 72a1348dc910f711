/**
 * The findings between sweeps in DynamoDB. A sweep writes its whole outcome beside the last one, then moves one pointer
 * to it under a condition: a reader sees all of a sweep or nothing of it, and a crash half-way changes nothing.
 */
import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { NO_MEMORY, type SweepMemory } from '../../core/campaigns/tracked.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type { FindingStore } from '../../core/ports.ts';
import { timeMs } from '../../core/records/time.ts';
import { type Chunks, chunkKey, readChunks, writeChunks } from './dynamo-chunks.ts';
import { type Head, headItem, readHead } from './dynamo-head.ts';
import { ItemError } from './dynamo-items.ts';
import { readSweeps, readTold, recordTold } from './dynamo-told.ts';

/** Days that the findings of a replaced sweep stay readable, for those who ask what was known when. */
const STATE_DAYS = 30;
const TRACKED_LAYOUT = 1;

export interface SavedSweep {
  at: string;
  transitions: Transition[];
}

export class StaleSweepError extends Error {
  override name = 'StaleSweepError' as const;
}

export interface DynamoFindingsOptions {
  client: DynamoDBClient;
  table: string;
  /** Names a generation; only has to differ between runs of the same sweep. */
  token?: () => string;
}

export class DynamoFindings implements FindingStore {
  private readonly chunks: Chunks;
  private readonly token: () => string;

  constructor({ client, table, token = randomUUID }: DynamoFindingsOptions) {
    this.chunks = { client, table };
    this.token = token;
  }

  async load(): Promise<SweepMemory> {
    const head = await readHead(this.chunks);
    if (head === undefined) return NO_MEMORY;
    const memory = await readChunks<SweepMemory>(this.chunks, head.generation, 'state', head.state);
    for (const { version } of memory.tracked) {
      if (version > TRACKED_LAYOUT)
        throw new ItemError(`finding of layout ${version}; this version reads ${TRACKED_LAYOUT}`);
    }
    return memory;
  }

  /** The last sweep saved and what it had to tell, to tell it again where telling was cut short. */
  async lastSweep(): Promise<SavedSweep | undefined> {
    const head = await readHead(this.chunks);
    if (head === undefined) return undefined;
    return {
      at: head.at,
      transitions: await readChunks<Transition[]>(this.chunks, head.generation, 'told', head.told),
    };
  }

  /** Throws a `StaleSweepError` when a later sweep is saved already. */
  async save(at: string, memory: SweepMemory, transitions: Transition[]): Promise<void> {
    const previous = await readHead(this.chunks);
    if (saved(previous, at)) return recordTold(this.chunks, previous!);
    const generation = `sweep#${at}#${this.token()}`;
    const state = await writeChunks(this.chunks, generation, 'state', memory);
    const told = await writeChunks(this.chunks, generation, 'told', transitions);
    const head: Head = { at, generation, state, told, transitions: transitions.length };
    if (!(await this.moveHead(head))) {
      saved(await readHead(this.chunks), at);
      return;
    }
    await recordTold(this.chunks, head);
    if (previous) await this.expire(previous, timeMs(at));
  }

  /** False when another run saved this sweep, or a later one, first. */
  private async moveHead(head: Head): Promise<boolean> {
    const { client, table } = this.chunks;
    const command = new PutItemCommand({
      TableName: table,
      Item: headItem(head),
      ConditionExpression: 'attribute_not_exists(pk) OR #ms < :ms',
      ExpressionAttributeNames: { '#ms': 'ms' },
      ExpressionAttributeValues: { ':ms': { N: String(timeMs(head.at)) } },
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** All transitions told by sweeps after `since` (ms), in time order. */
  transitionsSince(since: number): Promise<Transition[]> {
    return readTold(this.chunks, since);
  }

  /** Times of the sweeps saved after `since` (ms), RFC 3339. */
  async sweepsSince(since: number): Promise<string[]> {
    return (await readSweeps(this.chunks, since)).map(({ at }) => at);
  }

  private async expire({ generation, state }: Head, now: number): Promise<void> {
    const expires = String(Math.floor(now / 1000) + STATE_DAYS * 86_400);
    for (let i = 0; i < state; i++) {
      await this.chunks.client.send(
        new UpdateItemCommand({
          TableName: this.chunks.table,
          Key: { pk: { S: generation }, sk: { S: chunkKey('state', i) } },
          UpdateExpression: 'SET expires = :expires',
          ExpressionAttributeValues: { ':expires': { N: expires } },
        }),
      );
    }
  }
}

function saved(head: Head | undefined, at: string): boolean {
  if (head === undefined) return false;
  if (timeMs(head.at) > timeMs(at)) {
    throw new StaleSweepError(
      `the sweep of ${at} is older than the one of ${head.at} that is saved; nothing was changed`,
    );
  }
  return timeMs(head.at) === timeMs(at);
}
