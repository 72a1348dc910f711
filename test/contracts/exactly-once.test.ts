import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../bench/lib/usage-lines.ts';
import { MemoryAggregates } from '../../cli/adapters/memory-store.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import {
  createTable,
  type DynamoServer,
  dropTable,
  namedEndpoint,
  serverAt,
  startDynalite,
} from '../support/dynamodb.ts';
import { MemoryTable } from '../support/memory-table.ts';
import { batch } from './aggregate-store.ts';
import { Crash, Drain, type Faults, type Platform, sent, steps, type Way } from './exactly-once.ts';

const NAME = 'counts every exchange once, whatever is delivered, crashes, splits or runs at the same time';

/** The queue knows no splits and no positions: fewer runs see what it may do. */
const WAYS: [Way, number][] = [
  ['stream', 150],
  ['queue', 50],
];

describe('memory', () => {
  it.each(WAYS)(`${NAME}: %s`, (way, runs) => holds(way, async () => memoryPlatform(), runs, 30));
});

describe('DynamoDB, in this process', () => {
  it.each(WAYS)(`${NAME}: %s`, (way, runs) =>
    holds(way, async (seed) => tablePlatform(new MemoryTable(randomFrom(seed)).client, 'Aggregates'), runs, 30),
  );
});

const endpoint = namedEndpoint();
const servers: [string, () => Promise<DynamoServer>][] = [
  ['dynalite', startDynalite],
  ...(endpoint
    ? [[`DynamoDB at ${endpoint}`, async () => serverAt(endpoint)] as [string, () => Promise<DynamoServer>]]
    : []),
];

describe.each(servers)('%s', (_, start) => {
  let server: DynamoServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  it(NAME, async () => {
    const tables: string[] = [];
    const make = async () => {
      tables.push(await createTable(server, 'Aggregates'));
      return tablePlatform(server.client, tables.at(-1)!);
    };
    await holds('stream', make, 5, 12);
    await holds('queue', make, 2, 12);
    for (const table of tables) await dropTable(server, table);
  }, 120_000);
});

describe('a worker that wakes up late', () => {
  it('takes back none of the ids that others moved out of the day in the meantime', async () => {
    const { client } = new MemoryTable(() => 0.3);
    const options = { table: 'Aggregates', retentionDays: 90, pause: async () => undefined };
    const { promise: asleep, resolve: wake } = Promise.withResolvers<void>();
    const slow = Object.create(client) as DynamoDBClient;
    let held = 0;
    slow.send = (async (command: object) => {
      if (isFile(command) && held++ === 0) await asleep;
      return client.send(command as PutItemCommand);
    }) as DynamoDBClient['send'];
    const healthy = new DynamoAggregates({ ...options, client });
    const late = new DynamoAggregates({ ...options, client: slow });
    const ids = Array.from({ length: 600 }, (_, i) => `x${i}`);

    let next = 0;
    let waiting: Promise<unknown> = Promise.resolve();
    while (held === 0) {
      waiting = late.foldUsage(batch('a', [ids[next]!], next));
      for (let turn = 0; turn < 500; turn++) await Promise.resolve();
      next++;
    }
    for (; next < ids.length; next++) await healthy.foldUsage(batch('a', [ids[next]!], next));
    wake();
    await waiting;
    const cold = new DynamoAggregates({ ...options, client });
    expect(await cold.foldUsage(batch('a', ids))).toEqual({ folded: 0, duplicates: 600 });
  });
});

function isFile(command: object): boolean {
  return command instanceof PutItemCommand && command.input.Item!.ids !== undefined;
}

/** Each run ends with everything delivered. */
async function holds(
  way: Way,
  make: (seed: number) => Promise<Platform>,
  numRuns: number,
  maxCommands: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps(maxCommands), fc.nat(), async (commands, seed) => {
      const platform = await make(seed);
      const model = sent(way);
      await fc.asyncModelRun(() => ({ model, real: platform }), commands);
      if (model.distinct.size > 0) await new Drain().run(model, platform);
    }),
    // Making a failure smaller takes minutes; the seed that is told repeats it.
    { numRuns, endOnFailure: true },
  );
}

function memoryPlatform(): Platform {
  const store = new MemoryAggregates();
  const worker = (faults?: Faults) => {
    const write = dying(faults);
    return {
      foldUsage: (batch: Parameters<MemoryAggregates['foldUsage']>[0]) => write(() => store.foldUsage(batch)),
      recordAccount: (record: Parameters<MemoryAggregates['recordAccount']>[0]) =>
        write(() => store.recordAccount(record)),
      recordRelease: (record: Parameters<MemoryAggregates['recordRelease']>[0]) =>
        write(() => store.recordRelease(record)),
    };
  };
  return { store, worker };
}

function tablePlatform(client: DynamoDBClient, table: string): Platform {
  const options = { table, retentionDays: 90, pause: async () => undefined };
  const worker = (faults?: Faults) => {
    const write = dying(faults);
    const mortal = Object.create(client) as DynamoDBClient;
    const send = (command: Parameters<DynamoDBClient['send']>[0]) =>
      write(() => client.send(command) as Promise<object>, command instanceof PutItemCommand);
    mortal.send = send as DynamoDBClient['send'];
    return new DynamoAggregates({ ...options, client: mortal });
  };
  return { store: new DynamoAggregates({ ...options, client }), worker };
}

/** Runs calls until the write after which the worker is dead; from then on it does nothing more. */
function dying(faults?: Faults): <T>(call: () => Promise<T>, isWrite?: boolean) => Promise<T> {
  let left = faults?.crashAfter ?? Number.POSITIVE_INFINITY;
  return async (call, isWrite = true) => {
    if (left === 0) throw new Crash('dead');
    if (!isWrite) return call();
    left--;
    if (left > 0) return call();
    if (faults!.takesEffect) await call();
    throw new Crash('dead');
  };
}
