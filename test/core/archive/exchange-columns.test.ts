import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { Intake } from '../../../core/aggregates/intake.ts';
import { COLUMNS, type Column, type ColumnKind, EXACT } from '../../../core/archive/columns.ts';
import { EXCHANGE_COLUMNS, writeColumns } from '../../../core/archive/exchange-columns.ts';
import { openParquet, writeParquet } from '../../../core/archive/parquet.ts';
import { cellsOf, type Row, recordOf } from '../../../core/archive/rows.ts';
import { parseRecord } from '../../../core/records/parse.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { bytesOf, type ForeignColumn, foreignParquet } from '../../support/parquet.ts';
import { aUsage, usageRecord } from '../../support/records.ts';

const archive = { save: () => undefined, load: () => undefined };
const intake = new Intake({ sweepMs: 1, retentionDays: 1, now: 0, archive });
const placed = (records: readonly UsageRecord[]) =>
  records.map((record, i) => ({ record, shard: 's', sequence: String(i) }));

/** Bit for bit: a sketch may hold the bits of any number, of NaN too. */
const bits = (row: Float64Array) => Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('hex');

interface Compared {
  /** By row: what the short way makes of it; undefined where it leaves it. */
  short: (string | undefined)[];
  /** By row: what the long way makes of it; undefined where it is no exchange. */
  long: (string | undefined)[];
  rows: Row[];
}

async function bothWays(bytes: Uint8Array): Promise<Compared> {
  const file = await openParquet(bytesOf(bytes));
  const cellsOfRange = file.openColumns(EXCHANGE_COLUMNS);
  const compared: Compared = { short: [], long: [], rows: [] };
  for (const range of file.ranges) {
    const cells = (await cellsOfRange!(range))!;
    const written = new Float64Array(cells.count * ROW_FIELDS);
    const odd = new Set(writeColumns(cells, intake.accounts, written));
    const rows = await file.readRows(range);
    for (const [i, row] of rows.entries()) {
      compared.rows.push(row);
      compared.long.push(longWay(row));
      compared.short.push(odd.has(i) ? undefined : bits(written.subarray(i * ROW_FIELDS, (i + 1) * ROW_FIELDS)));
    }
  }
  return compared;
}

function longWay(row: Row): string | undefined {
  const parsed = parseRecord(recordOf('usage', row));
  if (!parsed.ok || parsed.record.type !== 'usage') return undefined;
  const made = new Float64Array(ROW_FIELDS);
  intake.write(parsed.record, made, 0);
  return bits(made);
}

const PRINT = 'abcdefghijklmnop';
/** What other tools, and other hands, put into columns: much of it is no value of the contract. */
const STRANGE: Record<ColumnKind, readonly unknown[]> = {
  text: [
    ...['', 'x', 'ok', 'blocked', 'mobile', 'vision', 'EN', 'deutschland', 'k_\u00e9\u{1f600}', '\ufeff', '\ufeffok'],
    ...[PRINT, `\ufeff${PRINT}`, `${PRINT}é`, '4917612345678', '49176123456789012', 'a.b.c.d.e.f.g', '\0'],
    ...['A'.repeat(43), `${'A'.repeat(42)}=`, 'A'.repeat(44), 'x'.repeat(129), 'é'.repeat(128), 'é'.repeat(257)],
  ],
  time: [0n, -1n, 1n, 253_402_300_799_999n, 253_402_300_800_000n, -62_167_219_200_000n, -62_167_219_200_001n],
  count: [0n, -1n, 1n, 63n, 64n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n],
  number: [0, -0, 0.05, 1, 99.96, 100, 100.1, 1e12, 1e12 + 1, -1, Number.NaN, Number.POSITIVE_INFINITY],
  flag: [true, false],
  texts: [
    ...[[], [''], ['rubric'], ['rubric', 'logprobs', 'rubric'], [PRINT], [null], [PRINT, null], ['4917612345678']],
    ...[Array(8).fill(PRINT), Array(9).fill(PRINT), Array(32).fill('rubric'), Array(33).fill('rubric')],
  ],
};
interface Replaced {
  column: Column;
  row: number;
  value: unknown;
}
const replaced: fc.Arbitrary<Replaced> = fc.constantFrom(...COLUMNS.usage).chain((column) => {
  const value = fc.constantFrom(null, ...STRANGE[column.kind]);
  return fc.record({ column: fc.constant(column), row: fc.nat(11), value });
});

