import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../core/population/random.ts';
import { UnionFind } from '../../../core/population/union-find.ts';

describe('disjoint sets', () => {
  test('are the connected components of the pairs that were joined, in any order', () => {
    const pairs = fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { maxLength: 40 });
    fc.assert(
      fc.property(pairs, fc.nat(), (given, seed) => {
        const sets = (order: readonly (readonly [number, number])[]) => {
          const joined = new UnionFind(30);
          for (const [a, b] of order) joined.join(a, b);
          return joined.components(1);
        };
        const random = seededRandom(String(seed));
        const shuffled = given
          .map((pair) => ({ pair, key: random.next() }))
          .sort((a, b) => a.key - b.key)
          .map(({ pair }) => pair);
        expect(sets(shuffled)).toEqual(sets(given));
        expect(sets(given)).toEqual(reachable(given));
      }),
    );
  });

  function reachable(pairs: readonly (readonly [number, number])[]): number[][] {
    const label = Array.from({ length: 30 }, (_, i) => i);
    for (let pass = 0; pass < 30; pass++)
      for (const [a, b] of pairs) label[a] = label[b] = Math.min(label[a]!, label[b]!);
    const sets = new Map<number, number[]>();
    label.forEach((first, i) => {
      sets.set(first, [...(sets.get(first) ?? []), i]);
    });
    return [...sets.values()];
  }

  test('smaller ones than asked for are left out', () => {
    const joined = new UnionFind(6);
    joined.join(0, 1);
    joined.join(1, 2);
    joined.join(4, 5);
    expect(joined.components(2)).toEqual([
      [0, 1, 2],
      [4, 5],
    ]);
    expect(joined.components(3)).toEqual([[0, 1, 2]]);
  });
});
