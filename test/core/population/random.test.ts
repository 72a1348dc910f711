import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../core/population/random.ts';

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
