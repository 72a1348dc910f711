/**
 * Records a second through the ingest function with the memory store on one core, as a share of what `JSON.parse` alone
 * makes of the same records in the same run. Run `node bench/ingest.ts --records 100000`; the best of several rounds
 * counts, in turn, so that a busy machine disturbs all alike. The function is the bundled one.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KinesisStreamEvent } from 'aws-lambda';
import { MemoryAggregates } from '../cli/adapters/memory-store.ts';
import { bundle } from '../lambdas/bundle/bundle.ts';
import type { handle, IngestHost } from '../lambdas/ingest/ingest.ts';
import { flags } from './lib/flags.ts';
import { remove } from './lib/remove.ts';
import { usageLines } from './lib/usage-lines.ts';

const ROUNDS = 7;
const BATCH = 1000;
const SEED = 20_260_422;
const NOW = Date.UTC(2026, 3, 24);
/** Exchanges of one account that come together in a batch. */
const MIXES = [
  ['each record of another account', 1],
  ['5 of an account in a batch', 5],
  ['25 of an account in a batch', 25],
  ['100 of an account in a batch', 100],
] as const;

const { records } = flags('bench ingest', process.argv.slice(2), { records: 100_000 });
const folder = mkdtempSync(join(tmpdir(), 'stillwatch-ingest-'));
try {
  const file = join(folder, 'ingest.mjs');
  await bundle('lambdas/ingest/ingest.ts', file);
  const bundled = (await import(pathToFileURL(file).href)) as { handle: typeof handle };
  console.log(`${records} records in batches of ${BATCH}, best of ${ROUNDS} rounds, Node ${process.version}`);
  for (const [name, together] of MIXES) await measure(name, together, bundled.handle);
} finally {
  remove(folder);
}

async function measure(name: string, together: number, ingest: typeof handle): Promise<void> {
  const lines = usageLines(records, SEED).map((line, at) => line.replace(/"account":"[^"]*"/, accountOf(at, together)));
  const events = eventsOf(lines);
  let floor = Number.POSITIVE_INFINITY;
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    floor = Math.min(floor, timed(lines));
    best = Math.min(best, await folded(events, ingest));
  }
  const rate = (ms: number) => `${Math.round((records / ms) * 1000).toLocaleString('en')}/s`.padStart(12);
  console.log(
    `${name.padEnd(32)} JSON.parse ${rate(floor)}   ingest ${rate(best)}   ratio ${(floor / best).toFixed(2)}`,
  );
}

/** Batches hold `BATCH / together` accounts; the next batch holds others. */
function accountOf(at: number, together: number): string {
  const accounts = BATCH / together;
  return `"account":"k_${Math.floor(at / BATCH) * accounts + ((at % BATCH) % accounts)}"`;
}

function timed(lines: readonly string[]): number {
  const from = performance.now();
  for (const line of lines) if (typeof JSON.parse(line) !== 'object') throw new Error('a valid line was rejected');
  return performance.now() - from;
}

async function folded(events: readonly KinesisStreamEvent[], ingest: typeof handle): Promise<number> {
  let usage = 0;
  const nothing = () => undefined;
  const add = (more: number) => {
    usage += more;
  };
  const host: IngestHost = {
    store: new MemoryAggregates(),
    quarantine: { put: () => Promise.reject(new Error('a valid record was set aside')) },
    intake: { add: async (_day, _shard, counts) => add(counts.usage) },
    told: { count: nothing, info: nothing, error: nothing, flush: nothing },
    now: () => NOW,
    retentionDays: 90,
  };
  const from = performance.now();
  for (const event of events) await ingest(event, host);
  const ms = performance.now() - from;
  if (usage !== records) throw new Error(`${usage} of ${records} records were folded`);
  return ms;
}

function eventsOf(lines: readonly string[]): KinesisStreamEvent[] {
  const Records = lines.map((line, at) => ({
    eventID: `shardId-000000000000:${at}`,
    kinesis: { sequenceNumber: `4965${String(at).padStart(52, '0')}`, data: Buffer.from(line).toString('base64') },
  })) as KinesisStreamEvent['Records'];
  const events: KinesisStreamEvent[] = [];
  for (let at = 0; at < Records.length; at += BATCH) events.push({ Records: Records.slice(at, at + BATCH) });
  return events;
}
