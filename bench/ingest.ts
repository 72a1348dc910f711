/**
 * Records a second of CPU time through the ingest function with the memory store, as a share of what `JSON.parse` alone
 * makes of the same records. Run `node bench/ingest.ts --records 100000`. Both take turns every few batches, and the
 * ratio is the median over rounds. CPU time is that of the whole process, its collector of garbage too, so that other
 * work on the machine disturbs little. The function is the bundled one.
 *
 * Nearly all of a record's time is spent on reading its bytes: base64, one pass that checks and hashes, the fold. What is
 * left at single records is the account-day itself, which is unpacked, packed and stored for each.
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

const WARM_UP = 2;
const ROUNDS = 9;
const BATCH = 1000;
/** Batches of one turn. */
const TURN = 10;
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
  console.log(`${records} records in batches of ${BATCH}, median of ${ROUNDS} rounds, Node ${process.version}`);
  for (const [name, together] of MIXES) await measure(name, together, bundled.handle);
} finally {
  remove(folder);
}

async function measure(name: string, together: number, ingest: typeof handle): Promise<void> {
  const lines = usageLines(records, SEED).map((line, at) => line.replace(/"account":"[^"]*"/, accountOf(at, together)));
  const turns = turnsOf(lines);
  const rounds: Round[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) rounds.push(await inTurns(turns, ingest));
  const measured = rounds.slice(WARM_UP);
  const ratios = measured.map(({ parse, fold }) => parse / fold).sort((a, b) => a - b);
  const [low, middle, high] = [0, ROUNDS >> 1, ROUNDS - 1].map((at) => ratios[at]!.toFixed(2));
  const rate = (way: keyof Round) => {
    const ms = measured.map((round) => round[way]).sort((a, b) => a - b)[ROUNDS >> 1]!;
    return `${Math.round((records / ms) * 1000).toLocaleString('en')}/s`.padStart(12);
  };
  const ratio = `ratio ${middle} (${low} to ${high})`;
  console.log(`${name.padEnd(32)} JSON.parse ${rate('parse')}   ingest ${rate('fold')}   ${ratio}`);
}

/** Batches hold `BATCH / together` accounts; the next batch holds others. */
function accountOf(at: number, together: number): string {
  const accounts = BATCH / together;
  return `"account":"k_${Math.floor(at / BATCH) * accounts + ((at % BATCH) % accounts)}"`;
}

/** CPU time of a round, ms. */
interface Round {
  parse: number;
  fold: number;
}

async function inTurns(turns: readonly Turn[], ingest: typeof handle): Promise<Round> {
  let usage = 0;
  const host = hostOf((more) => {
    usage += more;
  });
  const round = { parse: 0, fold: 0 };
  for (const { lines, events } of turns) {
    const before = process.cpuUsage();
    for (const line of lines) if (typeof JSON.parse(line) !== 'object') throw new Error('a valid line was rejected');
    const between = process.cpuUsage();
    for (const event of events) await ingest(event, host);
    round.fold += ms(process.cpuUsage(between));
    round.parse += ms(between) - ms(before);
  }
  if (usage !== records) throw new Error(`${usage} of ${records} records were folded`);
  return round;
}

function ms({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function hostOf(add: (usage: number) => void): IngestHost {
  const nothing = () => undefined;
  return {
    store: new MemoryAggregates(),
    quarantine: { put: () => Promise.reject(new Error('a valid record was set aside')) },
    intake: { add: async (_day, _shard, counts) => add(counts.usage) },
    told: { count: nothing, info: nothing, error: nothing, flush: nothing },
    now: () => NOW,
    retentionDays: 90,
  };
}

interface Turn {
  lines: readonly string[];
  events: readonly KinesisStreamEvent[];
}

function turnsOf(lines: readonly string[]): Turn[] {
  const events = eventsOf(lines);
  return Array.from({ length: Math.ceil(events.length / TURN) }, (_, turn) => ({
    lines: lines.slice(turn * TURN * BATCH, (turn + 1) * TURN * BATCH),
    events: events.slice(turn * TURN, (turn + 1) * TURN),
  }));
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
