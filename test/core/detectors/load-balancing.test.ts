import { describe, expect, test } from 'vitest';
import { loadBalancing } from '../../../core/detectors/load-balancing.ts';
import { type AccountSpec, candidate, names, ordinary, pool, populationOf } from '../../support/population.ts';
import { expectNullEValues } from './null-e-values.ts';

/** Quantiles of the standard normal distribution at (i + 1/2) / 12. */
const NORMAL_SCORES = [-1.73, -1.15, -0.81, -0.55, -0.32, -0.1, 0.1, 0.32, 0.55, 0.81, 1.15, 1.73];

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
    expect(measured([...ordinary(300), ...members], members)!.nats).toBeLessThan(0);
  });

  test('users of one product are more alike than everybody, and show no scheduler by that', () => {
    // Log-standard deviation 0.5: a squared coefficient of variation of about 0.25.
    const users = pool({
      size: 60,
      change: (_, i) => ({
        daily: new Array<number>(10).fill(Math.round(16 * Math.exp(0.5 * NORMAL_SCORES[i % 12]!))),
      }),
    });
    const platform = ordinary(300);
    const alike = measured([...platform, ...users], users)!;
    expect(alike.nats).toBeGreaterThan(2.3);
    expect(alike.tellingNats).toBeLessThan(0);
    const scheduled = measured([...platform, ...members], members)!;
    expect(scheduled.tellingNats).toBeGreaterThan(2.3);
  });

  test('hit: a pool that ramps up as accounts are bought, even only in its latest shift', () => {
    const members = pool({
      size: 30,
      to: 20,
      change: (_, i) => ({ daily: Array.from({ length: 20 }, (_, day) => (day < i / 2 ? 0 : 2 + 2 * day)) }),
    });
    expect(measured([...ordinary(300, { days: 20 }), ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('hit: aged accounts with lives of their own, put to even work for the last six days', () => {
    const members = ordinary(30, { seed: 'aged', days: 20 }).map((spec, i) => ({
      ...spec,
      daily: spec.daily.map((exchanges, day) => (day < 14 ? exchanges * (1 + (i % 10)) : 8 + ((i + day) % 2))),
    }));
    const row = measured([...ordinary(300, { days: 20 }), ...members], members)!;
    expect(row.nats).toBeGreaterThan(2.3);
    expect(row.observed).toBeLessThan(0.1);
  });

  test('hit: a pool whose first half was banned and refilled', () => {
    const members = pool({
      size: 40,
      to: 20,
      change: (_, i) => ({
        daily: Array.from({ length: 20 }, (_, day) => (i < 20 === day < 10 ? 20 + ((i + day) % 3) : 0)),
      }),
    });
    expect(measured([...ordinary(300, { days: 20 }), ...members], members)!.nats).toBeGreaterThan(2.3);
  });

  test('no hit: free users who are stopped at the limit of their plan day after day', () => {
    const limited = ordinary(600, { seed: 'free' }).map((spec) => ({
      ...spec,
      daily: spec.daily.map((exchanges) => Math.min(20, exchanges)),
      throttled: spec.daily.some((exchanges) => exchanges > 20) ? 3 : 0,
    }));
    const stopped = limited.filter(({ daily }) => daily.filter((exchanges) => exchanges === 20).length >= 7);
    expect(stopped.length).toBeGreaterThan(20);
    expect(measured(limited, stopped)).toBeUndefined();
  });

  test('pile-up: accounts that are worked to just below a limit without being stopped', () => {
    const members = pool({
      size: 30,
      change: (_, i) => ({ daily: new Array<number>(10).fill(i < 15 ? 95 + (i % 5) : 6 + 5 * (i % 2)) }),
    });
    const limited = ordinary(1200).map((spec) => ({ ...spec, daily: spec.daily.map((n) => Math.min(n, 100)) }));
    const row = measured([...limited, ...members], members)!;
    expect(row.nats).toBeGreaterThan(0);
    expect(row.unit).toContain('at the most that their plan');
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
