import { describe, expect, test } from 'vitest';
import { onePerOrg } from '../../../core/campaigns/seed.ts';
import { reasoningElicitation } from '../../../core/detectors/reasoning-elicitation.ts';
import { type AccountSpec, candidate, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) => {
  const population = populationOf(specs);
  const indices = names(members).map((account) => population.indexOf.get(account)!);
  const accounts = Array.from(onePerOrg(population, indices), (index) => population.profiles[index]!.account);
  return reasoningElicitation.measure(candidate(population, accounts))[0];
};

describe('reasoning-elicitation', () => {
  test('hit: thirty accounts that ask for written-out reasoning in most exchanges', () => {
    const members = pool({ size: 30 });
    const row = measured([...ordinary(500), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBe(1);
  });

  test('hit: a quarter of the traffic is enough, under cover of ordinary use', () => {
    const members = pool({ size: 30, change: () => ({ flags: { reasoning_translation: 0.25 } }) });
    expect(measured([...ordinary(500), ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('no hit: an explainability product, which is one organisation', () => {
    const product = pool({ size: 30 }).map((spec) => ({ ...spec, facts: { ...spec.facts, org: 'explainers' } }));
    expect(measured([...ordinary(500), ...product], product)).toBeUndefined();
  });

  test('no hit: members of whom each tried it once or twice', () => {
    const members = pool({ size: 30, change: () => ({ daily: [4, 0, 0], flags: { cot_elicitation: 0.5 } }) });
    expect(measured([...ordinary(500), ...members], members)!.observed).toBe(0);
  });

  test('a platform that marks no prompts has no data, which is not the same as no intent', () => {
    const unmarked = [...ordinary(300), ...pool({ size: 30 })].map(({ flags: _, tasks: __, ...spec }) => spec);
    expect(measured(unmarked, unmarked.slice(-30))).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(reasoningElicitation);
  });
});
