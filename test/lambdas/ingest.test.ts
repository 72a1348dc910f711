import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryAggregates } from '../../cli/adapters/memory-store.ts';
import type { IntakeCounts } from '../../lambdas/adapters/dynamo-intake-log.ts';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import { handle, type IngestHost } from '../../lambdas/ingest/ingest.ts';
import { accountRecord, usage } from '../contracts/sample-records.ts';
import { type Heard, kinesisEvent, listening, MemoryObjects, queueEvent } from './support.ts';

const NOW = Date.parse('2026-05-15T00:00:00.000Z');

let told: Heard;
let objects: MemoryObjects;
let intake: IntakeCounts[];
let host: IngestHost;

beforeEach(() => {
  told = listening();
  objects = new MemoryObjects();
  intake = [];
  host = {
    store: new MemoryAggregates(),
    quarantine: new ObjectQuarantine(objects, false),
    intake: { add: async (_day, _shard, counts) => void intake.push({ ...counts }) },
    told,
    now: () => NOW,
    retentionDays: 90,
  };
});

const quarantined = () => [...objects.held.keys()].map((key) => objects.json(key) as Record<string, unknown>);

describe('a batch of the stream', () => {
  it('is folded, whichever record types it holds', async () => {
    const release = { type: 'release', time: '2026-05-12T16:00:00.000Z', model: 'opus-5.1' };
    const event = kinesisEvent([usage('a', 'x'), accountRecord('a'), release, usage('b', 'y')]);
    expect(await handle(event, host)).toEqual({ batchItemFailures: [] });
    expect(told.counts.UsageFolded).toBe(2);
    expect(await (host.store as MemoryAggregates).releases()).toHaveLength(1);
  });

  it('is counted once when it is delivered again', async () => {
    const event = kinesisEvent([usage('a', 'x'), usage('a', 'y')]);
    await handle(event, host);
    await handle(event, host);
    expect(told.counts).toMatchObject({ UsageFolded: 2, UsageDuplicated: 2 });
  });

  it('may hold whole events of a bus, whose detail is the record', async () => {
    const event = kinesisEvent([{ 'detail-type': 'Stillwatch Usage', source: 'gateway', detail: usage('a', 'x') }]);
    await handle(event, host);
    expect(told.counts.UsageFolded).toBe(1);
  });

  it('writes one account-day once, however many of its exchanges it holds', async () => {
    const store = host.store;
    let writes = 0;
    host.store = {
      ...wrap(store),
      foldUsage: (batch) => {
        writes++;
        return store.foldUsage(batch);
      },
    };
    await handle(kinesisEvent(Array.from({ length: 50 }, (_, i) => usage(i % 2 ? 'a' : 'b', `x${i}`))), host);
    expect(writes).toBe(2);
  });
});

