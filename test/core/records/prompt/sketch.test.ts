import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../../../core/records/fingerprint.ts';
import { SKETCH } from '../../../../core/records/format.ts';
import { jaccard, sketchEqualSlots, sketchOf } from '../../../../core/records/prompt/sketch.ts';

const seedsOf = (byte: number) => createFingerprinter(new Uint8Array(32).fill(byte)).sketchSeeds;
const seeds = seedsOf(0);

/** `shared` shingles of 200 are the same in both texts. */
function pair(shared: number, salt: number): [string, string] {
  const words = (who: string, count: number) => Array.from({ length: count }, (_, i) => `w${who}${salt}q${i}`);
  const head = words('s', shared + 4);
  return [[...head, ...words('a', 200 - shared)].join(' '), [...head, ...words('b', 200 - shared)].join(' ')];
}

describe('the sketch of a prompt', () => {
  it('is 32 bytes for any prompt of five words, and absent for less', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 40 }), (words) => {
        const sketch = sketchOf(words.join(' '), seeds);
        if (words.length < 5) expect(sketch).toBeUndefined();
        else expect(sketch).toMatch(SKETCH);
      }),
    );
    expect(sketchOf('请逐步解释以下代码', seeds)).toMatch(SKETCH);
  });

  it('is equal for equal prompts, and says nothing under another key', () => {
    const text = pair(200, 1)[0];
    expect(sketchEqualSlots(sketchOf(text, seeds)!, sketchOf(text, seeds)!)).toBe(32);
    expect(sketchEqualSlots(sketchOf(text, seeds)!, sketchOf(text, seedsOf(1))!)).toBeLessThan(8);
  });

  it.each([
    [50, 50 / 350],
    [133, 133 / 267],
    [178, 178 / 222],
  ])('gives the similarity of two prompts on average: %i shared shingles of 200', (shared, truth) => {
    const runs = 60;
    let sum = 0;
    for (let salt = 0; salt < runs; salt++) {
      const [a, b] = pair(shared, salt).map((text) => sketchOf(text, seeds)!) as [string, string];
      sum += jaccard(sketchEqualSlots(a, b));
    }
    // Four standard errors of the mean: 0.088 / sqrt(60) each.
    expect(Math.abs(sum / runs - truth)).toBeLessThan(4 * (0.088 / Math.sqrt(runs)));
  });

  it('agrees in a slot for unrelated prompts about once in 256', () => {
    const sketches = Array.from({ length: 120 }, (_, i) => sketchOf(pair(0, i)[0], seeds)!);
    let equal = 0;
    for (let i = 0; i < 120; i++) for (let j = 0; j < i; j++) equal += sketchEqualSlots(sketches[i]!, sketches[j]!);
    const slots = ((120 * 119) / 2) * 32;
    expect(equal / slots).toBeGreaterThan(1 / 256 / 1.3);
    expect(equal / slots).toBeLessThan(1.3 / 256);
  });
});
