import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SparseRowsBuilder } from '../../../core/population/columns.ts';

const count = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 65_530, max: 65_540 }), fc.nat(2 ** 40));
const row = fc
  .uniqueArray(fc.nat(255), { maxLength: 12 })
  .chain((bins) => fc.tuple(...bins.toSorted((a, b) => a - b).map((bin) => fc.tuple(fc.constant(bin), count))));

describe('sparse rows', () => {
  it('give back every count, those of the busiest accounts as well', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const builder = new SparseRowsBuilder(rows.length, 256);
        for (const pairs of rows) {
          for (const [bin, many] of pairs) builder.add(bin, many);
          builder.endRow();
        }
        const made = builder.take();
        const read = rows.map((_, i) => {
          const places = Array.from(
            { length: made.offsets[i + 1]! - made.offsets[i]! },
            (__, at) => made.offsets[i]! + at,
          );
          return places.map((at) => [made.bins[at], made.count(at)]);
        });
        expect(read).toEqual(rows);
      }),
    );
  });

  it('of more bins than a byte can number are refused, not folded', () => {
    expect(() => new SparseRowsBuilder(1, 257)).toThrow('257 bins');
  });
});
