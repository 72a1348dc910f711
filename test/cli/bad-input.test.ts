/** What is wrong with a call or an input is said in one line; what can be read is read. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../cli/adapters/input/input-error.ts';
import { type ReplayArguments, replayCommand } from '../../cli/commands/replay.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { defaultConfig, filesUnder, NOW, ndjson, replay, type Scratch, scratch, stillwatch } from '../support/cli.ts';
import { type Results, readResults } from '../support/findings-contract.ts';
import { bedrockLines } from '../support/foreign.ts';
import { aUsage } from '../support/records.ts';

let tmp: Scratch;
beforeAll(() => {
  tmp = scratch();
  tmp.file('good.ndjson', ndjson(exchanges(20)));
  tmp.file(
    'garbage.bin',
    Uint8Array.from({ length: 4000 }, (_, i) => (i * 131) % 251),
  );
  tmp.file('empty.ndjson', '');
  tmp.file('words.txt', 'all work and no play\n'.repeat(5));
  tmp.file('array.json', '[1,2]');
  tmp.file('broken.json', '{"detection":');
  tmp.file('typo.json', '{"detection":{"alfa":0.1}}');
  tmp.file('high.json', '{"detection":{"alpha":7}}');
  tmp.file('nokey.json', JSON.stringify({ fingerprintKeyFile: '/nowhere/key' }));
  tmp.file('bedrock.ndjson', `${[...bedrockLines({ exchanges: 5 })].join('\n')}\n`);
  tmp.file('file', '');
});
afterAll(() => tmp.remove());

/** One an hour from 22 April 2026 on. */
function exchanges(many: number, overrides: Partial<UsageRecord> = {}): UsageRecord[] {
  const start = Date.parse('2026-04-22T00:00:00.000Z');
  const time = (i: number) => new Date(start + i * 3_600_000).toISOString();
  return Array.from({ length: many }, (_, i) => aUsage({ id: `req-${i}`, time: time(i), ...overrides }));
}

async function replayed(name: string, content: string | Uint8Array): Promise<Results> {
  await replay([tmp.file(name, content)], tmp.at(`out-${name}`));
  return readResults(tmp.at(`out-${name}`));
}

