import { describe, expect, test } from 'vitest';
import { templateFamily } from '../../../core/detectors/template-family.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { type AccountSpec, candidate, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  templateFamily.measure(candidate(populationOf(specs), names(members)))[0];

/** Sketches that agree with a common one in all but `apart` of 32 slots. */
function variations(apart: number): (index: number) => Uint8Array {
  const random = seededRandom('variations');
  const base = Uint8Array.from({ length: 32 }, () => random.below(256));
  return (index) => {
    const sketch = base.slice();
    for (let slot = 32 - apart; slot < 32; slot++) sketch[slot] = (base[slot]! + 1 + (index % 250)) % 256;
    return sketch;
  };
}

const others = () => {
  const random = seededRandom('others');
  return ordinary(300).map((spec) => ({ ...spec, sketch: Uint8Array.from({ length: 32 }, () => random.below(256)) }));
};

describe('template-family', () => {
  test('hit: one system prompt over thirty accounts', () => {
    const members = pool({ size: 30 });
    const row = measured([...ordinary(300), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBe(1000);
  });

  test('hit: thirty variations of one prompt that are nowhere the same text', () => {
    const variation = variations(10);
    const members = pool({ size: 30, change: (_, i) => ({ values: {}, sketch: variation(i) }) });
    const row = measured([...others(), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.unit).toContain('near-copy');
  });

  test('no hit: prompts that share half of their slots by subject', () => {
    const variation = variations(17);
    const members = pool({ size: 30, change: (_, i) => ({ values: {}, sketch: variation(i) }) });
    expect(measured([...others(), ...members], members)!.nats).toBeLessThan(0);
  });

  test('no hit: a viral prompt that two thousand and one accounts use', () => {
    const viral = (spec: AccountSpec): AccountSpec => ({
      ...spec,
      daily: [3],
      values: { system: 'viral', template: `t ${spec.account}` },
    });
    const users = (count: number) => {
      const crowd = ordinary(count, { days: 1 }).map(viral);
      const others = ordinary(2000, { seed: 'others', days: 1 }).map((spec) => ({
        ...viral(spec),
        values: { system: `own ${spec.account}` },
      }));
      return measured([...crowd, ...others], crowd.slice(0, 30))!.nats;
    };
    expect(users(2001)).toBeLessThan(0);
    expect(users(2000)).toBeGreaterThan(2.3);
  });

  test('a value seen once is not one that an account works with', () => {
    const members = pool({ size: 30, change: () => ({ daily: [1] }) });
    expect(measured([...ordinary(300), ...members], members)).toBeUndefined();
  });

  test('prompts without fingerprints are no evidence', () => {
    const members = pool({ size: 30, change: () => ({ values: {} }) });
    expect(measured([...ordinary(300), ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(templateFamily);
  });
});
