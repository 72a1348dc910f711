import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { COLUMNS, RECORD_TYPES } from '../../../core/archive/columns.ts';
import { openParquet, ParquetError, writeParquet } from '../../../core/archive/parquet.ts';
import { type Placed, recordOf } from '../../../core/archive/rows.ts';
import { parseRecord } from '../../../core/records/parse.ts';
import { accountSchema, releaseSchema, type StillwatchRecord, usageSchema } from '../../../core/records/schema.ts';
import { isoTime, timeMs } from '../../../core/records/time.ts';
import { accountRecord, aUsage, releaseRecord, usageRecord } from '../../support/records.ts';

const RECORDS = { usage: usageRecord(), account: accountRecord(), release: releaseRecord() };
const SCHEMAS = { usage: usageSchema, account: accountSchema, release: releaseSchema };

const placed = (records: readonly StillwatchRecord[]): Placed[] =>
  records.map((record, i) => ({ record, shard: 'shardId-000000000001', sequence: `4959033827${1000 + i}` }));
const bufferOf = (bytes: Uint8Array) => {
  const { buffer } = Uint8Array.from(bytes);
  return { byteLength: buffer.byteLength, slice: (from: number, to?: number) => buffer.slice(from, to) };
};

async function readAll(bytes: Uint8Array) {
  const file = await openParquet(bufferOf(bytes));
  const rows = [];
  for await (const chunk of file.read()) rows.push(...chunk.rows);
  return { type: file.type, rows };
}

/** The record less what the archive says it leaves: digits below the millisecond, objects without a field. */
function normal(record: StillwatchRecord): unknown {
  const filled = Object.entries(record).filter(([, value]) => typeof value !== 'object' || hasFields(value));
  const time = (value: unknown) => isoTime(timeMs(value as string));
  const fields = filled.map(([key, value]) => [key, key === 'time' || key === 'createdAt' ? time(value) : value]);
  return Object.fromEntries(fields);
}
const hasFields = (value: object) => Object.values(value).some((inner) => inner !== undefined);

describe('the archive', () => {
  it('has a column for every field of the contract, so that no field is lost in silence when one is added', () => {
    for (const type of RECORD_TYPES) {
      const { shape } = SCHEMAS[type] as z.ZodObject;
      const leaves = Object.entries(shape).flatMap(([field, inner]) => {
        const bare = inner instanceof z.ZodOptional ? inner.unwrap() : inner;
        return bare instanceof z.ZodObject ? Object.keys(bare.shape).map((key) => `${field}.${key}`) : [field];
      });
      const held = COLUMNS[type].map(({ path }) => path.join('.'));
      expect(held.sort()).toEqual(leaves.filter((leaf) => leaf !== 'type').sort());
      expect(new Set(COLUMNS[type].map(({ name }) => name)).size).toBe(held.length);
    }
  });

  it.each(RECORD_TYPES)('gives every record of type %s back as it was, with its place in the stream', async (type) => {
    await fc.assert(
      fc.asyncProperty(fc.array(RECORDS[type] as fc.Arbitrary<StillwatchRecord>, { minLength: 1 }), async (records) => {
        const from = placed(records);
        const { rows, type: told } = await readAll(writeParquet(type, from));
        expect(told).toBe(type);
        expect(rows.map((row) => recordOf(type, row))).toEqual(records.map(normal));
        expect(rows.map(({ shard, sequence }) => ({ shard, sequence }))).toEqual(
          from.map(({ shard, sequence }) => ({ shard, sequence })),
        );
        for (const row of rows) expect(parseRecord(recordOf(type, row)).ok).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['UTF-8 has no bytes for', 'k_\ud800'],
    ['begins with a mark of byte order', '\ufeffk_1'],
  ])('keeps an account that %s, which would otherwise become another account', async (_, account) => {
    const record = aUsage({ account, id: account });
    const { rows } = await readAll(writeParquet('usage', placed([record])));
    expect(recordOf('usage', rows[0]!)).toEqual(record);
  });

  it('is the same bytes for the same records, so that a batch delivered again is the same object', () => {
    const records = fc.sample(usageRecord(), { numRuns: 50, seed: 4 });
    expect(writeParquet('usage', placed(records))).toEqual(writeParquet('usage', placed(records)));
  });

  it('reads files of more rows than are held at a time, in order', async () => {
    const records = Array.from({ length: 45_000 }, (_, i) => aUsage({ id: `x${i}` }));
    const file = await openParquet(bufferOf(writeParquet('usage', placed(records))));
    const seen: [number, number, unknown][] = [];
    for await (const { from, rows } of file.read({ columns: ['id'] })) seen.push([from, rows.length, rows[0]!.id]);
    expect(seen).toEqual([
      [0, 20_000, 'x0'],
      [20_000, 20_000, 'x20000'],
      [40_000, 5_000, 'x40000'],
    ]);
  });

  it('says in one line that a file is cut off or is of another table', async () => {
    const whole = writeParquet('usage', placed([aUsage()]));
    for (const damaged of [whole.subarray(0, whole.length - 9), whole.subarray(0, 40), new Uint8Array(3)]) {
      await expect(openParquet(bufferOf(damaged))).rejects.toThrow(ParquetError);
    }
    const flipped = Uint8Array.from(whole).fill(0xff, 4, 60);
    await expect(readAll(flipped)).rejects.toThrow(ParquetError);
  });
});
