import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalSlots, sketchFamilies } from '../../../core/population/families.ts';
import { seededRandom } from '../../../core/population/random.ts';

interface Sketch {
  rank: number;
  bytes: Uint8Array;
}

const familiesOf = (sketches: readonly Sketch[]) => {
  const bytes = new Uint8Array(sketches.length * 32);
  sketches.forEach((sketch, i) => {
    bytes.set(sketch.bytes, i * 32);
  });
  const account = Int32Array.from(sketches.keys());
  return sketchFamilies({ account, rank: Float64Array.from(sketches, ({ rank }) => rank), bytes });
};

/** The same rule with lists and texts: by rank, the first leader of an equal band that agrees in 17 slots. */
function plainFamilies(sketches: readonly Sketch[]): number[] {
  const leaders = new Map<string, Sketch[]>();
  const family = new Map<Sketch, number>();
  const byBytes = (a: Sketch, b: Sketch) => a.bytes.findIndex((slot, i) => slot !== b.bytes[i]);
  const order = sketches.toSorted((a, b) => {
    const at = byBytes(a, b);
    return a.rank - b.rank || (at === -1 ? 0 : a.bytes[at]! - b.bytes[at]!);
  });
  for (const sketch of order) {
    const keys = Array.from({ length: 8 }, (_, band) => `${band} ${sketch.bytes.slice(4 * band, 4 * band + 4)}`);
    const met = keys.flatMap((key) => leaders.get(key) ?? []);
    const leader = met.find((other) => equalSlots(other.bytes, sketch.bytes) >= 17);
    family.set(sketch, (leader ?? sketch).rank);
    if (leader !== undefined) continue;
    for (const key of keys) {
      const list = leaders.get(key) ?? [];
      if (list.length < 24) leaders.set(key, [...list, sketch]);
    }
  }
  return sketches.map((sketch) => family.get(sketch)!);
}

/** Few masks of few bases, so that families, near misses, equal ranks and equal sketches all occur. */
const sketchOf = (base: number, kept: number, salt: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => (i < kept ? 40 * base + i : 120 + ((salt * 31 + i * (salt + 1)) % 130)));

const sketch = fc.record({
  rank: fc.oneof(fc.nat(5), fc.maxSafeNat()),
  bytes: fc.tuple(fc.nat(2), fc.integer({ min: 12, max: 32 }), fc.nat(20)).map((given) => sketchOf(...given)),
});
const sketches = fc.array(sketch, { maxLength: 120 });

describe('families of near-copies by rank', () => {
  test('are those of the plain rule', () => {
    fc.assert(
      fc.property(sketches, (given) => {
        expect(Array.from(familiesOf(given))).toEqual(plainFamilies(given));
      }),
    );
  });

  test('do not depend on the order in which sketches come', () => {
    fc.assert(
      fc.property(sketches, fc.nat(), (given, seed) => {
        const random = seededRandom(String(seed));
        const order = [...given.keys()].map((i) => ({ i, key: random.next() })).sort((a, b) => a.key - b.key);
        const shuffled = familiesOf(order.map(({ i }) => given[i]!));
        const expected = familiesOf(given);
        order.forEach(({ i }, place) => {
          expect(shuffled[place]).toBe(expected[i]);
        });
      }),
    );
  });

  test('of two prompts with one rank the same one is first, whichever comes first', () => {
    const filled = (slot: (i: number) => number) => Uint8Array.from({ length: 32 }, (_, i) => slot(i));
    const leader = { rank: 1, bytes: filled((i) => (i >= 4 && i <= 20 ? 0 : 1)) };
    // Alike to the leader, and to the rival by an earlier band: where the rival came first, it would lead this one.
    const first = { rank: 5, bytes: filled(() => 0) };
    const rival = { rank: 5, bytes: filled((i) => (i >= 4 && i <= 14 ? 2 : 0)) };
    expect(Array.from(familiesOf([leader, first, rival]))).toEqual([1, 1, 5]);
    expect(Array.from(familiesOf([leader, rival, first]))).toEqual([1, 5, 1]);
  });

  test('boilerplate shared by hundreds of prompts joins none of them, and keeps none from its own copies', () => {
    const random = seededRandom('boilerplate');
    const prompt = () => Uint8Array.from({ length: 32 }, (_, i) => (i < 8 ? i : random.below(256)));
    const given = Array.from({ length: 400 }, (_, i) => ({ rank: 10 + i, bytes: prompt() }));
    const copies = given.map(({ rank, bytes }) => ({ rank: rank + 1000, bytes }));
    const families = familiesOf([...given, ...copies]);
    expect(Array.from(families.subarray(0, 400))).toEqual(given.map(({ rank }) => rank));
    expect(Array.from(families)).toEqual(plainFamilies([...given, ...copies]));
    // The 25th and later find no room under the shared bands, yet are led to their own copy by the bands that differ.
    expect(new Set(families).size).toBeGreaterThanOrEqual(400);
  });

  test('a band that 24 families already lead finds no more of them: what it shows is boilerplate', () => {
    const random = seededRandom('full band');
    const stranger = () => Uint8Array.from({ length: 32 }, (_, i) => (i < 4 ? 1 : random.below(256)));
    const prompt = stranger();
    // Agrees in three slots of every other band: alike enough, but met in the first band only.
    const alike = prompt.map((slot, i) => (i >= 4 && i % 4 === 3 ? slot ^ 255 : slot));
    expect(equalSlots(prompt, alike)).toBe(25);
    const familyAfter = (strangers: number) => {
      const before = Array.from({ length: strangers }, (_, i) => ({ rank: i, bytes: stranger() }));
      return familiesOf([...before, { rank: 100, bytes: prompt }, { rank: 200, bytes: alike }]).at(-1);
    };
    expect(familyAfter(23)).toBe(100);
    expect(familyAfter(24)).toBe(200);
  });

  test('reads sketches that begin anywhere in a buffer', () => {
    const bytes = new Uint8Array(65).fill(7);
    const columns = { account: Int32Array.of(0, 1), rank: Float64Array.of(9, 4) };
    expect(Array.from(sketchFamilies({ ...columns, bytes: bytes.subarray(1) }))).toEqual([4, 4]);
  });
});
