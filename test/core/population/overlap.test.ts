import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeedIndex } from '../../../core/population/overlap.ts';

const SIZE = 24;
const set = fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: 14 }).map((members) => Int32Array.from(members).sort());
const sets = fc.array(set, { minLength: 1, maxLength: 25 });

function similarity(a: Int32Array, b: Int32Array): number {
  const common = a.filter((account) => b.includes(account)).length;
  return common === 0 ? 0 : common / (a.length + b.length - common);
}

/** Every other set that shares an account, the most alike first, equals by index. */
const ranked = (given: readonly Int32Array[], index: number) =>
  given
    .map((other, i) => ({ other: i, jaccard: similarity(given[index]!, other) }))
    .filter(({ other, jaccard }) => other !== index && jaccard > 0)
    .sort((a, b) => b.jaccard - a.jaccard || a.other - b.other);

describe('sets that overlap', () => {
  test('the best match is the most alike of those accepted, of equals the first', () => {
    fc.assert(
      fc.property(sets, fc.integer({ min: 2, max: 4 }), (given, groups) => {
        const index = new SeedIndex(given, SIZE);
        given.forEach((_, i) => {
          const accept = (other: number) => other % groups !== i % groups;
          expect(index.bestMatch(i, accept)).toEqual(ranked(given, i).find(({ other }) => accept(other)));
        });
      }),
    );
  });

  test('a least similarity leaves out what is below it and nothing else', () => {
    const least = fc.constantFrom(0, 0.2, 1 / 3, 0.5, 2 / 3, 0.8, 1);
    fc.assert(
      fc.property(sets, least, (given, jaccard) => {
        const index = new SeedIndex(given, SIZE);
        given.forEach((_, i) => {
          const alike = ranked(given, i).filter((match) => match.jaccard >= jaccard);
          expect(index.near(i, jaccard)).toEqual(alike.map(({ other }) => other).sort((a, b) => a - b));
          expect(index.bestMatch(i, () => true, jaccard)).toEqual(alike[0]);
        });
      }),
    );
  });

  test('a similarity just at the limit counts', () => {
    const given = [Int32Array.of(0, 1, 2, 3), Int32Array.of(0, 1, 2, 3, 4), Int32Array.of(0, 1, 2, 4)];
    const index = new SeedIndex(given, 5);
    expect(index.near(0, 0.8)).toEqual([1]);
    expect(index.near(0, 0.6)).toEqual([1, 2]);
  });

  test('an empty set is like no other, not even another empty one', () => {
    const index = new SeedIndex([new Int32Array(0), new Int32Array(0), Int32Array.of(1)], 2);
    expect(index.near(0, 0)).toEqual([]);
    expect(index.bestMatch(0, () => true)).toBeUndefined();
    expect(index.near(2, 0)).toEqual([]);
  });
});
