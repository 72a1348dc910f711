/** Parquet as a replay takes it: exchanges as rows, without a record of each. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openInputs } from '../../../cli/adapters/input/open.ts';
import { readInputs } from '../../../cli/adapters/input/read.ts';
import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { Intake } from '../../../core/aggregates/intake.ts';
import { COLUMNS, EXACT } from '../../../core/archive/columns.ts';
import { writeParquet } from '../../../core/archive/parquet.ts';
import { cellsOf } from '../../../core/archive/rows.ts';
import type { StillwatchRecord, UsageRecord } from '../../../core/records/schema.ts';
import { timeMs } from '../../../core/records/time.ts';
import { type ForeignColumn, foreignParquet } from '../../support/parquet.ts';
import { anAccount, aRelease, aUsage } from '../../support/records.ts';
import { folder, readAll, readOptions } from './collect.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/parquet');
const tmp = folder();
const archive = { save: () => undefined, load: () => undefined };
let intake: Intake;
beforeEach(() => {
  intake = new Intake({ sweepMs: 1, retentionDays: 1, now: 0, archive });
});

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(tmp, name);
  writeFileSync(path, bytes);
  return path;
}

const placed = <T extends StillwatchRecord>(records: readonly T[]) =>
  records.map((record, i) => ({ record, shard: 's', sequence: String(i) }));
/** Every field of the contract, each absent now and then. */
const many = (count: number): UsageRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const print = (kind: string, of: number) => `${kind}-print-${String(i % of).padStart(4, '0')}`;
    const prints = (kind: string, most: number) =>
      Array.from({ length: i % most }, (_, k) => `${print(kind, 977)}-${k}`);
    const params = { maxTokens: i, temperature: (i % 20) / 10, tools: i % 3, stream: i % 2 === 0 };
    const network = { ip: print('ip', 17), subnet: print('subnet', 5), asn: 64_500 + (i % 3), kind: 'mobile' } as const;
    const sketch = Buffer.alloc(32, i % 251).toString('base64url');
    return aUsage({
      id: `req_${i}`,
      time: new Date(Date.UTC(2026, 3, 22) + i * 997).toISOString(),
      account: `k_${i % 7}`,
      tokens: { input: i * 3, output: i % 50, ...(i % 4 === 0 ? { reasoning: 9, cacheRead: 7, cacheWrite: 1 } : {}) },
      ...(i % 5 === 0 ? {} : { status: i % 3 === 0 ? 'refused' : 'ok', latencyMs: i + 0.25, params, network }),
      ...(i % 6 === 0
        ? {}
        : { client: { tls: print('tls', 3), agent: print('agent', 4) }, session: print('session', 91) }),
      prompt: {
        ...(i % 8 === 0 ? {} : { system: print('system', 2), template: print('template', 11), sketch, topic: i % 64 }),
        ...(i % 9 === 0 ? {} : { contract: print('contract', 2), task: 'vision', language: 'en' }),
        ...(i % 3 === 0 ? {} : { flags: i % 3 === 1 ? ['rubric'] : ['logprobs', 'rubric'] }),
      },
      ...(i % 2 === 0 ? {} : { custody: { minted: prints('minted', 5), presented: prints('presented', 8) } }),
    });
  });

interface Read {
  /** Each row in bits, its account by name in front. */
  rows: string[];
  records: StillwatchRecord[];
  rejections: unknown[];
}

/** As a replay reads. */
async function readRows(...paths: string[]): Promise<Read> {
  const read: Read = { rows: [], records: [], rejections: [] };
  for await (const batch of readInputs(await openInputs(paths), { ...readOptions(), intake })) {
    const { rows, count } = batch.exchanges!;
    for (let at = 0; at < count * ROW_FIELDS; at += ROW_FIELDS) read.rows.push(bits(rows.slice(at, at + ROW_FIELDS)));
    read.records.push(...batch.records);
    read.rejections.push(...batch.rejections);
  }
  return read;
}

function bits(row: Float64Array): string {
  return `${intake.accounts.names[row[ROW.account]!]} ${Buffer.from(row.buffer).toString('hex')}`;
}