describe('a batch of a queue', () => {
  it('is counted as one of the stream is, record for record, whichever came first', async () => {
    const records = [usage('a', 'x'), usage('a', 'é'), accountRecord('a'), usage('b', 'y', 86_400)];
    const counted = async (event: Parameters<typeof handle>[0]) => {
      const store = new MemoryAggregates();
      expect(await handle(event, { ...host, store })).toEqual({ batchItemFailures: [] });
      const held = [];
      for await (const account of store.readSegment(0, 1, { from: 0, until: Number.POSITIVE_INFINITY }))
        held.push(account);
      return JSON.stringify(held.sort(byAccount));
    };
    const fromStream = await counted(kinesisEvent(records));
    expect(await counted(queueEvent(records))).toBe(fromStream);
    expect(await counted(queueEvent(records.toReversed()))).toBe(fromStream);
  });

  it('asks for what failed again by message, and for nothing else', async () => {
    const store = host.store;
    const fail = async () => Promise.reject(new Error('table is throttled'));
    host.store = { ...wrap(store), foldUsage: (batch) => (batch.account === 'b' ? fail() : store.foldUsage(batch)) };
    const event = queueEvent([usage('a', 'x'), usage('b', 'y'), usage('a', 'z'), '{not json']);
    const { batchItemFailures } = await handle(event, host);
    expect(batchItemFailures).toEqual([{ itemIdentifier: event.Records[1]!.messageId }]);
    host.store = store;
    const again = { Records: [event.Records[1]!, event.Records[0]!] };
    expect(await handle(again, host)).toEqual({ batchItemFailures: [] });
    expect(told.counts).toMatchObject({ UsageFolded: 3, UsageDuplicated: 1, RecordsFailed: 1 });
  });

  it('asks for a record again that was not archived, and counts it only then', async () => {
    let down = true;
    const archived: string[] = [];
    host.archive = {
      add: async (placed) => {
        if (down) return [{ sequences: placed.map(({ sequence }) => sequence), reason: new Error('slow down') }];
        archived.push(...placed.map(({ sequence }) => sequence));
        return [];
      },
    };
    const event = queueEvent([usage('a', 'x'), usage('a', 'y')]);
    expect((await handle(event, host)).batchItemFailures).toHaveLength(2);
    expect(told.counts.UsageFolded).toBe(0);
    down = false;
    expect((await handle(event, host)).batchItemFailures).toEqual([]);
    expect(told.counts.UsageFolded).toBe(2);
    // The archive orders repeats by it: decimal, the same at each delivery, and another for each message.
    expect(new Set(archived).size).toBe(2);
    for (const sequence of archived) expect(sequence).toMatch(/^1778803200000\d{39}$/);
  });

  it('sets aside what breaks the contract under its message, and says that it came by the queue', async () => {
    const event = queueEvent(['{not json']);
    await handle(event, host);
    await handle(event, host);
    expect(quarantined()).toEqual([expect.objectContaining({ source: 'queue', shard: 'queue', reason: 'not JSON' })]);
    expect(JSON.stringify(intake[0])).toBe(JSON.stringify(intake[1]));
  });

  it('takes records of any length and any text', async () => {
    const long = { ...usage('a', 'x'), session: 's'.repeat(40_000) };
    const wide = { ...usage('é', 'y'), session: '漢'.repeat(17_000) };
    await handle(queueEvent([long, wide, usage('c', 'z')]), host);
    expect((told.counts.UsageFolded ?? 0) + (told.counts.RecordsQuarantined ?? 0)).toBe(3);
    expect(told.counts.UsageFolded).toBeGreaterThan(0);
  });
});

