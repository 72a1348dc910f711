/**
 * `npm run bench -- loading [accounts ...]`: what loading one segment takes when its days are kept, by accounts of the
 * segment, in a process of its own each; added to `docs/figures/loading.json`, from which `docs/scale.md` is written.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeDayFile } from '../core/aggregates/day-file.ts';
import type { DayRange } from '../core/ports.ts';
import { DAY_MS, isoTime } from '../core/records/time.ts';
import { Histories } from '../lambdas/adapters/dynamo-histories.ts';
import { KeptDays, keptKey } from '../lambdas/adapters/kept-days.ts';
import { LateNotes } from '../lambdas/adapters/late-days.ts';
import { load } from '../lambdas/sweep/load/load.ts';
import { daysOf, START_DAY } from './lib/profiles.ts';
import { keepRow, machine } from './scale/kept.ts';
import type { LoadRow } from './scale/loading.ts';

const RETENTION = 90;
const END = START_DAY + RETENTION;

const [mode, ...rest] = process.argv.slice(2);
if (mode === '--make') make(Number(rest[0]), rest[1]!);
else if (mode === '--load') console.log(JSON.stringify(await measure(rest[0]!)));
else for (const size of process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['5000', '25000']) keep(size);

function keep(size: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-loading-'));
  try {
    run('--make', size, folder);
    const measured = JSON.parse(run('--load', folder)) as Omit<LoadRow, 'accounts' | 'on'>;
    keepRow('loading', { accounts: Number(size), ...measured, on: machine() });
    console.log({ accounts: Number(size), ...measured });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [import.meta.filename, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`loading ${args.join(' ')} failed: ${stderr.slice(-500)}`);
  return stdout;
}

/** The days of one segment, as a sweep keeps them. */
function make(accounts: number, folder: string): void {
  for (const { day, rows } of daysOf(accounts, RETENTION, 'loading')) {
    const file = join(folder, keptKey({ segment: 0, segments: 1 }, day));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, writeDayFile({ day, readAt: END * DAY_MS + DAY_MS, rows }));
  }
}

async function measure(folder: string): Promise<Omit<LoadRow, 'accounts' | 'on'>> {
  let readBytes = 0;
  let leftBytes = 0;
  const objects = {
    get: async (key: string) => {
      const bytes = readFileSync(join(folder, key));
      readBytes += bytes.length;
      return bytes;
    },
    put: async (_: string, body: Uint8Array | string) => {
      leftBytes += body.length;
    },
    async *keys() {},
    delete: async () => {},
  };
  const kept = new KeptDays(objects);
  const place = { segment: 0, segments: 1, parts: [] };
  const readSegment = async function* (_segment: number, _segments: number, days: DayRange) {
    const histories = new Histories();
    for (const [day, rows] of await kept.read(place, days, new LateNotes(), (END + 2) * DAY_MS))
      for (const row of rows) histories.addDay(day, row);
    yield* histories.list();
  };
  const told = { count: () => {}, info: () => {}, error: () => {}, flush: () => {} };
  const before = process.cpuUsage();
  await load(
    { at: isoTime(END * DAY_MS), segment: 0, segments: 1 },
    { aggregates: { readSegment }, objects, kept, told, retentionDays: RETENTION },
  );
  const { user, system } = process.cpuUsage(before);
  const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
  return {
    processorSeconds: Math.round((user + system) / 1e5) / 10,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    readMiB: mib(readBytes),
    leftMiB: mib(leftBytes),
  };
}
