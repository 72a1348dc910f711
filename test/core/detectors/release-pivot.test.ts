import { describe, expect, test } from 'vitest';
import { releasePivot } from '../../../core/detectors/release-pivot.ts';
import { Population } from '../../../core/population/population.ts';
import type { ReleaseRecord } from '../../../core/records/schema.ts';
import { type AccountSpec, candidate, dayMs, names, ordinary, pool, segmentOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

const RELEASE_DAY = 7;
const release: ReleaseRecord = {
  type: 'release',
  time: new Date(dayMs(RELEASE_DAY) + 3_600_000).toISOString(),
  model: 'new',
} as const;

/** So many of them, spread evenly, move to the new model for half of their exchanges. */
const moving = (specs: readonly AccountSpec[], share: number): AccountSpec[] =>
  specs.map((spec, i) => {
    const moves = Math.floor((i + 1) * share) > Math.floor(i * share);
    return {
      ...spec,
      modelOn: (day) => (moves && day >= RELEASE_DAY ? { model: 'new', share: 0.5 } : { model: 'old', share: 1 }),
    };
  });

const populationWith = (specs: readonly AccountSpec[], releases = [release]) =>
  new Population([segmentOf(specs).profiles], { releases });

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[], releases = [release]) =>
  releasePivot.measure(candidate(populationWith(specs, releases), names(members)))[0];

describe('release-pivot', () => {
  test('hit: half of a pool moves on the first day, where few others do', () => {
    const members = moving(pool({ size: 40 }), 0.5);
    const row = measured([...moving(ordinary(600), 0.05), ...members], members)!;
    expect(row.nats).toBeGreaterThan(1.5);
    expect(row.observed).toBeCloseTo(0.5);
    expect(row.expected).toBeLessThan(0.15);
  });

  test('no hit: a release that moves half of everybody', () => {
    const members = moving(pool({ size: 40 }), 0.6);
    expect(measured([...moving(ordinary(600), 0.5), ...members], members)!.nats).toBeLessThan(0);
  });

  test('it never says more than a supporting detector may, however plain the move', () => {
    const members = moving(pool({ size: 60 }), 1);
    expect(releasePivot.meta.capNats).toBe(2);
    expect(measured([...moving(ordinary(600), 0.02), ...members], members)!.nats).toBeLessThanOrEqual(2);
  });

  test('a second release that nobody took up halves the evidence and does not hide it', () => {
    const members = moving(pool({ size: 40 }), 0.8);
    const quiet = { ...release, model: 'other', time: new Date(dayMs(4)).toISOString() };
    const row = measured([...moving(ordinary(600), 0.05), ...members], members, [quiet, release])!;
    expect(row.nats).toBeGreaterThan(1);
    expect(row.observed).toBeCloseTo(0.8);
  });

  test('no releases, or a release that the members slept through, is no evidence', () => {
    const members = moving(pool({ size: 40 }), 0.5);
    const early = pool({ size: 40, to: RELEASE_DAY });
    const specs = [
      ...moving(ordinary(300), 0.05),
      ...members,
      ...early.map((s) => ({ ...s, account: `e${s.account}` })),
    ];
    expect(measured(specs, members, [])).toBeUndefined();
    expect(
      measured(
        specs,
        early.map((s) => ({ ...s, account: `e${s.account}` })),
      ),
    ).toBeUndefined();
  });

  test('random candidates among strangers are worth no more than chance', () => {
    const population = populationWith(moving(ordinary(800, { seed: 'null' }), 0.15));
    expectNullEValues(releasePivot, population);
  });

  test('look-alike that it does not hold back: a client that switches its users by default', () => {
    const members = moving(pool({ size: 40 }), 1);
    expect(measured([...moving(ordinary(600), 0.05), ...members], members)!.nats).toBeGreaterThan(1.5);
    expect(releasePivot.meta.weight).toBeLessThanOrEqual(0.05);
  });
});
