/** A long replay that is interrupted goes on where it stopped, and ends as if it never had been. */
import { existsSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { loadConfig } from '../../cli/config.ts';
import { type ReplayOptions, runReplay } from '../../cli/replay/run.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { filesUnder, ndjson, type Scratch, scratch, simulated, start, stillwatch } from '../support/cli.ts';

const KEPT = '.replay-sweeps';
let tmp: Scratch;
let input: string;
let whole: Map<string, string>;

beforeAll(async () => {
  tmp = scratch();
  input = tmp.file('world.ndjson', ndjson(simulated().records));
  await runReplay(options('whole'));
  whole = contents('whole');
});
afterAll(() => tmp.remove());

function options(out: string, more: Partial<ReplayOptions> = {}): ReplayOptions {
  const config = loadConfig(undefined);
  return { inputs: [input], out: tmp.at(out), sweepMs: DAY_MS, config, now: Date.parse('2027-01-01'), ...more };
}

/** All that a replay writes, but how long it took. */
function contents(out: string): Map<string, string> {
  const files = [...filesUnder(tmp.at(out))].filter(([name]) => name !== 'summary.json');
  return new Map(files.map(([name, bytes]) => [name, `${bytes}`]));
}

/** Stops like a signal would: between two batches, once event time has come so far. */
async function interrupted(out: string, until: string, from = input): Promise<void> {
  const onProgress = ({ at }: { at: string }) => {
    if (at >= until) throw new Error('interrupted');
  };
  await expect(runReplay(options(out, { inputs: [from], onProgress }))).rejects.toThrow('interrupted');
}

const kept = (out: string) => readdirSync(tmp.at(out, KEPT)).filter((name) => name.endsWith('.json.zst'));

/** Days of event time that a replay goes through: the interruption falls in the middle. */
function middle(): string {
  const [from, to] = [simulated().records[0]!.time, simulated().records.at(-1)!.time].map((time) => Date.parse(time));
  return new Date((from! + to!) / 2).toISOString();
}

describe('a replay that was interrupted', () => {
  it('is resumed to the same files, byte for byte', async () => {
    await interrupted('half', middle());
    expect(existsSync(tmp.at('half', 'findings.ndjson'))).toBe(false);
    const before = kept('half');
    expect(before.length).toBeGreaterThan(1);
    let sweeps = 0;
    const onJournal: ReplayOptions['onJournal'] = (journal) => {
      sweeps = journal.sweeps;
    };
    // The clock has gone on: what was from the future then is judged as then.
    await runReplay(options('half', { resume: true, onJournal, now: Date.parse('2030-01-01') }));
    expect(sweeps).toBe(before.length);
    expect(contents('half')).toEqual(whole);
    expect(existsSync(tmp.at('half', KEPT))).toBe(false);
  });

  it('takes the sweeps that it has made as they were kept', async () => {
    await interrupted('taken', middle());
    for (const name of kept('taken')) {
      const file = join(tmp.at('taken', KEPT), name);
      const sweep = JSON.parse(`${zstdDecompressSync(readFileSync(file))}`);
      writeFileSync(file, zstdCompressSync(JSON.stringify({ ...sweep, transitions: [] })));
    }
    await runReplay(options('taken', { resume: true }));
    expect(contents('taken').get('findings.ndjson')).not.toBe(whole.get('findings.ndjson'));
  });

  it('makes a sweep again that the interruption cut short', async () => {
    await interrupted('cut', middle());
    truncateSync(join(tmp.at('cut', KEPT), kept('cut').toSorted().at(-1)!), 40);
    await runReplay(options('cut', { resume: true }));
    expect(contents('cut')).toEqual(whole);
  });

  it('can be started anew, and then keeps nothing of the earlier one', async () => {
    await interrupted('anew', middle());
    await runReplay(options('anew'));
    expect(contents('anew')).toEqual(whole);
  });

  it('is not resumed with other inputs, another interval or other settings', async () => {
    await interrupted('other', middle());
    await expect(runReplay(options('other', { resume: true, sweepMs: DAY_MS / 2 }))).rejects.toThrow(
      /^--resume: --sweep has changed since/,
    );
    const more = tmp.file('more.ndjson', '');
    await expect(runReplay(options('other', { resume: true, inputs: [input, more] }))).rejects.toThrow(
      `${more} has changed`,
    );
    const mine = tmp.file('mine.ndjson', ndjson(simulated().records));
    await interrupted('touched', middle(), mine);
    utimesSync(mine, 0, 0);
    await expect(runReplay(options('touched', { resume: true, inputs: [mine] }))).rejects.toThrow(
      `${mine} has changed`,
    );
    const config = { ...loadConfig(undefined), settings: { ...loadConfig(undefined).settings, retentionDays: 60 } };
    await expect(runReplay(options('other', { resume: true, config }))).rejects.toThrow('the settings have changed');
  });
});

test('sweeps of another version of the engine are not mixed with those of this one', async () => {
  await interrupted('older', middle());
  const header = join(tmp.at('older', KEPT), 'header.json');
  writeFileSync(header, JSON.stringify({ ...JSON.parse(readFileSync(header, 'utf8')), version: '0.0.1' }));
  await expect(runReplay(options('older', { resume: true }))).rejects.toThrow('the version of Stillwatch has changed');
});

describe('stillwatch replay --resume', () => {
  it('says in one line where there is nothing to go on with', async () => {
    const { code, stderr } = await stillwatch(['replay', input, '--out', tmp.at('nothing'), '--resume'], tmp.folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^stillwatch: --resume: no interrupted replay in \S+; start one without --resume\n$/);
  });

  it('does not go on with standard input', async () => {
    const { code, stderr } = await stillwatch(['replay', '-', '--out', tmp.at('nothing'), '--resume'], tmp.folder);
    expect(code).toBe(2);
    expect(stderr).toContain('standard input cannot be read again');
  });

  it('tells whoever stops a replay how to go on', async () => {
    const { child, ended } = start(['replay', input, '--out', tmp.at('stopped'), '--sweep', '1h'], tmp.folder);
    while (child.exitCode === null && !existsSync(tmp.at('stopped', KEPT))) await setTimeout(5);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/\d sweeps? (is|are) kept; the same command with --resume goes on after them\n$/);
  });
});
