/**
 * What the pipeline costs on one thread, and beside it on two, as a ratio to the least that any reader of the file must do: read it, split it
 * into lines and JSON.parse each. The ways take turns, so that a busy machine disturbs all alike.
 *
 * `node bench/replay.ts --once FILE OUT SWEEP_DAYS` replays once and prints the figures as JSON: for memory, which
 * needs a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../cli/config.ts';
import { runReplay } from '../cli/replay/run.ts';
import { PLATFORM, writeWorld } from './lib/world-file.ts';

const ROUNDS = 3;
const DAY_MS = 86_400_000;
const NO_SWEEP_DAYS = 1000;
/** How many times the platform a long file is. */
const LONG = 24;
const MIB = 1024 * 1024;

interface Run {
  /** Seconds until all was folded for the last sweep: reading, checking, folding and the sweeps on the way. */
  folded: number;
  /** Seconds in all: with the last sweep, the report and the writing of results. */
  whole: number;
  records: number;
  sweeps: number;
  peakRssBytes: number;
}

async function replay(file: string, out: string, sweepDays: number, threads = 1): Promise<Run> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let folded = 0;
  const onDue = () => {
    folded = seconds();
  };
  const config = loadConfig(undefined);
  const { summary } = await runReplay({
    inputs: [file],
    out,
    sweepMs: sweepDays * DAY_MS,
    config,
    now: Date.now(),
    threads,
    onDue,
  });
  const { records, sweeps, peakRssBytes } = summary;
  return { folded, whole: seconds(), records, sweeps, peakRssBytes };
}

/** Seconds to read, split and parse, and nothing else. */
async function floor(file: string): Promise<number> {
  const started = performance.now();
  let rest = '';
  let lines = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 128 * 1024, encoding: 'utf8' })) {
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop()!;
    for (const line of pieces) if (JSON.parse(line) !== null) lines++;
  }
  if (lines === 0) throw new Error(`${file} has no lines`);
  return (performance.now() - started) / 1000;
}

function row(name: string, seconds: number[], records: number, floors: number[]): string {
  const middle = middleOf(seconds);
  const ratio = middleOf(floors) / middle;
  const rate = Math.round(records / middle).toLocaleString('en');
  const range = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)} s`;
  return `${name.padEnd(34)}${middle.toFixed(2).padStart(6)} s  (${range})  ${rate.padStart(9)} records/s  ${ratio.toFixed(2)} of the floor's speed`;
}

async function throughput(folder: string): Promise<void> {
  const file = join(folder, 'world.ndjson');
  const records = writeWorld(file, PLATFORM, 1);
  const size = Math.round(statSync(file).size / MIB);
  console.log(`${records.toLocaleString('en')} records, ${size} MiB, ${ROUNDS} rounds, Node ${process.version}`);
  const out = join(folder, 'out');
  await floor(file);
  await replay(file, out, NO_SWEEP_DAYS);
  const floors: number[] = [];
  const without: Run[] = [];
  const daily: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    floors.push(await floor(file));
    without.push(await replay(file, out, NO_SWEEP_DAYS));
    daily.push(await replay(file, out, 1));
  }
  const print = (name: string, seconds: number[]) => console.log(row(name, seconds, records, floors));
  print('read, split, JSON.parse', floors);
  print(
    'folded, no sweep',
    without.map(({ folded }) => folded),
  );
  print(
    'with one sweep and the report',
    without.map(({ whole }) => whole),
  );
  print(
    `with daily sweeps (${daily[0]!.sweeps}) and report`,
    daily.map(({ whole }) => whole),
  );
}

/** Of a file in which the start of a thread does not show. */
async function twoThreads(folder: string): Promise<void> {
  const file = join(folder, 'long.ndjson');
  writeWorld(file, PLATFORM, LONG);
  const runs: Record<1 | 2, number[]> = { 1: [], 2: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const threads of [1, 2] as const)
      runs[threads].push((await replay(file, join(folder, 'out'), NO_SWEEP_DAYS, threads)).folded);
  const [one, two] = [middleOf(runs[1]), middleOf(runs[2])];
  const times = `${one.toFixed(2)} s on one thread, ${two.toFixed(2)} s on two`;
  console.log(`${LONG}x, folded, no sweep: ${times}, ${(one / two).toFixed(2)} times as fast`);
  rmSync(file);
}

function middleOf(seconds: readonly number[]): number {
  return seconds.toSorted((a, b) => a - b)[seconds.length >> 1]!;
}

function memory(folder: string): void {
  for (const times of [1, 4]) {
    const file = join(folder, `times-${times}.ndjson`);
    writeWorld(file, PLATFORM, times);
    const call = [import.meta.filename, '--once', file, join(folder, 'out'), '1'];
    const { stdout, stderr, status } = spawnSync(process.execPath, call, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const { records, peakRssBytes, whole } = JSON.parse(stdout) as Run;
    const peak = `peak memory ${Math.round(peakRssBytes / MIB)} MiB`;
    console.log(`${times}x: ${records.toLocaleString('en')} records, ${peak}, ${whole.toFixed(1)} s, daily sweeps`);
    rmSync(file);
  }
}

const [mode, file, out, days] = process.argv.slice(2);
if (mode === '--once') {
  console.log(JSON.stringify(await replay(file!, out!, Number(days))));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-bench-'));
  try {
    await throughput(folder);
    await twoThreads(folder);
    memory(folder);
    console.log(`load of the machine: ${loadavg()[0]!.toFixed(1)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
