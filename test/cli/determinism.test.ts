/** The same exchanges give the same findings, byte for byte, however they are delivered. */
import { mkdirSync, readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORTH_A_THREAD } from '../../cli/replay/replayer.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { DAY_MS, HOUR_MS } from '../../core/records/time.ts';
import { numbers } from '../core/aggregates/days.ts';
import { filesUnder, ndjson, replay, type Scratch, scratch, simulated, stillwatch } from '../support/cli.ts';

let tmp: Scratch;
let records: StillwatchRecord[];
let expected: Map<string, string>;

beforeAll(async () => {
  tmp = scratch();
  ({ records } = simulated());
  tmp.file('plain.ndjson', ndjson(records));
  expected = await told([tmp.at('plain.ndjson')], 'plain');
});
afterAll(() => tmp.remove());

/** Findings, members and alerts; digests and weekly mails state counts of duplicates, so they may differ. */
function tellings(folder: string): Map<string, string> {
  const wanted = (name: string) =>
    /^(findings|members)\.ndjson$/.test(name) || (name.startsWith('outbox/') && !/-(daily|weekly)/.test(name));
  return new Map([...filesUnder(folder)].filter(([name]) => wanted(name)).map(([name, bytes]) => [name, `${bytes}`]));
}

async function told(inputs: string[], out: string): Promise<Map<string, string>> {
  await replay(inputs, tmp.at(`out-${out}`));
  return tellings(tmp.at(`out-${out}`));
}

/** Each record up to an hour after its place. */
function disordered(delivered: readonly StillwatchRecord[], next: () => number): StillwatchRecord[] {
  const due = delivered.map((record) => ({ record, at: Date.parse(record.time) + next() * HOUR_MS }));
  return due.sort((a, b) => a.at - b.at).map(({ record }) => record);
}

/** Cut into `pieces` files at random places, under names whose order says nothing. */
function cut(delivered: readonly StillwatchRecord[], pieces: number, name: string, next: () => number): string[] {
  const edges = Array.from({ length: pieces - 1 }, () => Math.floor(next() * delivered.length)).sort((a, b) => a - b);
  const files = [0, ...edges].map((from, i) => ({
    name: `${name}-${Math.floor(next() * 1e9)}.ndjson`,
    content: ndjson(delivered.slice(from, edges[i] ?? delivered.length)),
    at: next(),
  }));
  return files.sort((a, b) => a.at - b.at).map((file) => tmp.file(file.name, file.content));
}

describe('the same records', () => {
  it('are worth comparing: a campaign is told of', () => {
    expect(expected.get('findings.ndjson')).toContain('"state":"updated"');
    expect(expected.get('members.ndjson')!.split('\n').length).toBeGreaterThan(30);
    expect(expected.size).toBeGreaterThan(10);
  });

  it.each([1, 2])('shuffled within the hour, all of them twice, in files cut anywhere: draw %i', async (seed) => {
    const next = numbers(seed);
    const delivered = disordered([...records, ...records], next);
    expect(delivered).not.toEqual(records);
    expect(await told(cut(delivered, 6, `draw${seed}`, next), `draw${seed}`)).toEqual(expected);
  });

  it('repeated whole in a second file count once', async () => {
    const copy = tmp.file('copy.ndjson', ndjson(records));
    expect(await told([tmp.at('plain.ndjson'), copy], 'copy')).toEqual(expected);
    const summary = JSON.parse(readFileSync(tmp.at('out-copy', 'summary.json'), 'utf8'));
    const plain = JSON.parse(readFileSync(tmp.at('out-plain', 'summary.json'), 'utf8'));
    expect(summary.usage).toBe(plain.usage);
    expect(summary.duplicates).toBe(2 * plain.duplicates + plain.usage);
  });

  it('with accounts and usage in files of their own', async () => {
    const some = (wanted: boolean) => ndjson(records.filter(({ type }) => (type === 'usage') === wanted));
    const inputs = [tmp.file('accounts.ndjson', some(false)), tmp.file('usage.ndjson', some(true))];
    expect(await told(inputs, 'apart')).toEqual(expected);
  });

  it('as gzip, as Zstandard, as a directory and by a pattern', async () => {
    const plain = readFileSync(tmp.at('plain.ndjson'));
    const half = plain.indexOf('\n', plain.length / 2) + 1;
    mkdirSync(tmp.at('tree', 'deep'), { recursive: true });
    tmp.file('tree/b.ndjson.gz', gzipSync(plain.subarray(half)));
    tmp.file('tree/deep/a.ndjson.zst', zstdCompressSync(plain.subarray(0, half)));
    expect(await told([tmp.file('whole.gz', gzipSync(plain))], 'gz')).toEqual(expected);
    expect(await told([tmp.at('tree')], 'tree')).toEqual(expected);
    expect(await told([tmp.at('tree', '**', '*.ndjson.*')], 'glob')).toEqual(expected);
  });

  it('through a pipe, compressed, from another process', async () => {
    const out = tmp.at('out-pipe');
    const ended = await stillwatch(['replay', '-', '--out', out], tmp.folder, gzipSync(ndjson(records)));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(tellings(out)).toEqual(expected);
  });

  it('with sweeps on threads of their own while more is read, also where nothing came for days', async () => {
    const days = new Set(records.map(({ time }) => time.slice(0, 10)));
    const silent = [...days].sort().slice(2, 5);
    const gap = tmp.file('gap.ndjson', ndjson(records.filter(({ time }) => !silent.includes(time.slice(0, 10)))));
    for (const input of [tmp.at('plain.ndjson'), gap]) {
      const [one, two] = [tmp.at('out-one'), tmp.at('out-two')];
      const { summary } = await replay([input], one, { threads: 1 });
      await replay([input], two, { threads: 2 });
      expect(summary.accounts).toBeGreaterThan(WORTH_A_THREAD);
      const files = (folder: string) => [...filesUnder(folder)].filter(([name]) => name !== 'summary.json');
      expect(files(two)).toEqual(files(one));
    }
  });

  it('swept more often are told of no later', async () => {
    await replay([tmp.at('plain.ndjson')], tmp.at('out-often'), { sweepMs: DAY_MS / 4 });
    const often = tellings(tmp.at('out-often')).get('findings.ndjson')!;
    const at = (lines: string) => JSON.parse(lines.split('\n')[0]!).at as string;
    expect(at(often) <= at(expected.get('findings.ndjson')!)).toBe(true);
  });
});
