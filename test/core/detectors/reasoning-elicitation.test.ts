import { describe, expect, test } from 'vitest';
import { onePerOrg } from '../../../core/campaigns/seed.ts';
import { reasoningElicitation } from '../../../core/detectors/reasoning-elicitation.ts';
import { type AccountSpec, candidate, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';
import { hired, strangers } from './prompts.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) => {
  const population = populationOf(specs);
  const indices = names(members).map((account) => population.indexOf.get(account)!);
  const accounts = Array.from(onePerOrg(population, indices), (index) => population.names[index]!);
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

  test('hit: probes in ever new words that are mostly refused, where asking for reasoning is common', () => {
    const explained = strangers(500, {
      change: ({ prompt }, index, account) =>
        account % 10 < 7 && index % 10 < 6 ? { prompt: { ...prompt!, flags: ['cot_elicitation'] } } : {},
    });
    const asking = (refused: boolean) =>
      hired(30, (account) => (index, day) => ({
        status: refused && account % 10 < 8 && index % 2 === 0 ? ('refused' as const) : ('ok' as const),
        prompt: { flags: account % 10 < 8 ? ['cot_elicitation'] : [], template: `${account} ${day} ${index}` },
      }));
    const nats = (members: AccountSpec[]) =>
      measured([...explained, ...strangers(20, { name: 'x' }), ...members], members)!.nats;
    expect(nats(asking(true))).toBeGreaterThan(2.3);
    expect(nats(asking(false))).toBeLessThan(nats(asking(true)) - 1);
  });

  test('where templates and refusals are not told there is no data on probes, and the share decides alone', () => {
    const members = hired(30, () => () => ({ prompt: { flags: ['cot_elicitation'] } }));
    expect(measured([...strangers(400), ...members], members)!.nats).toBeGreaterThan(4);
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(reasoningElicitation);
  });
});
