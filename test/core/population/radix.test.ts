import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascendingOrder, byTime, sortPairs } from '../../../core/population/radix.ts';

describe('sorting by digits', () => {
  test('orders keys of the full 32 bits, carries the payload along and leaves equal keys in order', () => {
    const key = fc.oneof(fc.nat(3), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    fc.assert(
      fc.property(fc.array(key), (given) => {
        const expected = given.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value || a.i - b.i);
        const keys = Uint32Array.from(given);
        const payload = Uint32Array.from(given.keys());
        sortPairs(keys, payload);
        expect(Array.from(keys)).toEqual(expected.map(({ value }) => value));
        expect(Array.from(payload)).toEqual(expected.map(({ i }) => i));
      }),
    );
  });

  test('orders keys of up to 53 bits, equal keys by their place', () => {
    const key = fc.oneof(fc.nat(3), fc.maxSafeNat(), fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 48, 2 ** 53 - 1));
    fc.assert(
      fc.property(fc.array(key), (given) => {
        const expected = [...given.keys()].sort((a, b) => given[a]! - given[b]! || a - b);
        expect(Array.from(ascendingOrder(Float64Array.from(given)))).toEqual(expected);
      }),
    );
  });

  test('orders accounts by a time, before 1970 as well, and leaves out those without one', () => {
    const time = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.constant(Number.NaN),
      fc.integer({ min: -1e12, max: 4e12 }),
    );
    fc.assert(
      fc.property(fc.array(time), (given) => {
        const accounts = [...given.keys()].filter((i) => i % 3 !== 1);
        const known = accounts.filter((i) => !Number.isNaN(given[i]!));
        const expected = known.toSorted((a, b) => given[a]! - given[b]! || a - b);
        expect(Array.from(byTime(Int32Array.from(accounts), Float64Array.from(given)))).toEqual(expected);
      }),
    );
  });
});
