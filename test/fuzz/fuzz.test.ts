import { describe, expect, it } from 'vitest';
import { Fuzz, TARGETS } from '../../bench/fuzz/check.ts';
import { damaged } from '../../bench/fuzz/mutate.ts';
import { samples } from '../../bench/fuzz/samples.ts';
import { randomFrom } from '../../bench/lib/usage-lines.ts';

describe('damaged records and payloads', () => {
  it('are accepted or refused with a reason by every source, the parser and the decoder, and change no prototype', () => {
    const fuzz = new Fuzz(samples());
    for (let input = 0; input < 6000; input++) fuzz.one(randomFrom(input));
    for (const target of TARGETS) {
      const { inputs, accepted, rejected } = fuzz.tallies.get(target)!;
      expect({ target, inputs: inputs > 400, accepted: accepted > 0, rejected: rejected > 100 }).toEqual({
        target,
        inputs: true,
        accepted: true,
        rejected: true,
      });
    }
  });

  it('are the same for the same draws, so that one that failed can be made again', () => {
    const all = samples();
    const make = (seed: number) => JSON.stringify(damaged(all[seed % all.length], all, randomFrom(seed)));
    for (let seed = 0; seed < 50; seed++) expect(make(seed)).toBe(make(seed));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => make(seed))).size).toBeGreaterThan(40);
  });
});