/** The rows of the records that a reader of records finds: what `readRows` must come to. */
async function rowsOfRecords(...paths: string[]): Promise<Read> {
  const { records, lines, rejections } = await readAll(paths);
  const read: Read = { rows: [], records: [], rejections };
  for (const [i, record] of records.entries()) {
    if (record.type !== 'usage') read.records.push(record);
    else {
      const row = new Float64Array(ROW_FIELDS);
      intake.write(record, row, 0);
      row[ROW.line] = lines[i]!;
      read.rows.push(bits(row));
    }
  }
  return read;
}

const cells = (records: readonly UsageRecord[]): ForeignColumn[] => {
  const data = new Map(cellsOf('usage', placed(records)).map((column) => [column.name, column.data as unknown[]]));
  const columns = COLUMNS.usage.map((column): ForeignColumn => ({ ...column, data: data.get(column.name)! }));
  return [...columns, { name: EXACT, kind: 'text', data: data.get(EXACT)! }];
};

describe('a file of columns, read into rows', () => {
  it('gives the rows of its records, over several groups and more of one than are held at a time', async () => {
    const records = many(22_000);
    const kept = ['id', 'time', 'account', 'model', 'input_tokens', 'output_tokens', 'session', 'custody_presented'];
    const columns = cells(records).filter(({ name }) => kept.includes(name));
    const path = file('large.parquet', foreignParquet(columns, 10_000));
    const read = await readRows(path);
    expect(read).toEqual(await rowsOfRecords(path));
    expect(read.rows).toHaveLength(22_000);
  });

  it('gives the rows that the lines of the same records give', async () => {
    const records = many(500);
    const archived = await readRows(file('archive.parquet', writeParquet('usage', placed(records))));
    expect(archived).toEqual(await readRows(file('same.ndjson', ndjson(records))));
  });

  it('quarantines the same rows for the same reasons as a reader of records, and keeps the order of the others', async () => {
    const columns = cells(many(40));
    const set = (name: string, row: number, value: unknown) => {
      (columns.find((column) => column.name === name)!.data as unknown[])[row] = value;
    };
    set('id', 0, '');
    set('network_ip', 7, '4917612345678');
    set('input_tokens', 8, null);
    set('finish', 9, 'x'.repeat(129));
    set('prompt_flags', 10, ['rubric', 'canary']);
    set('time', 11, -1n);
    set('account', 12, 'k_é');
    set('time', 13, 1_777_115_357_129_000_000n);
    set(EXACT, 20, JSON.stringify(aUsage({ id: 'exact' })));
    set(EXACT, 21, JSON.stringify(anAccount()));
    set(EXACT, 22, '[]');
    set('temperature', 39, 101);
    const path = file('mixed.parquet', foreignParquet(columns, 200));
    const read = await readRows(path);
    expect(read).toEqual(await rowsOfRecords(path));
    expect(read.rejections).toEqual([
      { line: 1, path: 'id', reason: 'not a text of 1 to 128 characters' },
      { line: 8, path: 'network.ip', reason: expect.stringContaining('not a fingerprint') },
      { line: 9, path: 'tokens.input', reason: 'missing' },
      { line: 10, path: 'finish', reason: 'not a text of 1 to 128 characters' },
      { line: 11, path: 'prompt.flags.1', reason: expect.stringContaining('not one of') },
      { line: 14, path: 'time', reason: expect.stringContaining('RFC 3339') },
      { line: 23, path: '', reason: 'not a JSON object' },
      { line: 40, path: 'params.temperature', reason: 'not a number from 0 to 100' },
    ]);
    expect(read.rows).toHaveLength(31);
    expect(read.records).toEqual([anAccount()]);
  });

  it('takes what another tool wrote: other columns beside, other numbers and clocks, no column for what it does not know', async () => {
    const records = many(300);
    const kept = ['id', 'account', 'model', 'input_tokens', 'output_tokens', 'time', 'latency_ms', 'prompt_flags'];
    const told = cells(records).filter(({ name }) => kept.includes(name));
    const foreign = told.reverse().map((column): ForeignColumn => {
      const { name, data } = column;
      if (name === 'time') {
        const micros = data.map((ms) => (ms as bigint) * 1000n + 999n);
        return { ...column, data: micros, element: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' } };
      }
      return name.endsWith('_tokens') ? { ...column, data: data.map(Number), element: { type: 'INT32' } } : column;
    });
    const region = { name: 'region', kind: 'texts', data: records.map(() => ['eu', null]) } as const;
    const path = file('foreign.parquet', foreignParquet([region, ...foreign], 300));
    const read = await readRows(path);
    expect(read).toEqual(await rowsOfRecords(path));
    const same = records.map(({ type, id, time, account, model, tokens: { input, output }, latencyMs, prompt }) =>
      aUsage({
        type,
        id,
        time,
        account,
        model,
        tokens: { input, output },
        latencyMs,
        prompt: { flags: prompt!.flags },
      }),
    );
    expect(read.rows).toEqual((await readRows(file('foreign.ndjson', ndjson(same)))).rows);
  });

  it.each(['pages.parquet', 'deltas.parquet', 'plain.parquet'])(
    'reads the pages and encodings of Apache Arrow: %s',
    async (name) => {
      const path = join(FIXTURES, name);
      const read = await readRows(path);
      expect(read).toEqual(await rowsOfRecords(path));
      expect(read.rows).toEqual((await readRows(file('arrow.ndjson', ndjson(many(200))))).rows);
    },
  );

  it.each<[string, string, Partial<ForeignColumn>]>([
    ['texts as JSON', 'id', { data: ['"a"', '"b"'], element: { type: 'BYTE_ARRAY', converted_type: 'JSON' } }],
    ['texts as numbers', 'account', { data: [1n, 2n], element: { type: 'INT64' } }],
    [
      'counts as texts',
      'input_tokens',
      { data: ['12', 'many'], element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' } },
    ],
    ['a text in place of a list', 'custody_minted', { kind: 'text', data: ['custody-print-1', null] }],
    ['a list in place of a text', 'session', { kind: 'texts', data: [['session-print-1'], null] }],
  ])('says of a file that keeps %s what a reader of records says', async (_, name, other) => {
    const columns = cells(many(2)).map((column) => (column.name === name ? { ...column, ...other } : column));
    const path = file('odd.parquet', foreignParquet(columns));
    const rows = await readRows(path).catch((error: Error) => error.message);
    expect(rows).toEqual(await rowsOfRecords(path).catch((error: Error) => error.message));
  });

  it('gives records that are no exchanges as records', async () => {
    const accounts = file('accounts.parquet', writeParquet('account', placed([anAccount()])));
    const releases = file('releases.parquet', writeParquet('release', placed([aRelease()])));
    const read = await readRows(accounts, releases);
    expect(read).toEqual({ rows: [], records: [anAccount(), aRelease()], rejections: [] });
  });

  it('is placed in time by its first records without reading one of them, where it can tell', async () => {
    const records = many(50).toReversed();
    const startOf = async (path: string) => (await openInputs([path]))[0]!.startsAt!();
    expect(await startOf(file('late.parquet', writeParquet('usage', placed(records))))).toBe(timeMs(many(1)[0]!.time));
    const texts: Partial<ForeignColumn> = { data: records.map(({ time }) => time), kind: 'text' };
    const columns = cells(records).map((column) => (column.name === 'time' ? { ...column, ...texts } : column));
    expect(await startOf(file('texts.parquet', foreignParquet(columns)))).toBeUndefined();
    const cut = writeParquet('usage', placed(records)).subarray(0, 500);
    expect(await startOf(file('cut.parquet', cut))).toBeUndefined();
  });

  it('says in one line which file has a damaged column', async () => {
    const bytes = Uint8Array.from(writeParquet('usage', placed(many(300)))).fill(0xff, 4, 200);
    const path = file('broken.parquet', bytes);
    await expect(readRows(path)).rejects.toThrow(`${path}: damaged Parquet`);
  });
});

function ndjson(records: readonly UsageRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
