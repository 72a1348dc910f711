import { describe, expect, it } from 'vitest';
import { Weighted, zipf } from '../../../cli/simulate/choices.ts';
import { Random, seedOf } from '../../../cli/simulate/random.ts';

const draw = (count: number, one: (random: Random) => number, seed = 'moments') => {
  const random = new Random(seedOf(seed));
  return Array.from({ length: count }, () => one(random));
};
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: number[]) => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

describe('random numbers', () => {
  it('repeat for the same seed and differ for another key', () => {
    const first = draw(50, (random) => random.bits(), 'a');
    expect(draw(50, (random) => random.bits(), 'a')).toEqual(first);
    expect(draw(50, (random) => random.bits(), 'b')).not.toEqual(first);
    const other = new Random(seedOf('a'), 1);
    expect(other.bits()).not.toBe(first[0]);
  });

  it.each([
    ['normal', (random: Random) => random.normal(), 0, 1],
    ['exponential of mean 3', (random: Random) => random.exponential(3), 3, 9],
    ['gamma of shape 0.4', (random: Random) => random.gamma(0.4, 2), 0.8, 1.6],
    ['gamma of shape 5', (random: Random) => random.gamma(5, 2), 10, 20],
    ['poisson of mean 2', (random: Random) => random.poisson(2), 2, 2],
    ['poisson of mean 300', (random: Random) => random.poisson(300), 300, 300],
    ['geometric of mean 4', (random: Random) => random.geometric(4), 4, 12],
  ])('have the moments of a %s', (_, one, expectedMean, expectedVariance) => {
    const values = draw(40_000, one);
    // Five standard errors of the mean.
    expect(Math.abs(mean(values) - expectedMean)).toBeLessThan(5 * Math.sqrt(expectedVariance / values.length));
    expect(variance(values) / expectedVariance).toBeGreaterThan(0.92);
    expect(variance(values) / expectedVariance).toBeLessThan(1.08);
  });

  it('pick by weight, and never what weighs nothing', () => {
    const random = new Random(seedOf('weights'));
    const picks = Array.from({ length: 20_000 }, () => new Weighted(['a', 'b', 'c'], [1, 0, 3]).pick(random));
    expect(picks).not.toContain('b');
    expect(picks.filter((pick) => pick === 'c').length / picks.length).toBeCloseTo(0.75, 1);
  });

  it('make the first of a Zipf line twice as popular as the second', () => {
    const random = new Random(seedOf('zipf'));
    const line = zipf([0, 1, 2, 3], 1);
    const picks = Array.from({ length: 40_000 }, () => line.pick(random));
    const ratio = picks.filter((pick) => pick === 0).length / picks.filter((pick) => pick === 1).length;
    expect(ratio).toBeGreaterThan(1.9);
    expect(ratio).toBeLessThan(2.1);
  });

  it('shuffle without losing anything', () => {
    const shuffled = new Random(seedOf('s')).shuffle([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shuffled).not.toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...shuffled].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
