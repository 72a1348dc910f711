import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../core/population/random.ts';
import { buildStrata, MIN_STRATUM } from '../../../core/population/strata.ts';

const n = MIN_STRATUM + 300;
const none = new Uint8Array(n);
const fine = Int32Array.from({ length: n }, (_, i) => (i < MIN_STRATUM ? 7 : -3));
const all = new Int32Array(n);

describe('strata', () => {
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
    expect(buildStrata([new Int32Array(0)], new Uint8Array(0)).pools).toEqual([]);
  });

  test('every account gets the finest set that is large enough, whole, and sets are numbered as they are needed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 2500 }), (seed, size) => {
        const random = seededRandom(String(seed));
        const coarse = Int32Array.from({ length: size }, () => random.below(3));
        const finer = coarse.map((key) => 5 * key + random.below(2) * random.below(5) - 4);
        const levels = [finer, coarse, new Int32Array(size)];
        const excluded = Uint8Array.from(coarse, () => (random.below(9) === 0 ? 1 : 0));
        expect(plain(buildStrata(levels, excluded))).toEqual(plainStrata(levels, excluded));
      }),
      { numRuns: 40 },
    );
  });
});

const plain = ({ pool, pools, everybody }: ReturnType<typeof buildStrata>) => ({
  pool: Array.from(pool),
  pools: pools.map((members) => Array.from(members)),
  everybody: Array.from(everybody),
});

/** One scan of all accounts for each set. */
function plainStrata(levels: readonly Int32Array[], excluded: Uint8Array) {
  const everybody = [...excluded.keys()].filter((i) => !excluded[i]);
  const pool = Array.from(excluded, () => -1);
  const pools: number[][] = [];
  for (const keys of levels) {
    const ids = new Map<number, number>();
    pool.forEach((id, i) => {
      if (id !== -1) return;
      const members = ids.has(keys[i]!) ? [] : everybody.filter((other) => keys[other] === keys[i]);
      if (!ids.has(keys[i]!) && keys !== levels.at(-1) && members.length < MIN_STRATUM) return;
      if (!ids.has(keys[i]!)) ids.set(keys[i]!, pools.push(members) - 1);
      pool[i] = ids.get(keys[i]!)!;
    });
  }
  return { pool, pools, everybody };
}
