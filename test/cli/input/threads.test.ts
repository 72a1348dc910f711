/** What is read on several threads is what is read on one: every row, record, rejection and watermark, in the same place. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { usageLines } from '../../../bench/lib/usage-lines.ts';
import { readByTime } from '../../../cli/adapters/input/by-time.ts';
import { openInputs } from '../../../cli/adapters/input/open.ts';
import { ReadThreads } from '../../../cli/adapters/input/read-threads.ts';
import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { Intake } from '../../../core/aggregates/intake.ts';
import { writeParquet } from '../../../core/archive/parquet.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { anAccount, aUsage } from '../../support/records.ts';
import { folder, readOptions } from './collect.ts';

const NOW = Date.UTC(2026, 5, 1);
const tmp = folder();
const started: ReadThreads[] = [];
afterAll(() => Promise.all(started.map((threads) => threads.close())));

/** Everything that a replay would see, as text. */
async function seen(paths: string[], count: number): Promise<string[]> {
  const archive = { save: () => undefined, load: () => undefined };
  const intake = new Intake({ sweepMs: 1, retentionDays: 1, now: NOW, archive });
  const threads = new ReadThreads(count - 1);
  started.push(threads);
  const batches: string[] = [];
  for await (const batch of readByTime(await openInputs(paths), { ...readOptions(), intake, threads }, NOW)) {
    const { rows, count } = batch.exchanges!;
    const accounts: (string | undefined)[] = [];
    for (let i = 0; i < count; i++) accounts.push(intake.accounts.names[rows[i * ROW_FIELDS + ROW.account]!]);
    for (let i = 0; i < count; i++) rows[i * ROW_FIELDS + ROW.account] = 0;
    const digest = createHash('sha1').update(new Uint8Array(rows.buffer, rows.byteOffset, 8 * ROW_FIELDS * count));
    const lines = [batch.input, batch.watermark, batch.records, batch.rejections, accounts, digest.digest('hex')];
    batches.push(JSON.stringify(lines));
  }
  return batches;
}

/** A few MiB, with something else than a plain exchange every now and then. */
function mixed(from: number): string {
  const others = [
    JSON.stringify(anAccount({ account: 'k_é' })),
    JSON.stringify(aUsage({ id: 'long way', model: 'modèle' })),
    'no json',
    '',
    JSON.stringify({ ...aUsage(), tokens: { input: -1, output: 0 } }),
    `{"type":"usage","note":"${'x'.repeat(2 * 1024 * 1024)}"}`,
    JSON.stringify({ ...aUsage(), unknown: true }),
  ];
  const lines = usageLines(4000, from);
  return lines
    .map((line, i) => (i % 401 === from % 401 ? `${line}\n${others[(i / 401) & 7] ?? ''}\n` : `${line}\n`))
    .join('');
}

describe('reading on threads', () => {
  it('gives the same batches as on one', async () => {
    const [a, b] = [join(tmp, 'a.ndjson'), join(tmp, 'b.ndjson.gz')];
    writeFileSync(a, mixed(1));
    const packed = gzipSync(mixed(2), { level: 1 });
    writeFileSync(b, packed.subarray(0, packed.length - 100));
    const one = await seen([a, b], 1);
    expect(one.length).toBeGreaterThan(30);
    for (const reason of ['line longer than 1 MiB', 'compressed data ends early'])
      expect(one.join('')).toContain(reason);
    for (const threads of [2, 3]) expect(await seen([a, b], threads)).toEqual(one);
  });

  it('gives the same of many files that are read at one time', async () => {
    const paths = Array.from({ length: 40 }, (_, i) => join(tmp, `of-many-${i}.ndjson`));
    for (const [i, path] of paths.entries()) writeFileSync(path, mixed(i).slice(0, 400_000 + 1000 * i));
    const one = await seen(paths, 1);
    for (const threads of [2, 4]) expect(await seen(paths, threads)).toEqual(one);
  });

  it('says the same of what is missing of a small file', async () => {
    const file = join(tmp, 'small.ndjson.gz');
    const packed = gzipSync(usageLines(300, 4).join('\n'));
    writeFileSync(file, packed.subarray(0, packed.length - 40));
    const one = await seen([file], 1);
    expect(one.join('')).toContain('compressed data ends early');
    expect(await seen([file], 2)).toEqual(one);
  });

  it('gives the same of files of columns, in several groups, of exchanges that have to be read as records, and of accounts', async () => {
    const exchanges = (from: number, count: number) => {
      const records = usageLines(count, from).map((line) => JSON.parse(line) as UsageRecord);
      // Half of a surrogate pair is not in the columns; the record is kept beside.
      return records.map((record, i) => (i % 701 === 0 ? { ...record, model: `m-\ud800-${i}` } : record));
    };
    const placed = <T>(records: readonly T[]) => records.map((record, i) => ({ record, shard: 's', sequence: `${i}` }));
    const paths = Array.from({ length: 5 }, (_, i) => join(tmp, `columns-${i}.parquet`));
    for (const [i, path] of paths.entries())
      writeFileSync(path, writeParquet('usage', placed(exchanges(i, 200 + 400 * i))));
    const accounts = join(tmp, 'columns-accounts.parquet');
    writeFileSync(accounts, writeParquet('account', placed([anAccount(), anAccount({ account: 'k_é' })])));
    const lines = join(tmp, 'beside-columns.ndjson');
    writeFileSync(lines, usageLines(1000, 77).join('\n'));
    const all = [...paths, accounts, lines];
    const one = await seen(all, 1);
    for (const threads of [2, 3]) expect(await seen(all, threads)).toEqual(one);
  });

  it('says the same of a damaged file of columns', async () => {
    const path = join(tmp, 'damaged.parquet');
    const records = usageLines(600, 5).map((line) => JSON.parse(line) as UsageRecord);
    const bytes = writeParquet(
      'usage',
      records.map((record, i) => ({ record, shard: 's', sequence: `${i}` })),
    );
    writeFileSync(path, Uint8Array.from(bytes).fill(0xff, 4, 300));
    const said = (threads: number) => seen([path], threads).catch((error: Error) => error.message);
    expect(await said(1)).toBe(await said(2));
    expect(await said(2)).toContain('damaged Parquet');
  });

  it('uses them', async () => {
    const file = join(tmp, 'c.ndjson');
    writeFileSync(file, usageLines(5000, 3).join('\n'));
    const threads = new ReadThreads(2);
    started.push(threads);
    let given = 0;
    const lines = threads.lines.bind(threads);
    threads.lines = async function* (...call) {
      for await (const batch of lines(...call)) {
        given += batch.parsed?.count ?? 0;
        yield batch;
      }
    };
    const archive = { save: () => undefined, load: () => undefined };
    const intake = new Intake({ sweepMs: 1, retentionDays: 1, now: NOW, archive });
    let exchanges = 0;
    for await (const batch of readByTime(await openInputs([file]), { ...readOptions(), intake, threads }, NOW)) {
      exchanges += batch.exchanges!.count;
    }
    expect(exchanges).toBe(5000);
    expect(given).toBeGreaterThan(1000);
  });
});