describe('a record that breaks the contract', () => {
  it('is set aside with its reason and place, and does not stop the others', async () => {
    const event = kinesisEvent([
      '{not json',
      { ...usage('a', 'x'), tokens: { input: -1, output: 1 } },
      usage('a', 'y'),
    ]);
    expect(await handle(event, host)).toEqual({ batchItemFailures: [] });
    expect(told.counts).toMatchObject({ UsageFolded: 1, RecordsQuarantined: 2 });
    expect(quarantined().map(({ path }) => path)).toEqual(['', 'tokens.input']);
    expect(quarantined()[0]).toMatchObject({ reason: 'not JSON', shard: 'shardId-000000000006' });
  });

  it('leaves nothing of its text in the quarantine, the logs or the counts', async () => {
    const secret = 'My card is 4111 1111 1111 1111, jane.doe@example.com, 192.0.2.7';
    await handle(kinesisEvent([{ ...usage('a', 'x'), model: 7, prompt: { system: secret } }, secret]), host);
    const kept = JSON.stringify([quarantined(), told.lines, intake]);
    for (const part of ['4111', 'jane.doe', '192.0.2']) expect(kept).not.toContain(part);
    expect(quarantined()).toHaveLength(2);
  });

  it('is kept whole only where that was asked for', async () => {
    host.quarantine = new ObjectQuarantine(objects, true);
    await handle(kinesisEvent(['{not json']), host);
    expect(Buffer.from(String(quarantined()[0]!.payload), 'base64').toString()).toBe('{not json');
  });

  it('is set aside when it is too old or comes from the future', async () => {
    const old = usage('a', 'x', 0, { time: '2026-02-13T23:59:59.999Z' });
    const future = usage('a', 'y', 0, { time: '2026-05-15T00:10:00.001Z' });
    const edges = [
      usage('a', 'p', 0, { time: '2026-02-14T00:00:00.000Z' }),
      usage('a', 'q', 0, { time: '2026-05-15T00:10:00.000Z' }),
    ];
    await handle(kinesisEvent([old, future, ...edges]), host);
    expect(quarantined().map(({ reason }) => reason)).toEqual([
      'older than the retention of 90 days',
      'more than 10 minutes in the future',
    ]);
    expect(intake).toMatchObject([{ records: 4, usage: 2, duplicates: 0, quarantined: 2, late: 1 }]);
  });

  it('tells how long after their own time its exchanges came, by either way of reading them', async () => {
    const ago = (ms: number) => new Date(NOW - ms).toISOString();
    const fast = usage('a', 'x', 0, { time: ago(5000) });
    const slow = usage('a', 'y', 0, { time: ago(400_000) });
    await handle(kinesisEvent([fast, slow, { 'detail-type': 'Stillwatch Usage', source: 'g', detail: fast }]), host);
    expect(intake[0]!.lag).toEqual([2, 0, 0, 0, 0, 1, 0, 0, 0]);
  });

  it('never makes the handler throw, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.string(), fc.constant('null')), { maxLength: 5 }),
        async (payloads) => {
          const { batchItemFailures } = await handle(kinesisEvent(payloads), host);
          expect(batchItemFailures).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a write that fails', () => {
  it('asks for the records of that account-day again, by sequence number, and for no others', async () => {
    const store = host.store;
    const fail = async () => Promise.reject(new Error('table is throttled'));
    host.store = { ...wrap(store), foldUsage: (batch) => (batch.account === 'b' ? fail() : store.foldUsage(batch)) };
    const event = kinesisEvent([usage('a', 'x'), usage('b', 'y'), usage('a', 'z'), usage('b', 'w')]);
    const { batchItemFailures } = await handle(event, host);
    const [, second, , fourth] = event.Records.map(({ kinesis }) => kinesis.sequenceNumber);
    expect(batchItemFailures).toEqual([{ itemIdentifier: second }, { itemIdentifier: fourth }]);
    expect(told.counts).toMatchObject({ UsageFolded: 2, RecordsFailed: 2 });
  });

  it('folds the rest exactly once when the stream delivers from the checkpoint on', async () => {
    const store = host.store;
    let down = true;
    const flaky: IngestHost['store']['foldUsage'] = async (batch) => {
      if (down && batch.account === 'b') throw new Error('table is throttled');
      return store.foldUsage(batch);
    };
    host.store = { ...wrap(store), foldUsage: flaky };
    const event = kinesisEvent([usage('a', 'x'), usage('b', 'y'), usage('a', 'z')]);
    await handle(event, host);
    down = false;
    expect(await handle({ Records: event.Records.slice(1) }, host)).toEqual({ batchItemFailures: [] });
    expect(told.counts).toMatchObject({ UsageFolded: 3, UsageDuplicated: 1 });
  });

  it('keeps a bad record on the stream when it cannot be set aside', async () => {
    host.quarantine = { put: () => Promise.reject(new Error('bucket is gone')) };
    const event = kinesisEvent(['{not json', usage('a', 'x')]);
    const { batchItemFailures } = await handle(event, host);
    expect(batchItemFailures).toEqual([{ itemIdentifier: event.Records[0]!.kinesis.sequenceNumber }]);
  });

  it('loses only figures, not records, when the figures cannot be written', async () => {
    host.intake = { add: () => Promise.reject(new Error('table is throttled')) };
    expect(await handle(kinesisEvent([usage('a', 'x')]), host)).toEqual({ batchItemFailures: [] });
  });
});

function byAccount(a: { account: string }, b: { account: string }): number {
  return a.account < b.account ? -1 : 1;
}

function wrap(store: IngestHost['store']): IngestHost['store'] {
  return {
    foldUsage: (batch) => store.foldUsage(batch),
    recordAccount: (record) => store.recordAccount(record),
    recordRelease: (record) => store.recordRelease(record),
  };
}
