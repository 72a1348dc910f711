import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../cli/adapters/input/input-error.ts';
import { runSimulate } from '../../../cli/commands/simulate.ts';
import type { WorldTruth } from '../../../cli/simulate/truth.ts';

const spec = { seed: 'file', days: 2, benign: { accounts: 80 }, campaigns: [{ scenario: 'A1', accounts: 20 }] };
let folder: string;
let world: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulate-'));
  world = join(folder, 'world.json');
  await writeFile(world, JSON.stringify(spec));
});
afterAll(() => rm(folder, { recursive: true }));

async function failure(source: string, out = join(folder, 'x.ndjson')): Promise<Error> {
  return runSimulate(source, out).then(
    () => expect.fail('it should have been refused'),
    (error: Error) => error,
  );
}
async function described(value: unknown): Promise<string> {
  const file = join(folder, `${Math.abs(JSON.stringify(value).length)}.json`);
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

describe('writing a world', () => {
  it('gives the same lines plain, as gzip and as zstd, and the truth beside them', async () => {
    const outs = ['a.ndjson', 'a.ndjson.gz', 'a.ndjson.zst'].map((name) => join(folder, name));
    const results = await Promise.all(outs.map((out) => runSimulate(world, out)));
    const [plain, gz, zst] = await Promise.all(outs.map((out) => readFile(out)));
    expect(gunzipSync(gz!).equals(plain!)).toBe(true);
    expect(zstdDecompressSync(zst!).equals(plain!)).toBe(true);
    const lines = plain!.toString().trimEnd().split('\n');
    expect(lines.length).toBe(results[0]!.records);
    expect(lines.length).toBeGreaterThan(500);
    const truth = JSON.parse(await readFile(`${outs[0]}.truth.json`, 'utf8')) as WorldTruth;
    expect(truth.campaigns[0]!.accounts.length).toBeGreaterThan(15);
  });

  it('takes another seed on request', async () => {
    await runSimulate(world, join(folder, 'b.ndjson'), { seed: 'b' });
    expect(await readFile(join(folder, 'b.ndjson'), 'utf8')).not.toBe(await readFile(join(folder, 'a.ndjson'), 'utf8'));
  });

  it.each([
    ['a name that is neither world nor file', 'nowhere', /nowhere: no such world and no readable file.*demo, quiet/],
    ['text that is no JSON', 'not json', /not JSON.*"seed" and "days"/],
    ['no days', { seed: 's' }, /at days: /],
    ['a list', [], /: .*expected object/i],
    ['an unknown field', { seed: 's', days: 1, tuesday: true }, /tuesday/],
    ['an unknown scenario', { ...spec, campaigns: [{ scenario: 'Z1' }] }, /unknown scenario Z1\. Known: A1/],
    ['two groups of one name', { ...spec, lookalikes: [0, 1].map(() => ({ scenario: 'B1', name: 'c' })) }, /called c/],
    ['a start inside a day', { ...spec, start: '2026-04-15T10:00:00Z' }, /at start: not midnight UTC/],
  ])('refuses %s in one line', async (_, value, expected) => {
    const error = await failure(value === 'nowhere' ? value : await described(value));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(expected);
    expect(error.message).not.toContain('\n');
  });

  it('says so where the output cannot be written', async () => {
    const error = await failure(world, join(folder, 'missing', 'x.ndjson'));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toMatch(/cannot be written \(ENOENT\)/);
  });
});
