/** Load that the tables do not take: nothing is lost, nothing counts twice, and no more is held than one batch. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { randomFrom } from '../../bench/lib/usage-lines.ts';
import { exchangesOf } from '../../core/aggregates/account-day.ts';
import { unpackAccountDay } from '../../core/aggregates/account-day-codec.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import type { LogObjects } from '../../lambdas/collect/log-objects.ts';
import { type ObjectMessagesHost, takeObjects } from '../../lambdas/collect/object-messages.ts';
import { ObjectUnread } from '../../lambdas/collect/quarantine.ts';
import { handle, type IngestHost } from '../../lambdas/ingest/ingest.ts';
import { DAY, usage } from '../contracts/sample-records.ts';
import { MemoryTable } from '../support/memory-table.ts';
import { kinesisEvent, listening, MemoryObjects } from './support.ts';

const NOW = Date.parse('2026-05-15T00:00:00.000Z');
/** Attempts at an item before its records are asked for again. */
const ATTEMPTS = 10;

class Throttled extends Error {
  override name = 'ProvisionedThroughputExceededException';
}

let table: DynamoDBClient;
let calls: { reads: number; writes: number };
beforeEach(() => {
  table = new MemoryTable(randomFrom(1)).client;
  calls = { reads: 0, writes: 0 };
});

/** A worker with its own client; `before` may hold a call up or refuse it. */
function worker(before: (command: object) => Promise<void> = async () => {}): IngestHost {
  const client = Object.create(table) as DynamoDBClient;
  client.send = (async (command: object) => {
    if (command instanceof GetItemCommand) calls.reads++;
    if (command instanceof PutItemCommand) calls.writes++;
    await before(command);
    return table.send(command as PutItemCommand);
  }) as DynamoDBClient['send'];
  return {
    store: new DynamoAggregates({ client, table: 'Aggregates', retentionDays: 90, pause: async () => {} }),
    quarantine: new ObjectQuarantine(new MemoryObjects(), false),
    intake: { add: async () => {} },
    told: listening(),
    now: () => NOW,
    retentionDays: 90,
  };
}

/** Exchanges that are counted. */
async function stored(account: string): Promise<number> {
  const store = new DynamoAggregates({ client: table, table: 'Aggregates', retentionDays: 90 });
  const packed = await store.accountDay(account, DAY);
  return packed === undefined ? 0 : exchangesOf(unpackAccountDay(packed, DAY));
}
const records = (account: string, prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => usage(account, `${prefix}-${i}`, i));

/** Delivers as the stream does: from the lowest record that is asked for again. Gives the number of deliveries. */
async function deliver(event: ReturnType<typeof kinesisEvent>, host: IngestHost, most: number): Promise<number> {
  let left = event.Records;
  for (let times = 1; times <= most; times++) {
    const { batchItemFailures } = await handle({ Records: left }, host);
    if (batchItemFailures.length === 0) return times;
    const again = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    left = left.slice(left.findIndex(({ kinesis }) => again.has(kinesis.sequenceNumber)));
  }
  throw new Error(`not through after ${most} deliveries`);
}

describe('a hot account', () => {
  it('whose records fill a whole batch costs the write of one account-day, not one a record', async () => {
    expect(await deliver(kinesisEvent(records('hot', 'x', 1000)), worker(), 1)).toBe(1);
    expect(await stored('hot')).toBe(1000);
    // The day, and its ids in files.
    expect(calls.writes).toBeLessThanOrEqual(10);
  });

  it('that ten shards write at once loses nothing and counts nothing twice', async () => {
    const shards = Array.from({ length: 10 }, (_, i) =>
      kinesisEvent(records('hot', `s${i}`, 20), 1, `shardId-00000000000${i}`),
    );
    await Promise.all(shards.map((event) => deliver(event, worker(), 20)));
    expect(await stored('hot')).toBe(200);
  });

  it('whose day others change before every write is given up after ten tries and asked for again, alone', async () => {
    // Another worker, always a moment faster with this account.
    let other = 0;
    const host = worker(async (command) => {
      const isHot = command instanceof PutItemCommand && command.input.Item!.account?.S === 'hot';
      if (isHot) await handle(kinesisEvent([usage('hot', `o-${other++}`)], other, 'shardId-000000000001'), worker());
    });
    const event = kinesisEvent([usage('cold', 'c'), usage('hot', 'h'), usage('cold', 'd')]);
    const { batchItemFailures } = await handle(event, host);
    expect(batchItemFailures).toEqual([{ itemIdentifier: event.Records[1]!.kinesis.sequenceNumber }]);
    expect(other).toBe(ATTEMPTS);
    expect(await stored('cold')).toBe(2);
    await deliver(event, worker(), 1);
    expect([await stored('cold'), await stored('hot')]).toEqual([2, other + 1]);
  });
});

