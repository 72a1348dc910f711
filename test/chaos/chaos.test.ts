import type { KinesisStreamRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { InMemory, NOW } from '../../bench/chaos/in-memory.ts';
import { report } from '../../bench/chaos/report.ts';
import { chaos, holds } from '../../bench/chaos/run.ts';
import { randomFrom } from '../../bench/lib/usage-lines.ts';
import type { IngestEvent } from '../../lambdas/ingest/arrival.ts';
import { handle } from '../../lambdas/ingest/ingest.ts';

const quiet = () => undefined;
const run = (ingest: typeof handle, seed = 7, batchSize = 200) =>
  chaos(
    { records: 12_000, accounts: 150, seed, now: NOW, batchSize, workers: 3, progress: quiet },
    new InMemory(ingest, NOW, randomFrom(seed)),
  );

describe('everything that a stream may do to the ingest function', () => {
  it.each([7, 8])(
    'leaves no drift in any counter, and every bad record set aside with its reason: seed %i',
    async (seed) => {
      const outcome = await run(handle, seed);
      expect(holds(outcome), report(outcome)).toBe(true);
      expect(outcome.drift.counters.map(({ drift }) => drift)).toEqual(outcome.drift.counters.map(() => 0));
      expect(outcome.quarantine).toEqual({ right: outcome.sent.garbage, missing: 0, strange: 0, wrongReason: [] });
    },
  );

  it('was all there: repeats, garbage, crashes, throttling, batches that failed in part', async () => {
    const { sent, delivered, drift } = await run(handle);
    expect(sent.exchanges + sent.repeats + sent.garbage).toBe(12_000);
    expect(sent.repeats).toBeGreaterThan(80);
    expect(sent.garbage).toBeGreaterThan(4);
    expect(delivered.crashes / delivered.calls).toBeGreaterThan(0.05);
    expect(delivered.partly).toBeGreaterThan(0);
    expect(drift.accountDays).toBeGreaterThan(400);
  });
});

describe('a function that counts wrong is found out', () => {
  it.each<[string, typeof handle]>([
    ['drops a record of a batch', (event, host) => handle({ Records: recordsOf(event).slice(1) }, host)],
    ['gives up on what failed once', givesUp()],
    [
      'sets bad records aside nowhere',
      (event, host) => handle(event, { ...host, quarantine: { put: async () => {} } }),
    ],
    [
      'counts by place in the stream instead of by id',
      (event, host) => {
        const Records = recordsOf(event).map((record) => {
          const text = Buffer.from(record.kinesis.data, 'base64').toString();
          const placed = text.replace(/"id":"req_\d+"/, `"id":"${record.eventID}"`);
          return { ...record, kinesis: { ...record.kinesis, data: Buffer.from(placed).toString('base64') } };
        });
        return handle({ Records }, host);
      },
    ],
  ])('one that %s', async (_, broken) => {
    // Every batch comes twice, which hides what one delivery lost: many small batches leave no chance of that.
    expect(holds(await run(broken, 7, 40))).toBe(false);
  });
});

const recordsOf = (event: IngestEvent) => event.Records as KinesisStreamRecord[];

function givesUp(): typeof handle {
  const lost = new Set<string>();
  return async (event, host) => {
    const Records = recordsOf(event).filter(({ kinesis }) => !lost.has(kinesis.sequenceNumber));
    for (const { itemIdentifier } of (await handle({ Records }, host)).batchItemFailures) lost.add(itemIdentifier);
    return { batchItemFailures: [] };
  };
}
