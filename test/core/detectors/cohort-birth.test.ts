import { describe, expect, test } from 'vitest';
import { cohortBirth } from '../../../core/detectors/cohort-birth.ts';
import { HOUR_MS } from '../../../core/records/time.ts';
import { type AccountSpec, candidate, dayMs, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  cohortBirth.measure(candidate(populationOf(specs), names(members)))[0];

/** First seen on days spread over the records, with sign-ups long before. */
const newcomers = ordinary(300, { seed: 'newcomers' }).map((spec, i) => ({
  ...spec,
  createdAt: dayMs(-110 + (i % 100)),
  daily: spec.daily.map((exchanges, day) => (day < 3 + (i % 7) ? 0 : exchanges || 1)),
  hours: [(i * 5) % 24],
}));

const ownPrompts = (specs: readonly AccountSpec[]) =>
  specs.map((spec) => ({ ...spec, values: { ...spec.values, system: `own ${spec.account}` } }));

describe('cohort-birth', () => {
  test('hit: accounts registered in batches of ten, twenty seconds apart', () => {
    const members = pool({ size: 30 });
    const row = measured([...ordinary(500), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBe(1);
    expect(row.expected).toBeLessThan(0.5);
  });

  test('no hit: thirty of the four hundred who signed up on the day of a launch', () => {
    const crowd = ordinary(400, { seed: 'launch' }).map((spec, i) => ({
      ...spec,
      createdAt: dayMs(1) + Math.floor(((i * 7919) % 400) * (24 * HOUR_MS) * 0.0025),
    }));
    const some = crowd.filter((_, i) => i % 13 === 0);
    expect(measured([...ordinary(500), ...crowd], some)!.nats).toBeLessThan(2.3);
  });

  test('where no birth is known there is no evidence: usage that was there when the records began', () => {
    const strip = ({ createdAt: _, ...spec }: AccountSpec) => ({ ...spec, daily: spec.daily.map((n) => n || 1) });
    const specs = ordinary(120).map(strip);
    expect(measured(specs, specs.slice(0, 30))).toBeUndefined();
  });

  test('the first exchange stands in for a sign-up that no record tells', () => {
    const unsigned = ownPrompts(pool({ size: 30, from: 4 })).map(({ createdAt: _, ...spec }) => spec);
    const row = measured([...ordinary(500), ...newcomers, ...unsigned], unsigned)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.unit).toContain('first used');
  });

  test('hit: accounts bought one by one over months, and put to work in one hour', () => {
    const aged = ownPrompts(pool({ size: 30, from: 5 })).map((spec, i) => ({
      ...spec,
      createdAt: dayMs(-100 + 3 * i),
    }));
    expect(measured([...ordinary(500), ...newcomers, ...aged], aged)!.nats).toBeGreaterThan(2.3);
  });

  test('no hit: the first users of a new product, who signed up over months', () => {
    const users = pool({ size: 30, from: 5 }).map((spec, i) => ({ ...spec, createdAt: dayMs(-100 + 3.1 * i) }));
    expect(measured([...ordinary(500), ...newcomers, ...users], users)!.nats).toBeLessThan(0);
  });

  test('an old default prompt that most work with is no excuse for a common start', () => {
    const aged = pool({ size: 30, from: 5 }).map((spec, i) => ({ ...spec, createdAt: dayMs(-100 + 3 * i) }));
    const veteran = {
      ...ordinary(1, { seed: 'veteran' })[0]!,
      daily: new Array<number>(10).fill(9),
      values: aged[0]!.values!,
    };
    const specs = [...ordinary(500), ...newcomers, veteran, ...aged];
    expect(measured(specs, aged)!.nats).toBeGreaterThan(2.3);
  });

  test('hit: two days of sign-ups an hour apart each, which no window of minutes sees', () => {
    const slow = pool({ size: 48, from: 4 }).map((spec, i) => ({ ...spec, createdAt: dayMs(-10) + i * HOUR_MS }));
    const row = measured([...ordinary(2000), ...slow], slow)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.unit).toContain('days on which accounts signed up');
  });

  test('nine births are too few to speak', () => {
    const members = pool({ size: 9 });
    expect(measured([...ordinary(300), ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(cohortBirth);
  });
});
