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
import { type ForeignColumn, foreignParquet } from '../../support/parquet.ts';
import { anAccount, aRelease, aUsage } from '../../support/records.ts';
import { folder, readAll, readOptions } from './collect.ts';

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
const many = (count: number): UsageRecord[] =>
  Array.from({ length: count }, (_, i) =>
    aUsage({
      id: `req_${i}`,
      account: `k_${i % 7}`,
      status: i % 3 === 0 ? 'refused' : 'ok',
      latencyMs: i + 0.25,
      params: { maxTokens: i, temperature: 0.5, stream: i % 2 === 0 },
      client: { agent: `agent-print-${i % 5}` },
      prompt: { template: `template-print-${i % 11}`, flags: ['rubric'], topic: i % 64 },
      custody: { presented: [`custody-print-${i}`] },
    }),
  );

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
  it('gives the rows of its records, over several groups, with their places in the file', async () => {
    const records = many(20_500);
    const path = file('archive.parquet', writeParquet('usage', placed(records)));
    const read = await readRows(path);
    expect(read).toEqual(await rowsOfRecords(path));
    expect(read.rows).toEqual((await readRows(file('same.ndjson', ndjson(records)))).rows);
    expect(read.rows).toHaveLength(20_500);
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
      { line: 23, path: '', reason: 'not a JSON object' },
      { line: 40, path: 'params.temperature', reason: 'not a number from 0 to 100' },
    ]);
    expect(read.rows).toHaveLength(32);
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
    const same = records.map(({ type, id, time, account, model, tokens, latencyMs }) =>
      aUsage({ type, id, time, account, model, tokens, latencyMs, prompt: { flags: ['rubric'] } }),
    );
    expect(read.rows).toEqual((await readRows(file('foreign.ndjson', ndjson(same)))).rows);
  });

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

  it('says in one line which file has a damaged column', async () => {
    const bytes = Uint8Array.from(writeParquet('usage', placed(many(300)))).fill(0xff, 4, 200);
    const path = file('broken.parquet', bytes);
    await expect(readRows(path)).rejects.toThrow(`${path}: damaged Parquet`);
  });
});

function ndjson(records: readonly UsageRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