describe('a wrong call', () => {
  const refused = async (args: string[], expected: RegExp) => {
    const { code, stdout, stderr } = await stillwatch(args, tmp.folder);
    expect(stderr).toMatch(expected);
    expect(stderr).toMatch(/^stillwatch: [^\n]*\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  };
  it.each<[string, string[], RegExp]>([
    ['no command', [], /name a command/],
    ['an unknown option', ['replay', 'good.ndjson', '--out', 'never', '--swep', '1h'], /unknown option '--swep'/],
    ['no folder for the results', ['replay', 'good.ndjson'], /--out <dir>/],
    ['a missing file', ['replay', 'nowhere.ndjson', '--out', 'never'], /nowhere.ndjson: no such file/],
    ['a binary file', ['replay', 'garbage.bin', '--out', 'never'], /garbage.bin: nothing in it can be read; line 1/],
    ['results under a file', ['replay', 'good.ndjson', '--out', 'file/out'], /--out file\/out: .*written \(ENOTDIR\)/],
    ['a list of no replay', ['list', '--at', 'nowhere'], /desk.json cannot be read \(ENOENT\)/],
  ])('ends with 2 and one line on standard error: %s', (_, args, expected) => refused(args, expected));

  it.each<[string, Partial<ReplayArguments> & { input?: string }, RegExp]>([
    ['an unknown format', { format: 'csv' }, /--format: not one of stillwatch/],
    ['a sweep of a minute', { sweep: '1m' }, /--sweep 1m: .* 24h/],
    ['a sweep of no length', { sweep: 'daily' }, /--sweep daily: .* 24h/],
    ['a missing config', { config: 'nowhere.json' }, /nowhere.json: .*ENOENT/],
    ['a config that is no JSON', { config: 'broken.json' }, /broken.json: is not JSON/],
    ['a config that is a list', { config: 'array.json' }, /array.json: must be a JSON object/],
    ['a misspelt setting', { config: 'typo.json' }, /typo.json: detection: .*alfa/],
    ['a setting out of range', { config: 'high.json' }, /high.json: detection.alpha: /],
    ['a missing key for foreign logs', { input: 'bedrock.ndjson', config: 'nokey.json' }, /key: cannot be read/],
    ['a pattern without a match', { input: '*.parquet' }, /\*\.parquet: no file matches/],
    ['an empty file', { input: 'empty.ndjson' }, /empty.ndjson: empty: no record/],
    ['a text file', { input: 'words.txt' }, /words.txt: of no known format/],
  ])('names what is wrong, and leaves nothing behind: %s', async (_, { input, config, ...args }, expected) => {
    const call = { out: tmp.at('never'), sweep: '24h', ...args, ...(config ? { config: tmp.at(config) } : {}) };
    const error = await replayCommand([tmp.at(input ?? 'good.ndjson')], call).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(expected);
    expect((error as Error).message).not.toContain('\n');
    expect(existsSync(tmp.at('never'))).toBe(false);
  });

  it('takes away the folders that it made for nothing, and none that was there', async () => {
    mkdirSync(tmp.at('mine', 'empty'), { recursive: true });
    for (const out of [tmp.at('mine', 'empty'), tmp.at('mine', 'new', 'deep')]) {
      const error = await replayCommand([tmp.at('words.txt')], { out, sweep: '24h' }).catch((thrown: Error) => thrown);
      expect(error).toBeInstanceOf(InputError);
    }
    expect(readdirSync(tmp.at('mine'))).toEqual(['empty']);
    expect(readdirSync(tmp.at('mine', 'empty'))).toEqual([]);
  });
});

describe('a bad line', () => {
  const lineOf = (value: unknown) => `${JSON.stringify(value)}\n`;
  const bad: [string, string, { path: string; reason: RegExp }][] = [
    ['garbage', '{"type":"usage","id":"canary-text\n', { path: '', reason: /not JSON/ }],
    [
      'a count that is a text',
      lineOf({ ...aUsage(), tokens: { input: 'canary-text', output: 1 } }),
      { path: 'tokens.input', reason: /whole number/ },
    ],
    ['no time', lineOf({ ...aUsage(), time: undefined }), { path: 'time', reason: /missing/ }],
    [
      'an address as a fingerprint',
      lineOf({ ...aUsage(), network: { ip: '203.0.113.7' } }),
      { path: 'network.ip', reason: /fingerprint/ },
    ],
    [
      'a type of its own',
      lineOf({ type: 'canary-text' }),
      { path: '', reason: /type is none of usage, account and release/ },
    ],
    ['two mebibytes', `"${'canary-text'.repeat(190_000)}"\n`, { path: '', reason: /longer than 1 MiB/ }],
  ];

  it.each(bad)('of %s is quarantined by its number, and the rest is read', async (_, line, expected) => {
    const [first, ...rest] = exchanges(20).map((record) => lineOf(record));
    const { summary, quarantine } = await replayed('bad-line', `${first}${line}${rest.join('')}`);
    expect(summary).toMatchObject({ usage: 20, quarantined: 1, records: 21 });
    expect(quarantine).toEqual([
      { input: tmp.at('bad-line'), line: 2, path: expected.path, reason: expect.stringMatching(expected.reason) },
    ]);
    for (const [name, bytes] of filesUnder(tmp.at('out-bad-line')))
      expect([name, bytes.includes('canary-text')]).toEqual([name, false]);
  });

  it('that is not UTF-8 is quarantined as such', async () => {
    const [first, ...rest] = exchanges(5).map((record) => Buffer.from(lineOf(record)));
    const { quarantine, summary } = await replayed(
      'latin',
      Buffer.concat([first!, Buffer.from([0x7b, 0xff, 0x7d, 10]), ...rest]),
    );
    expect(quarantine).toMatchObject([{ line: 2, reason: expect.stringContaining('UTF-8') }]);
    expect(summary.usage).toBe(5);
  });

  it('among many of its kind does not keep the others from being counted', async () => {
    const lines = exchanges(400).flatMap((record, i) => [
      lineOf(record),
      i % 2 ? 'canary-text\n' : lineOf({ type: 'usage' }),
    ]);
    const { summary, quarantine } = await replayed('half', lines.join(''));
    expect(summary).toMatchObject({ records: 800, usage: 400, quarantined: 400 });
    expect(quarantine.map(({ line }) => line)).toEqual(Array.from({ length: 400 }, (_, i) => 2 * i + 2));
  });
});

describe('damaged files', () => {
  it('give what was before the damage, and say where it begins', async () => {
    const whole = gzipSync(ndjson(exchanges(4000)));
    const { summary, quarantine } = await replayed('cut.gz', whole.subarray(0, whole.length - 2000));
    const damage = quarantine.find(({ reason }) => reason.includes('ends early'));
    expect(damage!.line).toBeGreaterThanOrEqual(summary.usage);
    expect(summary.usage).toBeGreaterThan(1000);
    expect(summary.usage).toBeLessThan(4000);
  });

  it('in a directory do not keep the sound ones from being read', async () => {
    mkdirSync(tmp.at('mixed'));
    tmp.file('mixed/a.txt', 'notes of mine\nand more\n');
    tmp.file('mixed/b.ndjson', ndjson(exchanges(20)));
    tmp.file('mixed/c.ndjson', '');
    await replay([tmp.at('mixed')], tmp.at('out-mixed'));
    const { summary, quarantine } = readResults(tmp.at('out-mixed'));
    expect(summary.usage).toBe(20);
    expect(quarantine.map(({ input }) => input)).toEqual([tmp.at('mixed', 'a.txt')]);
  });
});

describe('a record with a wrong clock', () => {
  const days = (many: number) => new Date(Date.parse('2026-04-22T00:00:00.000Z') + many * DAY_MS).toISOString();
  const strays = (times: string[]) => times.map((time, i) => aUsage({ id: `stray-${i}`, time }));

  it('from before the memory is quarantined, not swept for: at the start of a file', async () => {
    const records = [...strays(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', days(-91)]), ...exchanges(60)];
    const { summary, quarantine } = await replayed('old-first', ndjson(records));
    expect(quarantine.map(({ line, path, reason }) => ({ line, path, reason }))).toEqual(
      [1, 2, 3].map((line) => ({ line, path: 'time', reason: 'older than 90 days' })),
    );
    expect(summary).toMatchObject({ usage: 60, sweeps: 3, from: days(0) });
  });

  it('from before the memory is quarantined in the middle of a file too', async () => {
    const records = [...exchanges(60), ...strays(['1970-01-01T00:00:00Z', days(-95)])];
    const { summary, quarantine } = await replayed('old-last', ndjson(records));
    expect(quarantine.map(({ line }) => line)).toEqual([61, 62]);
    expect(summary).toMatchObject({ usage: 60, from: days(0) });
  });

  it('from the future is quarantined, and pulls no sweep along', async () => {
    const late = strays([new Date(NOW + 601_000).toISOString(), '2999-01-01T00:00:00Z', '9999-12-31T23:59:59Z']);
    const { summary, quarantine } = await replayed(
      'future',
      ndjson([...exchanges(2), ...late, ...exchanges(60).slice(2)]),
    );
    expect(quarantine.map(({ line, reason }) => [line, reason])).toEqual(
      [3, 4, 5].map((line) => [line, 'more than 10 minutes in the future']),
    );
    expect(summary).toMatchObject({ usage: 60, sweeps: 3 });
  });

  it('up to ten minutes ahead is not the future', async () => {
    const { summary } = await replayed('ahead', ndjson(strays([new Date(NOW + 599_000).toISOString()])));
    expect(summary).toMatchObject({ usage: 1, quarantined: 0 });
  });

  it('does no harm as the greater part of a file', async () => {
    const wrong = Array.from({ length: 3000 }, (_, i) => aUsage({ id: `wrong-${i}`, time: '2999-01-01T00:00:00Z' }));
    const { summary } = await replayed(
      'mostly-future',
      ndjson([...exchanges(30), ...wrong, ...exchanges(60).slice(30)]),
    );
    expect(summary).toMatchObject({ usage: 60, quarantined: 3000, sweeps: 3 });
  });

  it('in an account record pulls no sweep along either', async () => {
    const told = { type: 'account', time: '9999-12-31T23:59:59Z', account: 'k_1', plan: 'free' };
    const many = Array.from({ length: 2000 }, (_, i) => ({ ...told, account: `k_${i}` }));
    const { summary } = await replayed('future-account', ndjson([...exchanges(60), ...many]));
    expect(summary).toMatchObject({ usage: 60, sweeps: 3, quarantined: 0 });
  });
});

describe('years between two parts of the data', () => {
  it('are not swept day by day', async () => {
    tmp.file('then.ndjson', ndjson([aUsage({ id: 'then', time: '1970-01-01T12:00:00Z' })]));
    await replay([tmp.at('then.ndjson'), tmp.at('good.ndjson')], tmp.at('out-then'), { config: defaultConfig() });
    const { summary } = readResults(tmp.at('out-then'));
    expect(summary).toMatchObject({ usage: 21, from: '1970-01-01T12:00:00.000Z' });
    expect(summary.sweeps).toBeLessThan(100);
  });
});
