import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSighting, mergeSightings, noSightings, type Sightings } from '../../../core/aggregates/sightings.ts';

const K = 5;
/** Few hashes and few seconds, so that the same one is seen again, and lists overflow. */
const seen = fc.tuple(
  fc.nat(20),
  fc.nat(9_999).map((ms) => 1_777_000_000_000 + ms),
);
const many = fc.array(seen, { maxLength: 30 });
const listOf = (list: readonly (readonly [number, number])[]): Sightings => {
  const held = noSightings();
  for (const [hash, ms] of list) addSighting(held, hash, ms, K);
  return held;
};
const merged = (...lists: Sightings[]) => {
  const held = noSightings();
  for (const list of lists) mergeSightings(held, list, K);
  return held;
};

describe('sightings of fingerprints', () => {
  it('are those of lowest hash, each with the earliest second it was seen', () => {
    fc.assert(
      fc.property(many, (list) => {
        const earliest = new Map<number, number>();
        for (const [hash, ms] of list) earliest.set(hash, Math.min(earliest.get(hash) ?? Infinity, ms));
        const lowest = [...earliest].sort((a, b) => a[0] - b[0]).slice(0, K);
        expect(listOf(list)).toEqual({
          hashes: lowest.map(([hash]) => hash),
          times: lowest.map(([, ms]) => Math.floor(ms / 1000) * 1000),
        });
      }),
    );
  });

  it('do not depend on how they were split, merged or repeated', () => {
    fc.assert(
      fc.property(many, many, many, (a, b, c) => {
        const whole = listOf([...a, ...b, ...c]);
        const [x, y, z] = [listOf(a), listOf(b), listOf(c)];
        expect(merged(merged(x, y), z)).toEqual(whole);
        expect(merged(z, merged(y, x))).toEqual(whole);
        expect(merged(whole, whole, y)).toEqual(whole);
      }),
    );
  });

  it('keep a fingerprint that passes from one busy account to another on both sides or on neither', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1000), { minLength: 12, maxLength: 60 }), (hashes) => {
        const minted = listOf(hashes.map((hash) => [hash, 1_777_000_000_000]));
        const presented = listOf(hashes.map((hash) => [hash, 1_777_000_060_000]));
        expect(presented.hashes).toEqual(minted.hashes);
      }),
    );
  });
});
