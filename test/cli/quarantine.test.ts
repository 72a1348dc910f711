/** What was set aside, told by reason, and read again once its cause is mended. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import { usage } from '../contracts/sample-records.ts';
import { ndjson, type Scratch, scratch, stillwatch } from '../support/cli.ts';

let tmp: Scratch;
beforeEach(async () => {
  tmp = scratch();
  const good = Array.from({ length: 5 }, (_, i) => usage('a', `x${i}`, 60 * i));
  const broken = { ...usage('b', 'late', 600), tokens: { input: -1, output: 1 } };
  tmp.file('world.ndjson', `${ndjson([...good, broken])}{"type":"usage"\n${ndjson([broken])}`);
  const replayed = await stillwatch(['replay', 'world.ndjson', '--out', 'out'], tmp.folder);
  expect(replayed.code).toBe(0);
});
afterEach(() => tmp.remove());

const list = (at: string) => stillwatch(['quarantine', 'list', '--at', at, '--json'], tmp.folder);
const retry = (...more: string[]) =>
  stillwatch(['quarantine', 'retry', '--at', 'out', '--out', 'again.ndjson', ...more], tmp.folder);

describe('quarantine list', () => {
  it('gives each reason once, the most frequent first, with the place of the first', async () => {
    const { code, stdout } = await list('out');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      { source: 'world.ndjson', path: 'tokens.input', reason: expect.any(String), count: 2, first: '6' },
      { source: 'world.ndjson', path: '', reason: 'not JSON', count: 1, first: '7' },
    ]);
    const text = await stillwatch(['quarantine', 'list', '--at', 'out'], tmp.folder);
    expect(text.stdout).toMatch(/^ +2 {2}tokens\.input: .*\(world\.ndjson, first at 6\)/);
  });

  it('reads what the deployed function set aside in the same way', async () => {
    const put = async (key: string, body: Uint8Array | string) => {
      mkdirSync(dirname(tmp.at('copy', key)), { recursive: true });
      writeFileSync(tmp.at('copy', key), body);
    };
    const quarantine = new ObjectQuarantine({ put, get: async () => undefined }, false);
    for (const sequence of ['1', '2']) {
      const rejected = { shard: 'shard-1', sequence, path: 'time', reason: 'too old', payload: new Uint8Array(3) };
      await quarantine.put(rejected, 0);
    }
    expect(JSON.parse((await list('copy')).stdout)).toEqual([
      { source: 'stream', path: 'time', reason: 'too old', count: 2, first: 'shard-1:1' },
    ]);
  });

  it('says in one line what is wrong with a folder, or with what lies in it', async () => {
    mkdirSync(tmp.at('empty'));
    expect(await list('empty')).toMatchObject({ code: 2, stderr: expect.stringContaining('no quarantine in it') });
    expect(await list('gone')).toMatchObject({ code: 2, stderr: expect.stringContaining('no such file') });
    tmp.file('out/quarantine.ndjson', '{"path":\n');
    expect(await list('out')).toMatchObject({ code: 2, stderr: expect.stringContaining('quarantine.ndjson line 1') });
  });
});

describe('quarantine retry', () => {
  it('writes the records that can be read after the input was mended, and counts the rest', async () => {
    const text = readFileSync(tmp.at('world.ndjson'), 'utf8');
    tmp.file('world.ndjson', text.replaceAll('"input":-1', '"input":1'));
    const { code, stdout } = await retry();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: '2 can be read now: written to again.ndjson, replay it beside the other inputs; 1 still cannot\n',
    });
    const records = readFileSync(tmp.at('again.ndjson'), 'utf8').trimEnd().split('\n');
    expect(records.map((line) => (JSON.parse(line) as { account: string }).account)).toEqual(['b', 'b']);
  });

  it('writes nothing where nothing can be read, and never over a file that is there', async () => {
    expect((await retry()).stdout).toBe('0 can be read now; 3 still cannot\n');
    tmp.file('again.ndjson', 'mine');
    expect(await retry()).toMatchObject({ code: 2, stderr: expect.stringContaining('name a new file') });
    expect(readFileSync(tmp.at('again.ndjson'), 'utf8')).toBe('mine');
  });

  it('says how much is out of reach', async () => {
    rmSync(tmp.at('world.ndjson'));
    const { stdout } = await retry('--json');
    expect(JSON.parse(stdout)).toEqual({ readable: 0, refused: 0, outOfReach: 3 });
  });
});
