/** Requests that ask nearly the same count once, however they are looked up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearIdentical, similarity } from '../../../core/dossier/near-identical.ts';

const sketch = (bytes: readonly number[]) => Buffer.from(bytes).toString('base64url');
/** Few values a slot, so that sketches come near each other. */
const bytes = fc.array(fc.constantFrom(0, 1), { minLength: 32, maxLength: 32 });

/** The same without bands: every pair compared. */
function pairwise(sketches: readonly number[][]): boolean[] {
  const kept: number[][] = [];
  return sketches.map((one) => {
    const equal = (other: number[]) => other.filter((value, slot) => value === one[slot]).length;
    const repeats = kept.some((other) => similarity(equal(other)) >= 0.9);
    if (!repeats) kept.push(one);
    return repeats;
  });
}

describe('near-identical requests', () => {
  it('are those whose sketches agree in 29 of 32 slots or more', () => {
    expect(similarity(32)).toBe(1);
    expect(similarity(29)).toBeGreaterThanOrEqual(0.9);
    expect(similarity(28)).toBeLessThan(0.9);
  });

  it('are found as if every pair were compared', () => {
    const near = fc
      .tuple(bytes, fc.array(fc.array(fc.nat(31), { maxLength: 5 }), { maxLength: 12 }))
      .map(([base, flips]) =>
        flips.map((slots) => base.map((value, slot) => (slots.includes(slot) ? value + 7 : value))),
      );
    fc.assert(
      fc.property(fc.oneof(near, fc.array(bytes, { maxLength: 12 })), (sketches) => {
        const group = new NearIdentical();
        expect(sketches.map((one) => group.repeats(sketch(one)))).toEqual(pairwise(sketches));
      }),
      { numRuns: 300 },
    );
  });
});
