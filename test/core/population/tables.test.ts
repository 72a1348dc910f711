import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodeTable } from '../../../core/population/code-table.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { buildStrata, MIN_STRATUM } from '../../../core/population/strata.ts';
import { UnionFind } from '../../../core/population/union-find.ts';

describe('code table', () => {
  const rows = fc.array(fc.uniqueArray(fc.nat(12), { maxLength: 5 }), { maxLength: 40 });

  test('gives back the rows it was made of', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const table = new CodeTable(given);
        given.forEach((row, account) => {
          expect(Array.from(table.row(account), (code) => table.values[code])).toEqual(row);
          expect(table.has(account)).toBe(row.length > 0);
        });
        expect(table.holders).toBe(given.filter((row) => row.length > 0).length);
      }),
    );
  });

  test('lists for each value its accounts, and counts them', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const table = new CodeTable(given);
        table.postings().forEach((accounts, code) => {
          const holders = given.flatMap((row, account) =>
            row.includes(table.values[code] as number) ? [account] : [],
          );
          expect(Array.from(accounts)).toEqual(holders);
          expect(table.frequency[code]).toBe(holders.length);
        });
      }),
    );
  });
});

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

describe('strata', () => {
  const n = MIN_STRATUM + 300;
  const none = new Uint8Array(n);
  const fine = Array.from({ length: n }, (_, i) => (i < MIN_STRATUM ? 'large' : 'small'));
  const all = fine.map(() => '');

  test('an account is compared with its own kind where there are 500 of them, else with the next coarser set', () => {
    const { pool, pools } = buildStrata([fine, all], none);
    expect(pools[pool[0]!]).toHaveLength(MIN_STRATUM);
    expect(pools[pool[n - 1]!]).toHaveLength(n);
  });

  test('one account too few makes the set too small', () => {
    const excluded = none.slice();
    excluded[3] = 1;
    const { pool, pools } = buildStrata([fine, all], excluded);
    expect(pools[pool[0]!]).toHaveLength(n - 1);
  });

  test('accounts of open findings have a set to be compared with, and are in none', () => {
    const excluded = Uint8Array.from(none, (_, i) => (i % 7 === 0 ? 1 : 0));
    const { pool, pools } = buildStrata([fine, all], excluded);
    expect(Array.from(pool).every((id) => id >= 0)).toBe(true);
    for (const members of pools) for (const member of members) expect(excluded[member]).toBe(0);
  });

  test('of nobody there are none', () => {
    expect(buildStrata([[]], new Uint8Array(0)).pools).toEqual([]);
  });
});

describe('seeded numbers', () => {
  test('repeat with their seed and differ with another', () => {
    const take = (seed: string) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(take('a')).toEqual(take('a'));
    expect(take('a')).not.toEqual(take('b'));
  });

  test('fall evenly: sixteen bins of 16,000 draws pass a chi-square test at 0.001', () => {
    for (const seed of ['x 1', 'x 2', 'identity k_1 1777507200000']) {
      const random = seededRandom(seed);
      const bins = new Array<number>(16).fill(0);
      for (let i = 0; i < 16_000; i++) bins[random.below(16)]!++;
      // 37.7 is the 0.999 quantile of chi-square with 15 degrees of freedom.
      expect(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(37.7);
    }
  });
});
