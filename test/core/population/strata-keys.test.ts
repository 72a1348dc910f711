import { describe, expect, test } from 'vitest';
import { stratifiedDraw } from '../../../core/detectors/resample.ts';
import { type AccountSpec, candidate, populationOf } from '../../support/population.ts';

const accounts = (name: string, count: number, exchanges: number, plan: string): AccountSpec[] =>
  Array.from({ length: count }, (_, i) => ({ account: `${name}_${i}`, daily: [exchanges], facts: { plan } }));

/** A tenth of them are busy; few of those are on the plan that most of the others have. */
const population = populationOf([
  ...accounts('quiet', 5200, 1, 'free'),
  ...accounts('busy', 520, 50, 'pro'),
  ...accounts('odd', 80, 50, 'free'),
]);

/** Exchanges of the accounts that the first sets drawn for these hold. */
function drawnFor(name: string, count: number): number[] {
  const members = Array.from({ length: count }, (_, i) => `${name}_${i}`);
  const draw = stratifiedDraw(candidate(population, members), population.strata);
  return [0, 1, 2].flatMap((i) => Array.from(draw(i), (account) => population.exchanges[account]!));
}

describe('whom a set is compared with', () => {
  test('accounts as busy, where those of the same plan are too few: busy accounts hold more of everything', () => {
    const drawn = drawnFor('odd', 60);
    expect(drawn).toHaveLength(180);
    expect(Math.min(...drawn)).toBe(50);
  });

  test('accounts as busy, where the set is a large part of its own stratum', () => {
    const drawn = drawnFor('busy', 80);
    expect(drawn).toHaveLength(240);
    expect(Math.min(...drawn)).toBe(50);
  });

  test('everybody, where the set is most of those as busy', () => {
    expect(Math.min(...drawnFor('busy', 500))).toBe(1);
  });
});
