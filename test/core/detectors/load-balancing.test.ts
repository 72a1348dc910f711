import { describe, expect, test } from 'vitest';
import { loadBalancing } from '../../../core/detectors/load-balancing.ts';
import { type AccountSpec, candidate, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  loadBalancing.measure(candidate(populationOf(specs), names(members)))[0];

describe('load-balancing', () => {
  const members = pool({ size: 30, change: () => ({ daily: [0, 0, ...new Array<number>(8).fill(26)] }) });

  test('hit: a scheduler that gives each of thirty accounts its turn', () => {
    const members = pool({ size: 30 });
    const row = measured([...ordinary(300), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBeLessThan(0.01);
    expect(row.expected).toBeGreaterThan(1);
  });

  test('hit: at two exchanges a day as well, where no account is heavy', () => {
    const members = pool({ size: 30, change: () => ({ daily: [0, 2, 2, 2, 2, 2, 2, 2, 2, 2] }) });
    expect(measured([...ordinary(300), ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('hit: also where half the platform is that heavy, because a match on volume would make any set look even', () => {
    const sameMonth = ordinary(1200).map((spec) => ({ ...spec, createdAt: members[0]!.createdAt! }));
    const platform = sameMonth.map((spec, i) => (i % 2 ? spec : { ...spec, daily: new Array<number>(10).fill(26) }));
    expect(measured([...platform, ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('no hit: a class that does the same exercise on one evening', () => {
    const members = pool({ size: 30, change: () => ({ daily: [0, 0, 0, 25] }) });
    expect(measured([...ordinary(300), ...members], members)).toBeUndefined();
  });

  test('no hit: people, of whom a few do most of the work', () => {
    const people = ordinary(300);
    const row = measured(people, people.slice(40, 80));
    expect(row === undefined || row.nats < 2.3).toBe(true);
  });

  test('the same load spread as people spread it is no pool, however evenly each account works', () => {
    const members = pool({
      size: 30,
      change: (_, i) => ({ daily: new Array<number>(10).fill(Math.round(2 * 1.25 ** i)) }),
    });
    expect(measured([...ordinary(300), ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    // Most sets of strangers are too spread to be measured; those that are measured stay at chance.
    const even = ordinary(600, { seed: 'even' }).map((spec) => ({
      ...spec,
      daily: spec.daily.map((n) => Math.round(n ** 0.3 * 10)),
    }));
    expectNullEValues(loadBalancing, populationOf(even));
  });
});
