/** A sweep reads a day that is over once, and again only where something came late; and sees what is there all the same. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { exchangesOf } from '../../core/aggregates/account-day.ts';
import { unpackAccountDay } from '../../core/aggregates/account-day-codec.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { KeptDays } from '../../lambdas/adapters/kept-days.ts';
import { batch } from '../contracts/aggregate-store.ts';
import { DAY, usage } from '../contracts/sample-records.ts';
import { MemoryTable } from '../support/memory-table.ts';
import { MemoryObjects } from './support.ts';

const HOUR = 3_600_000;
const END = (DAY + 1) * 24 * HOUR;
const ACCOUNTS = ['ana', 'ben', 'cem', 'dua'];
const SEGMENTS = 2;

let server: MemoryTable;
let objects: MemoryObjects;
let now: number;
let queried: string[];
let aggregates: DynamoAggregates;
let kept: KeptDays;
const table = 'Aggregates';

beforeEach(async () => {
  objects = new MemoryObjects();
  queried = [];
  server = new MemoryTable(() => 0.3);
  kept = new KeptDays(objects);
  aggregates = new DynamoAggregates({ client: listened(), table, retentionDays: 90, now: () => now, kept });
  now = END - HOUR;
  for (const account of ACCOUNTS) await aggregates.foldUsage(batch(account, ['x', 'y']));
});

/** Notes the partition of each query. */
function listened(): DynamoDBClient {
  const client = Object.create(server.client) as DynamoDBClient;
  client.send = ((command: { input: object }) => {
    if (command instanceof QueryCommand) queried.push(command.input.ExpressionAttributeValues![':pk']!.S!);
    return server.client.send(command as QueryCommand);
  }) as DynamoDBClient['send'];
  return client;
}

/** Exchanges by account, as a sweep reads them; and how many partitions of days it asked the table for. */
async function sweepAt(ms: number): Promise<{ exchanges: Record<string, number>; asked: number }> {
  now = ms;
  queried = [];
  const exchanges: Record<string, number> = {};
  for (let segment = 0; segment < SEGMENTS; segment++) {
    for await (const { account, days } of aggregates.readSegment(segment, SEGMENTS, { from: DAY, until: DAY + 1 })) {
      for (const { day, packed } of days)
        exchanges[account] = (exchanges[account] ?? 0) + exchangesOf(unpackAccountDay(packed, day));
    }
  }
  return { exchanges, asked: queried.filter((pk) => pk.endsWith('#days')).length };
}

const TWO_EACH = { ana: 2, ben: 2, cem: 2, dua: 2 };
const ALL_PARTS = 256;

describe('a day that is over', () => {
  it('is read from the table until nothing comes any more without a note, then once, then from its file', async () => {
    expect(await sweepAt(END)).toEqual({ exchanges: TWO_EACH, asked: ALL_PARTS });
    expect([...objects.held]).toEqual([]);
    expect(await sweepAt(END + 6 * HOUR)).toEqual({ exchanges: TWO_EACH, asked: ALL_PARTS });
    expect(await sweepAt(END + 12 * HOUR)).toEqual({ exchanges: TWO_EACH, asked: 0 });
    expect([...objects.held.keys()].sort()).toEqual([
      'days/segments=2/day=2026-05-14/000.parquet',
      'days/segments=2/day=2026-05-14/001.parquet',
    ]);
  });

  it('is read again where an exchange came late, in the segment of its account alone, and kept again', async () => {
    await sweepAt(END + 6 * HOUR);
    now = END + 20 * HOUR;
    await aggregates.foldUsage(batch('ana', ['late'], 9));
    const more = { ...TWO_EACH, ana: 3 };
    expect(await sweepAt(END + 20 * HOUR + 60_000)).toEqual({ exchanges: more, asked: ALL_PARTS / 2 });
    expect(await sweepAt(END + 24 * HOUR)).toEqual({ exchanges: more, asked: ALL_PARTS / 2 });
    expect(await sweepAt(END + 30 * HOUR)).toEqual({ exchanges: more, asked: 0 });
  });

  it('is not kept while a function that noted a late exchange may still write it', async () => {
    const { promise: asleep, resolve: wake } = Promise.withResolvers<void>();
    const { promise: noted, resolve: note } = Promise.withResolvers<void>();
    const slow = Object.create(server.client) as DynamoDBClient;
    slow.send = (async (command: object) => {
      if (command instanceof PutItemCommand && command.input.Item!.packed) {
        note();
        await asleep;
      }
      return server.client.send(command as PutItemCommand);
    }) as DynamoDBClient['send'];
    now = END + 5 * HOUR;
    const writing = new DynamoAggregates({ client: slow, table, retentionDays: 90, now: () => now }).foldUsage(
      batch('ana', ['z'], 9),
    );
    await noted;
    expect((await sweepAt(END + 5 * HOUR + 60_000)).exchanges).toEqual(TWO_EACH);
    wake();
    await writing;
    expect((await sweepAt(END + 12 * HOUR)).exchanges).toEqual({ ...TWO_EACH, ana: 3 });
  });

  it('costs no note for a repeat, nor for what comes within two hours', async () => {
    now = END + HOUR;
    await aggregates.foldUsage(batch('ben', ['z'], 9));
    now = END + 5 * HOUR;
    await aggregates.foldUsage(batch('ben', ['x', 'y']));
    await sweepAt(END + 6 * HOUR);
    expect((await sweepAt(END + 7 * HOUR)).asked).toBe(0);
  });

  it.each([
    ['gone', () => undefined],
    ['damaged', (file: Buffer) => file.subarray(0, file.length - 1)],
    ['of another version', (file: Buffer) => ofLayout9(file)],
  ])('is read from the table where its file is %s, which is made again', async (_, change) => {
    await sweepAt(END + 6 * HOUR);
    const [key] = [...objects.held.keys()].sort();
    const changed = change(Buffer.from(objects.held.get(key!)!));
    if (changed) objects.held.set(key!, changed);
    else objects.held.delete(key!);
    expect(await sweepAt(END + 8 * HOUR)).toEqual({ exchanges: TWO_EACH, asked: ALL_PARTS / 2 });
    expect(await sweepAt(END + 9 * HOUR)).toEqual({ exchanges: TWO_EACH, asked: 0 });
  });

  it('is forgotten once it is before the retention, however late its file was made', async () => {
    await sweepAt(END + 6 * HOUR);
    await kept.forget(SEGMENTS, DAY);
    expect(objects.held.size).toBe(SEGMENTS);
    await kept.forget(SEGMENTS, DAY + 1);
    expect([...objects.held.keys()]).toEqual([]);
  });

  it('is not held for another number of segments, which nobody reads any more', async () => {
    await sweepAt(END + 6 * HOUR);
    await objects.put('sweeps/2026-05-15T06:00:00.000Z/segment-000-of-2.parquet', 'stays');
    await kept.forget(SEGMENTS * 2, DAY);
    expect([...objects.held.keys()]).toEqual(['sweeps/2026-05-15T06:00:00.000Z/segment-000-of-2.parquet']);
  });
});