describe('a table that is throttled', () => {
  it('for many deliveries gives batches back, and counts each exchange once when it recovers', async () => {
    let refused = 0;
    const random = randomFrom(2);
    const host = worker(async () => {
      // Nothing goes for a while; then half of the calls; then all.
      if (refused < 200 || (refused < 400 && random() < 0.5)) {
        refused++;
        throw new Throttled('too much for the table');
      }
    });
    const event = kinesisEvent(Array.from({ length: 300 }, (_, i) => usage(`a${i % 30}`, `x${i}`, i)));
    expect(await deliver(event, host, 100)).toBeGreaterThan(3);
    expect(refused).toBe(400);
    for (let account = 0; account < 30; account++) expect(await stored(`a${account}`)).toBe(10);
  });

  it('after a write that took effect and was told as throttled counts no exchange twice', async () => {
    let lost = 0;
    const host = worker(async (command) => {
      if (!(command instanceof PutItemCommand) || lost >= 3) return;
      lost++;
      await table.send(command);
      throw new Throttled('the answer was lost');
    });
    const event = kinesisEvent(Array.from({ length: 6 }, (_, i) => usage(`a${i % 3}`, `x${i}`, i)));
    expect(await deliver(event, host, 5)).toBeGreaterThan(1);
    expect(await Promise.all(['a0', 'a1', 'a2'].map(stored))).toEqual([2, 2, 2]);
  });
});

describe('a slow table', () => {
  it('is never asked for more than 32 things at one time, and the answer waits for all of them', async () => {
    let open = 0;
    let most = 0;
    const host = worker(async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open--;
    });
    const event = kinesisEvent(Array.from({ length: 500 }, (_, i) => usage(`a${i}`, `x${i}`)));
    expect(await handle(event, host)).toEqual({ batchItemFailures: [] });
    expect({ most, open }).toEqual({ most: 32, open: 0 });
  });
});

describe('a slow stream', () => {
  it('holds a collector to a batch an object, and two objects: the rest of a large log stays in its bucket', async () => {
    const line = `${JSON.stringify({ id: 'x'.repeat(1000) })}\n`;
    const read = new Map<string, number>();
    const objects: LogObjects = {
      open: async ({ key }) =>
        (async function* () {
          for (let lines = 1; lines <= 5000; lines++) {
            read.set(key, lines);
            yield Buffer.from(line);
          }
        })(),
    };
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    let batches = 0;
    const host: ObjectMessagesHost = {
      source: 'litellm-objects',
      bucket: 'logs',
      objects,
      quarantine: new ObjectUnread(new MemoryObjects()),
      told: listening(),
      now: () => NOW,
      wants: () => true,
      take: async ({ pieces }) => {
        expect(pieces.length).toBeLessThanOrEqual(500);
        batches++;
        await taken;
      },
    };
    const body = (key: string) => JSON.stringify({ detail: { bucket: { name: 'logs' }, object: { key } } });
    const Records = ['a', 'b', 'c'].map((key) => ({ messageId: key, body: body(key) }));
    const answer = takeObjects({ Records } as SQSEvent, host);
    while (batches < 2) await new Promise(setImmediate);
    for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate);
    expect([...read.keys()]).toEqual(['a', 'b']);
    for (const lines of read.values()) expect(lines).toBeLessThan(600);
    take();
    expect(await answer).toEqual({ batchItemFailures: [] });
    expect(batches).toBe(30);
  });
});
