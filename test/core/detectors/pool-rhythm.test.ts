import { describe, expect, test } from 'vitest';
import { poolRhythm } from '../../../core/detectors/pool-rhythm.ts';
import type { Population } from '../../../core/population/population.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { type AccountSpec, candidate, names, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';
import { drawn, operated, people } from './rhythms.ts';

/** Most of the platform keeps European hours, some American and Asian ones. */
const world = people(900, { zones: [0, 0, 0, -5, 8] });
const platform = populationOf(world);

const measured = (members: readonly AccountSpec[], others: readonly AccountSpec[] = world) =>
  poolRhythm.measure(candidate(populationOf([...others, ...members]), names(members)))[0];

/** Mean e-value over sets of twenty of them. */
function meanOfSets(specs: readonly AccountSpec[], population: Population): number {
  const random = seededRandom('sets');
  const sets = Array.from({ length: 25 }, (_, i) => {
    const chosen = new Set<string>();
    while (chosen.size < 20) chosen.add(specs[random.below(specs.length)]!.account);
    const row = poolRhythm.measure(candidate(population, [...chosen], `${i}`))[0];
    return row === undefined ? 1 : Math.exp(Math.min(row.nats, poolRhythm.meta.capNats));
  });
  return sets.reduce((sum, e) => sum + e, 0) / sets.length;
}

describe('pool-rhythm', () => {
  test('hit: twenty accounts at one exchange an hour, fed by the jobs of one operator', () => {
    const row = measured(operated(20, { spread: 1 }))!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBeGreaterThan(10 * Math.abs(row.expected));
    expect(row.unit).toContain('correlation');
  });

  test('hit: fifty accounts at two a day', () => {
    expect(measured(operated(50, { rate: 2, spread: 1 }))!.nats).toBeGreaterThan(2.3);
  });

  test('hit: every account lags by up to four hours', () => {
    expect(measured(operated(50, { spread: 1, jitter: 4 }))!.nats).toBeGreaterThan(2.3);
  });

  test('hit: a flat pool never idles', () => {
    const row = measured(operated(30, { spread: 0 }))!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.unit).toContain('round the clock');
  });

  test('no hit: busy programs of strangers, most of whose platform is people', () => {
    const random = seededRandom('programs');
    const hourly = () => 0.2 + 2 * random.next();
    const programs = Array.from({ length: 150 }, (_, i) => {
      const rate = hourly();
      return drawn(`k_program_${i}`, random, () => rate);
    });
    const population = populationOf([...world, ...programs]);
    const busy = [...programs.slice(0, 14), ...world.slice(0, 6)];
    expect(poolRhythm.measure(candidate(population, names(busy)))[0]!.nats).toBeLessThan(2.3);
  });

  test('known limit: a flat pool at two a day looks like nobody in particular', () => {
    expect(measured(operated(30, { rate: 2, spread: 0 }))!.nats).toBeLessThan(0);
  });

  test('no hit: one time zone’s working day and weekend, rare as it is on the platform', () => {
    const east = people(60, { seed: 'east', zones: [9] });
    expect(meanOfSets(east, populationOf([...world, ...east]))).toBeLessThan(1);
  });

  test('no hit: an outage and a holiday that silence the platform', () => {
    const shock = (t: number) => ((t >= 81 && t < 87) || (t >= 210 && t < 216) ? 0 : t >= 240 && t < 264 ? 0.3 : 1);
    const struck = people(900, { seed: 'struck', shock });
    expect(meanOfSets(struck, populationOf(struck))).toBeLessThan(1);
  });

  test('no hit: a holiday of one region, or one evening that its people spend together', () => {
    const holiday = people(60, { seed: 'holiday', zones: [8], shock: (t) => (t >= 96 && t < 168 ? 0 : 1) });
    const evening = people(60, { seed: 'evening', zones: [8], shock: (t) => (t >= 107 && t < 110 ? 6 : 1) });
    const population = populationOf([...world, ...holiday, ...evening]);
    expect(meanOfSets(holiday, population)).toBeLessThan(1);
    expect(meanOfSets(evening, population)).toBeLessThan(1);
  });

  test('no hit: a class that meets on Tuesday and Thursday afternoons', () => {
    const lesson = (t: number) => [1, 3].includes(Math.floor(t / 24) % 7) && t % 24 >= 14 && t % 24 < 17;
    const pupils = people(60, { seed: 'class', zones: [0], median: 20, shock: (t) => (lesson(t) ? 8 : 0.2) });
    const population = populationOf([...world, ...pupils]);
    for (const group of [pupils.slice(0, 30), pupils.slice(30), pupils]) {
      const row = poolRhythm.measure(candidate(population, names(group)))[0];
      expect(row === undefined || row.nats < 2.3).toBe(true);
    }
  });

  test('look-alike that it does not hold back: a team on call whose alarms ring for all at any hour', () => {
    const team = operated(20, { seed: 'alarms', rate: 8, spread: 1.5 });
    expect(measured(team)!.nats).toBeGreaterThan(2.3);
  });

  test('one evening is no rhythm: accounts active on a day or two are no data', () => {
    const evening = operated(20, { from: 13, spread: 1 });
    expect(measured(evening)).toBeUndefined();
  });

  test('the same accounts of the same sweep give the same evidence', () => {
    const members = names(world.slice(0, 40));
    expect(poolRhythm.measure(candidate(platform, members))).toEqual(poolRhythm.measure(candidate(platform, members)));
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(poolRhythm, platform);
  });
});
