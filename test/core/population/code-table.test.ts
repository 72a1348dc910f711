import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodeTable } from '../../../core/population/code-table.ts';

const tableOf = (rows: readonly (readonly number[])[]) => {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = offsets[i]! + row.length;
  });
  return CodeTable.of(offsets, Float64Array.from(rows.flat()));
};

const key = fc.oneof(fc.nat(9), fc.maxSafeNat(), fc.constantFrom(2 ** 32, 2 ** 48 - 1));
const rows = fc.array(fc.array(key, { maxLength: 6 }), { maxLength: 40 });

const accountsByKey = (given: readonly (readonly number[])[]) => {
  const holders = new Map<number, number[]>();
  given.forEach((row, account) => {
    for (const value of new Set(row)) holders.set(value, [...(holders.get(value) ?? []), account]);
  });
  return holders;
};

describe('code table', () => {
  test('gives back each row without its repeats', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const table = tableOf(given);
        given.forEach((row, account) => {
          const kept = Array.from(table.row(account), (code) => table.keys[code]!);
          expect(kept).toEqual([...new Set(row)].sort((a, b) => a - b));
          expect(table.has(account)).toBe(row.length > 0);
        });
        expect(table.size).toBe(given.length);
        expect(table.holders).toBe(given.filter((row) => row.length > 0).length);
      }),
    );
  });

  test('lists for each value its accounts, and counts them', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const table = tableOf(given);
        const expected = accountsByKey(given);
        expect(table.keys).toHaveLength(expected.size);
        table.keys.forEach((value, code) => {
          expect(Array.from(table.accountsOf(code))).toEqual(expected.get(value));
          expect(table.frequency[code]).toBe(expected.get(value)!.length);
        });
      }),
    );
  });

  test('numbers values the same in whatever order accounts and their values come', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const backwards = tableOf(given.map((row) => row.toReversed()).toReversed());
        expect(backwards.keys).toEqual(tableOf(given).keys);
        given.forEach((_, i) => {
          expect(backwards.row(given.length - 1 - i)).toEqual(tableOf(given).row(i));
        });
      }),
    );
  });

  test('a row of thousands of values is kept whole and in order', () => {
    const long = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 2500);
    const table = tableOf([[1], long, [2499]]);
    expect(Array.from(table.row(1))).toEqual(Array.from({ length: 2500 }, (_, i) => i));
    expect(Array.from(table.accountsOf(2499))).toEqual([1, 2]);
  });

  test('of nobody it is empty', () => {
    const table = CodeTable.of(new Int32Array(1), new Float64Array(0));
    expect([table.size, table.holders, table.keys.length]).toEqual([0, 0, 0]);
  });
});
