import { describe, expect, test } from 'vitest';
import { MIN_P, natsOfP, resample, stratifiedDraw, testedMembers } from '../../../core/detectors/resample.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { candidate, names, normal, ordinary, populationOf } from '../../support/population.ts';

const MEMBERS = Int32Array.of(0, 1, 2);

/** A test whose observed statistic is given and whose draws come from `value`. */
function pOf(observed: number, value: () => number): number {
  const statistic = (set: Int32Array) => (set === MEMBERS ? observed : set[0]!) / 1e6;
  return resample(statistic, MEMBERS, () => Int32Array.of(Math.round(value() * 1e6))).p;
}

describe('the resample test', () => {
  test('on null data its p-values are not smaller than chance, and near it where they matter', () => {
    const random = seededRandom('null');
    const p = Array.from({ length: 2000 }, () => pOf(Math.round(normal(random) * 1e6), () => normal(random)));
    for (const level of [0.01, 0.02, 0.05, 0.1, 0.3, 0.6]) {
      const expected = level * p.length;
      const reached = p.filter((value) => value <= level).length;
      expect(reached).toBeLessThan(expected + 3 * Math.sqrt(expected) + 1);
      // Where a set is soon let go, p is as coarse as the few draws.
      if (level <= 0.1) expect(reached).toBeGreaterThan(0.7 * expected - 3 * Math.sqrt(expected));
    }
  });

  test('its e-values stay at or below one on average, ties included', () => {
    const random = seededRandom('ties');
    const roll = () => random.below(4);
    const e = Array.from({ length: 2000 }, () => Math.exp(natsOfP(pOf(roll() * 1e6, roll))));
    expect(e.reduce((sum, value) => sum + value, 0) / e.length).toBeLessThanOrEqual(1);
  });

  test('the further beyond all draws, the smaller p, down to a floor', () => {
    const p = [4, 5, 6, 8, 12, 40].map((observed) => {
      const random = seededRandom('same draws');
      return pOf(observed * 1e6, () => normal(random));
    });
    for (let i = 1; i < p.length; i++) expect(p[i]).toBeLessThanOrEqual(p[i - 1]!);
    expect(p[0]).toBeLessThan(0.002);
    expect(p.at(-1)).toBe(MIN_P);
  });

  test('draws that are all alike extend no tail: one in a thousand is all that a thousand draws can say', () => {
    expect(pOf(5e6, () => 1)).toBeCloseTo(1 / 1001, 6);
  });

  test('a statistic that every draw reaches is settled after four draws', () => {
    let asked = 0;
    const { p, median } = resample(
      () => 1,
      MEMBERS,
      () => {
        asked++;
        return Int32Array.of(9);
      },
    );
    expect({ p, median, asked }).toEqual({ p: 1, median: 1, asked: 4 });
  });

  test('p = 0.25 is worth nothing, and one in a million six nats', () => {
    expect(Math.exp(natsOfP(0.25))).toBeCloseTo(1, 12);
    expect(natsOfP(1e-6)).toBeCloseTo(6.2146, 3);
  });
});

describe('drawn sets', () => {
  const specs = ordinary(1300).map((spec, i) => ({
    ...spec,
    facts: { ...spec.facts, plan: i % 2 === 0 ? 'free' : 'payg', ...(i % 3 === 0 ? { org: `org ${i % 30}` } : {}) },
  }));
  const banned = new Set(names(specs.slice(0, 40)));
  const population = populationOf(
    specs.map((spec) => (banned.has(spec.account) ? { ...spec, facts: { ...spec.facts, status: 'banned' } } : spec)),
    names(specs.slice(40, 80)),
  );

  test('have as many accounts of each stratum as the candidate, one per organisation, none claimed or banned', () => {
    const view = candidate(population, names(specs.slice(100, 140).filter((_, i) => (100 + i) % 3 !== 0)));
    const draw = stratifiedDraw(view, population.strataAnyVolume);
    const strata = (set: Int32Array) => Array.from(set, (i) => population.strataAnyVolume.pool[i]!).sort();
    for (let index = 0; index < 50; index++) {
      const set = draw(index);
      expect(strata(set)).toEqual(strata(view.members));
      expect(new Set(Array.from(set, (i) => population.facts.org[i]!)).size).toBe(set.length);
      for (const account of set) expect(Number(population.names[account]!.slice(-5))).toBeGreaterThan(79);
    }
  });

  test('are the same for every statistic of one candidate, and for the same candidate and sweep again', () => {
    const accounts = names(specs.slice(200, 220));
    const view = candidate(population, accounts);
    const first = stratifiedDraw(view, population.strata)(3);
    expect(stratifiedDraw(view, population.strata)(3)).toBe(first);
    expect(stratifiedDraw(candidate(population, accounts), population.strata)(3)).toEqual(first);
  });
});

test('a candidate of many thousands is tested on five hundred of them, spread evenly', () => {
  const members = Int32Array.from({ length: 9000 }, (_, i) => 2 * i);
  const tested = testedMembers(members);
  expect(tested.length).toBe(500);
  expect(new Set(tested).size).toBe(500);
  expect(tested[250]).toBe(9000);
  expect(testedMembers(members.subarray(0, 500)).length).toBe(500);
});
