import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readByTime } from '../../../cli/adapters/input/by-time.ts';
import { InputError } from '../../../cli/adapters/input/input-error.ts';
import { openInputs } from '../../../cli/adapters/input/open.ts';
import { readInputs } from '../../../cli/adapters/input/read.ts';
import { parseFormat } from '../../../cli/adapters/input/values.ts';
import { bedrockLines, foreignSecrets, litellmLines } from '../../support/foreign.ts';
import { folder, readAll, readOptions, usageLine, usageLines } from './collect.ts';

const dir = folder();
const SAMPLES = new URL('../../fixtures/sources/', import.meta.url).pathname;

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}

function empty(name: string): string {
  mkdirSync(join(dir, name));
  return join(dir, name);
}

async function failure(paths: string[], format?: string): Promise<string> {
  const error = await readAll(paths, format ? { format: parseFormat(format) } : {}).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).not.toContain('\n');
  return message;
}

describe('what the arguments name', () => {
  it('a directory is read to its depths, in the order that a person would give its files', async () => {
    for (const n of [10, 2, 1]) file(`tree/part-${n}.ndjson`, usageLine(n));
    file('tree/deeper/part-3.json.gz', gzipSync(usageLine(3)));
    symlinkSync(join(dir, 'tree/part-1.ndjson'), join(dir, 'tree/zz-link'));
    const names = (await openInputs([join(dir, 'tree')])).map(({ name }) => name.slice(dir.length + 6));
    expect(names).toEqual(['deeper/part-3.json.gz', 'part-1.ndjson', 'part-2.ndjson', 'part-10.ndjson', 'zz-link']);
  });

  it('hidden files, large bodies and the permission marker of Bedrock are left out of a directory', async () => {
    const hour = 'bucket/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/05/14/10';
    file(`${hour}/20260514T10.json.gz`, gzipSync([...bedrockLines({ exchanges: 3 })].join('\n')));
    file(`${hour}/data/0d5f_input.json.gz`, gzipSync('{"messages":[]}'));
    file('bucket/AWSLogs/111122223333/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check', 'x');
    file('bucket/.DS_Store', 'x');
    const inputs = await openInputs([join(dir, 'bucket')]);
    expect(inputs.map(({ name }) => name.endsWith('20260514T10.json.gz'))).toEqual([true]);
    file('plain/data/usage.ndjson', usageLine(1));
    expect(await openInputs([join(dir, 'plain')])).toHaveLength(1);
  });

  it('a glob is expanded, and a file named twice is read once', async () => {
    file('glob/a1.ndjson', usageLine(1));
    file('glob/a2.ndjson', usageLine(2));
    const found = await readAll([join(dir, 'glob/a*.ndjson'), join(dir, 'glob'), join(dir, 'glob/a1.ndjson')]);
    expect(found.records.map((record) => 'id' in record && record.id)).toEqual(['r1', 'r2']);
  });

  it('a hidden folder is read where the pattern names it', async () => {
    file('.cache/a.ndjson', usageLine(1));
    file('.cache/.b.ndjson', usageLine(2));
    expect(await openInputs([join(dir, '.cache/*.ndjson')])).toHaveLength(1);
  });

  it.runIf(existsSync('/proc/self/fd'))(
    'a file that is looked into and left is closed, so that thousands can be',
    async () => {
      const path = file('looked-into', usageLines(0, 5000));
      const openFiles = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === path).length;
      for (let i = 0; i < 5; i++) {
        const [input] = await openInputs([path]);
        for await (const batch of input!.lines) if (batch.lines.length > 0) break;
      }
      await expect.poll(openFiles).toBe(0);
    },
  );

  it('standard input is read like a file, compressed or not', async () => {
    async function* stdin() {
      const bytes = gzipSync(usageLines(0, 50));
      for (const byte of bytes) yield Uint8Array.of(byte);
    }
    const [input] = await openInputs(['-'], { stdin: stdin() });
    const lines: string[] = [];
    for await (const batch of input!.lines) lines.push(...batch.lines);
    expect(lines.filter(Boolean)).toHaveLength(50);
  });

  it.each([
    ['a missing file', () => 'no/such/file.ndjson', /no\/such\/file\.ndjson: no such file or directory/],
    ['a pattern without a match', () => join(dir, '*.nothing'), /no file matches/],
    ['a directory without files', () => empty('void'), /without a readable file/],
    ['a path through a file', () => join(file('plain.ndjson', usageLine(1)), 'x'), /part of its path is a file/],
    ['an empty file', () => file('empty.ndjson', ''), /empty: no record/],
    ['a file of blank lines', () => file('blank.ndjson', '\n\r\n  \n'), /empty: no record/],
  ])('%s is a wrong input, in one line that says so', async (_, path, message) => {
    expect(await failure([path()])).toMatch(message);
  });

  it('an empty file among others is no harm', async () => {
    expect((await readAll([file('empty2', ''), file('full', usageLine(1))])).records).toHaveLength(1);
  });
});