/** The same file with another number for its layout. */
function ofLayout9(file: Buffer): Buffer {
  const text = file.toString('latin1');
  const at = text.lastIndexOf('1', text.indexOf('read_at'));
  expect(text.slice(at - 10, at)).toContain('layout');
  return Buffer.from(`${text.slice(0, at)}9${text.slice(at + 1)}`, 'latin1');
}

describe('an account-day that lies where the version before put it', () => {
  /** As layout 1 had it: the sort key of account and day beside what is known of the account. */
  async function asBefore(account: string, ids: string[]): Promise<void> {
    const before = new DynamoAggregates({ client: moved(), table, retentionDays: 90, now: () => now });
    await before.foldUsage(batch(account, ids));
  }

  function moved(): DynamoDBClient {
    const client = Object.create(server.client) as DynamoDBClient;
    client.send = (async (command: PutItemCommand | GetItemCommand) => {
      if (command instanceof GetItemCommand) return {};
      const { pk, sk } = command.input.Item ?? {};
      if (!pk?.S?.endsWith('#days')) return server.client.send(command);
      const former = {
        pk: { S: pk.S.slice(0, 2) },
        sk: { S: `${sk!.S!.split('#')[1]}#d${String(DAY).padStart(10, '0')}` },
      };
      return server.client.send(new PutItemCommand({ ...command.input, Item: { ...command.input.Item, ...former } }));
    }) as DynamoDBClient['send'];
    return client;
  }

  it('goes on there, and counts no exchange again', async () => {
    await asBefore('eve', ['x', 'y']);
    expect(await aggregates.foldUsage(batch('eve', ['y', 'z'], 2))).toEqual({ folded: 1, duplicates: 1 });
    expect((await sweepAt(END)).exchanges).toEqual({ ...TWO_EACH, eve: 3 });
  });

  it('is one account-day for a sweep and for the audit where both versions began it at the same time', async () => {
    await asBefore('ana', ['other']);
    expect((await sweepAt(END)).exchanges).toEqual({ ...TWO_EACH, ana: 3 });
    expect(exchangesOf(unpackAccountDay((await aggregates.accountDay('ana', DAY))!, DAY))).toBe(3);
  });

  it('has its other days beside it, oldest first', async () => {
    await asBefore('eve', ['x']);
    const record = usage('eve', 'y', -3600);
    await aggregates.foldUsage({ account: 'eve', day: DAY - 1, shard: 's', entries: [{ sequence: '1', record }] });
    for await (const { account, days } of aggregates.readSegment(0, 1, { from: DAY - 1, until: DAY + 1 })) {
      if (account === 'eve') expect(days.map(({ day }) => day)).toEqual([DAY - 1, DAY]);
    }
  });
});
