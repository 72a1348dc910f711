import { describe, expect, test } from 'vitest';
import { cohortBirth } from '../../../core/detectors/cohort-birth.ts';
import { HOUR_MS } from '../../../core/records/time.ts';
import { type AccountSpec, candidate, dayMs, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  cohortBirth.measure(candidate(populationOf(specs), names(members)))[0];

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
    const unsigned = pool({ size: 30, from: 4 }).map(({ createdAt: _, ...spec }) => spec);
    const row = measured([...ordinary(500), ...unsigned], unsigned)!;
    expect(row.nats).toBeGreaterThan(2.3);
  });

  test('nine births are too few to speak', () => {
    const members = pool({ size: 9 });
    expect(measured([...ordinary(300), ...members], members)).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    expectNullEValues(cohortBirth);
  });
});