/** Records, some of their cells replaced. */
function strangeFile(records: readonly UsageRecord[], cells: readonly Replaced[], pageSize: number): Uint8Array {
  const held = new Map(cellsOf('usage', placed(records)).map(({ name, data }) => [name, data as unknown[]]));
  for (const { column, row, value } of cells) if (row < records.length) held.get(column.name)![row] = value;
  const columns = COLUMNS.usage.map((column): ForeignColumn => ({ ...column, data: held.get(column.name)! }));
  return foreignParquet([...columns, { name: EXACT, kind: 'text', data: held.get(EXACT)! }], pageSize);
}

/** Of the contract, but so rare that the long way alone knows it: a mark of byte order is no part of what follows it. */
const hasMark = ({ value }: Replaced) => typeof value === 'string' && value.startsWith('\ufeff');
const isRare = (row: Row) => row[EXACT] != null || (row.time as Date) < new Date(0);

describe('the short way from columns to rows', () => {
  it('gives what the long way gives for every exchange of the archive, and leaves only what its columns cannot hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(usageRecord(), { minLength: 1, maxLength: 40 }), async (records) => {
        const { short, long, rows } = await bothWays(writeParquet('usage', placed(records)));
        for (const [i, row] of rows.entries()) expect(short[i]).toBe(row[EXACT] == null ? long[i] : undefined);
      }),
      { numRuns: 150 },
    );
  });

  it('takes what the contract allows and nothing else, whatever stands in the columns', async () => {
    const records = fc.array(usageRecord(), { minLength: 1, maxLength: 12 });
    const pages = fc.constantFrom(64, 1000, 1_000_000);
    let left = 0;
    await fc.assert(
      fc.asyncProperty(records, fc.array(replaced, { maxLength: 12 }), pages, async (made, cells, pageSize) => {
        const { short, long, rows } = await bothWays(strangeFile(made, cells, pageSize));
        const marked = new Set(cells.filter(hasMark).map((cell) => cell.row));
        for (const [i, row] of rows.entries()) {
          if (short[i] !== undefined || !(isRare(row) || marked.has(i))) expect(short[i]).toBe(long[i]);
          if (long[i] === undefined) left++;
        }
      }),
      { numRuns: 300 },
    );
    expect(left).toBeGreaterThan(150);
  });

  const BROKEN: Partial<Record<ColumnKind, unknown>> = {
    text: '',
    time: 253_402_300_800_000n,
    count: -1n,
    number: -1,
    texts: [''],
  };
  const checked = COLUMNS.usage.filter(({ kind }) => kind in BROKEN);

  it.each(checked)(
    'looks at $name, and leaves a record that breaks the contract there',
    async ({ name, kind }: Column) => {
      const cells = cellsOf('usage', placed([aUsage({ id: 'a' }), aUsage({ id: 'b' }), aUsage({ id: 'c' })]));
      const columns = COLUMNS.usage.map((column): ForeignColumn => {
        const data: unknown[] = [...cells.find((each) => each.name === column.name)!.data];
        if (column.name === name) data[1] = BROKEN[kind];
        return { ...column, data };
      });
      const { short } = await bothWays(foreignParquet(columns));
      expect(short.map((row) => row !== undefined)).toEqual([true, false, true]);
    },
  );

  it('gives no number to an account of which no exchange was taken', async () => {
    const records = [aUsage({ account: 'kept' }), aUsage({ account: 'refused' })];
    const cells = cellsOf('usage', placed(records));
    const columns = COLUMNS.usage.map((column): ForeignColumn => {
      const { data } = cells.find(({ name }) => name === column.name)!;
      return { ...column, data: column.name === 'id' ? ['a', ''] : data };
    });
    await bothWays(foreignParquet(columns));
    expect(intake.accounts.names).toContain('kept');
    expect(intake.accounts.names).not.toContain('refused');
  });
});
