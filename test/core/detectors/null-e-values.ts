/** Mean e-value over candidates that mean nothing: an e-value's expectation under the null is at most 1. */
import { expect } from 'vitest';
import { type CampaignDetector, viewOf } from '../../../core/detectors/detector.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { ordinary, populationOf, randomMembers } from '../../support/population.ts';

const CANDIDATES = 240;

/**
 * Over random candidates of 12 to 40 accounts: the lower 95 % bound of the mean e-value of each group is at most 1, and
 * by Markov's inequality at most 1 in x candidates reaches e >= x.
 */
export function expectNullEValues(
  detector: CampaignDetector,
  population = populationOf(ordinary(600, { seed: 'null' })),
): void {
  const random = seededRandom(`null of ${detector.meta.slug}`);
  const byGroup = new Map<string, number[]>();
  for (let i = 0; i < CANDIDATES; i++) {
    const members = randomMembers(population, 12 + random.below(29), random);
    const view = viewOf(population, members, seededRandom(`${i}`));
    for (const { group, nats } of detector.measure(view)) {
      byGroup.set(group, [...(byGroup.get(group) ?? []), Math.exp(Math.min(nats, detector.meta.capNats))]);
    }
  }
  expect([...byGroup.keys()].sort()).toEqual([...detector.meta.groups].sort());
  for (const values of byGroup.values()) {
    expect(lowerBound(values)).toBeLessThanOrEqual(1);
    for (const x of [5, 10, 20]) {
      const reached = values.filter((e) => e >= x).length;
      const most = values.length / x;
      expect(reached).toBeLessThanOrEqual(most + 2 * Math.sqrt(most));
    }
  }
}

function lowerBound(values: readonly number[]): number {
  const mean = values.reduce((sum, e) => sum + e, 0) / values.length;
  const variance = values.reduce((sum, e) => sum + (e - mean) ** 2, 0) / (values.length - 1);
  return mean - 1.645 * Math.sqrt(variance / values.length);
}
