import { describe, expect, it } from 'vitest';
import { binomialUpper, meanBounds, median, poissonUpper, quantile, wilson } from '../../bench/evaluate/statistics.ts';

describe('what the evaluation states', () => {
  it('allows three events where a Poisson count saw none, and no fewer than tables have', () => {
    expect(poissonUpper(0)).toBeCloseTo(2.9957, 3);
    expect(poissonUpper(1)).toBeCloseTo(4.7439, 3);
    expect(poissonUpper(10)).toBeCloseTo(16.9622, 3);
  });

  it('allows 14 % where none of 20 seeds showed anything, as tables have it', () => {
    expect(binomialUpper(0, 20)).toBeCloseTo(0.1391, 3);
    expect(binomialUpper(2, 20)).toBeCloseTo(0.2826, 3);
    expect(binomialUpper(20, 20)).toBe(1);
  });

  it('gives shares an interval that stays inside 0 and 1 and narrows with more seeds', () => {
    const [low, high] = wilson(20, 20);
    expect(low).toBeCloseTo(0.8389, 3);
    expect(high).toBeCloseTo(1, 9);
    expect(wilson(200, 200)[0]).toBeGreaterThan(low);
    expect(wilson(0, 0)).toEqual([0, 1]);
  });

  it('takes the mean of trials with bounds that hold it', () => {
    const { mean, lower, upper } = meanBounds([1, 2, 3]);
    expect(mean).toBe(2);
    expect(upper - lower).toBeCloseTo(2 * 1.645 * Math.sqrt(1 / 3), 6);
  });

  it('has a median only of something', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(median([])).toBeNaN();
  });
});