describe('what the files hold', () => {
  it('one bad line is a rejection with its number, and the rest is read', async () => {
    const found = await readAll([file('one-bad', `${usageLine(1)}\nnot json\n\n{"type":"usage"}\n${usageLine(2)}\n`)]);
    expect(found.lines).toEqual([1, 5]);
    expect(found.rejections).toMatchObject([
      { line: 2, reason: 'not JSON' },
      { line: 4, path: 'id' },
    ]);
  });

  it('lines before the first known one are rejections, not the end', async () => {
    const found = await readAll([file('head', `# a comment\n{"head":1}\n${usageLine(1)}\n`)]);
    expect(found.records).toHaveLength(1);
    expect(found.rejections.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('native and wrapped records may be mixed', async () => {
    const wrapped = JSON.stringify({ 'detail-type': 'Stillwatch Usage', detail: JSON.parse(usageLine(2)) });
    const found = await readAll([file('mixed', `${usageLine(1)}\n${wrapped}\n[${usageLine(3)},${usageLine(4)}]\n`)]);
    expect(found.lines).toEqual([1, 2, 3, 3]);
  });

  it.each([
    ['a pretty-printed document', 'otel-spans.json', 1],
    ['an array on one line', 'litellm-array.json', 4],
  ])('%s is read whole', async (_, name, records) => {
    expect((await readAll([join(SAMPLES, name)])).records).toHaveLength(records);
  });

  it('an array over many lines is read whole', async () => {
    const array = `[\n${Array.from({ length: 5000 }, (_, i) => usageLine(i)).join(',\n')}\n]\n`;
    expect((await readAll([file('array.json', array)])).records).toHaveLength(5000);
    const single = `[\n${usageLine(1)}\n]\n`;
    expect((await readAll([file('single.json', single)])).records).toHaveLength(1);
  });

  it('a file that only begins like a document is read by the line', async () => {
    const found = await readAll([file('broken-start', `{"a":\n{"b":\n${usageLines(0, 10)}`)]);
    expect(found.records).toHaveLength(10);
    expect(found.rejections).toHaveLength(2);
  });

  it.each([
    [
      'unknown records',
      '{"secretname":"a secret"}\n{"secretname":"a secret"}\n',
      /of no known format: saw an object of 1 field/,
    ],
    ['prose', 'a secret diary\nof many lines\n', /of no known format: saw no JSON/],
    ['only broken records', '{"type":"usage","id":"a secret"}\n', /nothing in it can be read; line 1: /],
  ])('%s are a wrong input, and the message holds none of it', async (name, content, message) => {
    const text = await failure([file(`wrong-${name}`, content)]);
    expect(text).toMatch(message);
    expect(text).not.toContain('secret');
  });

  it('a long file of no known format is given up early', async () => {
    async function* stdin() {
      for (;;) yield Buffer.from('{"x":1}\n'.repeat(1000));
    }
    const reading = readInputs(await openInputs(['-'], { stdin: stdin() }), readOptions());
    await expect(reading.next()).rejects.toThrow(/standard input: of no known format/);
  });

  it.each(['openai-usage.json', 'anthropic-usage.json'])('%s is refused as totals', async (name) => {
    expect(await failure([join(SAMPLES, name)])).toMatch(/coarse totals, not exchanges/);
  });

  it('a forced format that does not fit is a wrong input', async () => {
    expect(await failure([join(SAMPLES, 'litellm.ndjson')], 'bedrock')).toMatch(/not a Bedrock ModelInvocationLog/);
    expect(() => parseFormat('csv')).toThrow(/--format: not one of stillwatch, bedrock/);
  });

  it('calls of the audit log beside the logs are counted as skipped; alone they are a wrong input', async () => {
    const trail = join(SAMPLES, 'cloudtrail.json');
    const found = await readAll([join(SAMPLES, 'bedrock-converse.ndjson'), trail]);
    expect([...found.skipped]).toEqual([['CloudTrail event, which has no token counts', 1]]);
    expect(await failure([trail])).toMatch(/no exchange in it/);
  });

  it('a stray file in a directory is one rejection, not the end of all', async () => {
    file('stray/a.ndjson', usageLine(1));
    file('stray/readme.txt', 'words\n'.repeat(5000));
    const found = await readAll([join(dir, 'stray')]);
    expect(found.records).toHaveLength(1);
    expect(found.rejections).toMatchObject([{ line: 1, reason: expect.stringContaining('of no known format') }]);
  });
});

describe('several inputs read in time order', () => {
  it('still tell the organisation of every account, though each file was looked into first', async () => {
    const paths = [0, 1].map((day) => {
      const lines = litellmLines({ exchanges: 50, accounts: 5, start: `2026-04-1${5 + day}T00:00:00.000Z` });
      return file(`by-time/${1 - day}.ndjson`, [...lines].join('\n'));
    });
    const types: string[] = [];
    for await (const batch of readByTime(await openInputs(paths), readOptions(), Number.POSITIVE_INFINITY)) {
      types.push(...batch.records.map(({ type }) => type));
    }
    expect(types.filter((type) => type === 'account')).toHaveLength(5);
    expect(types.filter((type) => type === 'usage')).toHaveLength(100);
  });
});

describe('foreign logs of many accounts', () => {
  it('are read without loss, and nothing private is in what comes out', async () => {
    const spec = { seed: 7, exchanges: 600, accounts: 30 };
    const bedrock = file('foreign/bedrock.ndjson', [...bedrockLines(spec)].join('\n'));
    const litellm = file('foreign/litellm.ndjson', [...litellmLines(spec)].join('\n'));
    const [a, b] = [await readAll([bedrock]), await readAll([litellm])];
    expect(a.records).toHaveLength(600);
    expect(b.records.filter((record) => record.type === 'usage')).toHaveLength(600);
    expect(b.records.filter((record) => record.type === 'account')).toHaveLength(30);
    const out = JSON.stringify([a.records, b.records]);
    expect(foreignSecrets(spec).filter((secret) => out.includes(secret))).toEqual([]);
  });
});
