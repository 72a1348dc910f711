import { describe, expect, test } from 'vitest';
import { entityLinks } from '../../../core/detectors/entity-links.ts';
import { type AccountSpec, candidate, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const nats = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) => {
  const population = populationOf(specs);
  return Object.fromEntries(
    entityLinks.measure(candidate(population, names(members))).map((row) => [row.group, row.nats]),
  );
};

describe('entity-links', () => {
  test('hit: bought accounts that share cards by fours and three client builds', () => {
    const members = pool({ size: 24 });
    const found = nats([...ordinary(300), ...members], members);
    expect(found.identity).toBeGreaterThan(2.3);
    expect(found.network).toBeGreaterThan(2.3);
  });

  test('no hit: sixty students behind one campus subnet, each with a card and a machine', () => {
    const random = ordinary(60, { seed: 'campus' });
    const students = random.map((spec) => ({ ...spec, values: { ...spec.values, subnet: 'campus' } }));
    const found = nats([...ordinary(300), ...students], students);
    expect(found.network).toBeLessThan(2.3);
    expect(found.identity).toBeLessThan(2.3);
  });

  test('no hit: the carrier and the card issuer that strangers have in common anyway', () => {
    const customers = ordinary(300).map((spec) => ({
      ...spec,
      values: { ...spec.values, asn: 'one carrier' },
      facts: { ...spec.facts, 'payment.issuer': 'one bank', 'payment.kind': 'credit' },
    }));
    const found = nats(customers, customers.slice(0, 30));
    expect(found.network).toBeLessThan(0.7);
    expect(found.identity).toBeLessThan(0.7);
  });

  test('fields that nobody sent are no evidence at all', () => {
    const bare = pool({ size: 24, change: () => ({ facts: {}, values: {} }) });
    expect(nats([...ordinary(300), ...bare], bare)).toEqual({});
  });

  test('members without a card do not count as members with different cards', () => {
    const card = { plan: 'payg', 'payment.instrument': 'one card' };
    const sharing = pool({ size: 24, change: (_, i) => ({ facts: i < 12 ? card : { plan: 'payg' } }) });
    const population = populationOf([...ordinary(300), ...sharing]);
    const rows = entityLinks.measure(candidate(population, names(sharing)));
    const identity = rows.find(({ group }) => group === 'identity')!;
    expect(identity.observed).toBe(1000);
    expect(identity.unit).toContain('payment instrument');
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(entityLinks);
  });
});
