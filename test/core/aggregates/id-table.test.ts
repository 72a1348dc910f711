import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdTable } from '../../../core/aggregates/id-table.ts';

const word = () =>
  fc.oneof(
    fc.nat(3),
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.nat(15).map((high) => (high << 27) >>> 0),
  );
const pair = () => fc.tuple(word(), word());

/** Low words that all fall on one slot of the first 1,024, which makes the longest probes. */
const crowded = (many: number) => Array.from({ length: many }, (_, i) => [i * 1024 + 7, i] as const);

describe('the exchanges of a day', () => {
  it('are each counted once, however often and in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(pair(), { maxLength: 200 }), (pairs) => {
        const table = new IdTable();
        const seen = new Set<string>();
        for (const [low, high] of [...pairs, ...pairs.toReversed()]) {
          // The pair of zeros is held as (0, 1): one collision more in 2^64.
          const key = low === 0 && high === 0 ? '0 1' : `${low} ${high}`;
          expect(table.add(low, high)).toBe(!seen.has(key));
          seen.add(key);
        }
        expect(table.size).toBe(seen.size);
      }),
    );
  });

  it('are all still known after the table has grown many times', () => {
    const table = new IdTable();
    const pairs = [
      ...crowded(5000),
      ...Array.from({ length: 20_000 }, (_, i) => [(i * 2_654_435_761) % 2 ** 32, i] as const),
    ];
    for (const [low, high] of pairs) expect(table.add(low, high)).toBe(true);
    for (const [low, high] of pairs) expect(table.add(low, high)).toBe(false);
    expect(table.size).toBe(25_000);
  });

  it('come back whole from what was put away', () => {
    fc.assert(
      fc.property(fc.array(pair(), { maxLength: 3000 }), (pairs) => {
        const table = new IdTable();
        for (const [low, high] of pairs) table.add(low, high);
        const restored = IdTable.of(table.entries());
        expect(restored.size).toBe(table.size);
        for (const [low, high] of pairs) expect(restored.add(low, high)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});
