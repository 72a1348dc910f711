import { describe, expect, test } from 'vitest';
import { consumersLetThrough } from '../../../core/campaigns/consumers.ts';
import { consumerAnomalies } from '../../../core/detectors/consumer-anomaly.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { parseSettings } from '../../../core/settings.ts';
import { type AccountSpec, normal, populationOf, START_DAY } from '../../support/population.ts';

const DAYS = 28;

/** Accounts that work every day at their own level, with day-to-day noise. */
function steady(count: number, change: (account: number, day: number) => number = () => 1): AccountSpec[] {
  const random = seededRandom('steady');
  return Array.from({ length: count }, (_, account) => {
    const level = Math.exp(3 + normal(random));
    const daily = Array.from({ length: DAYS }, (_, day) =>
      Math.max(1, Math.round(level * Math.exp(0.3 * normal(random)) * change(account, day))),
    );
    return { account: `k_${String(account).padStart(4, '0')}`, daily };
  });
}

function found(specs: readonly AccountSpec[]) {
  const population = populationOf(specs);
  const { found: anomalies, tested } = consumerAnomalies(population, START_DAY + DAYS - 1);
  return { tested, anomalies: anomalies.map((one) => ({ ...one, name: population.names[one.account]! })) };
}

describe('consumer-anomaly', () => {
  test('hit: an account that jumps to twenty times its usual for four days', () => {
    const { anomalies, tested } = found(
      steady(300, (account, day) => (account === 7 && day >= DAYS - 4 ? 20 : 1)).map((spec, i) =>
        i === 7 ? { ...spec, daily: spec.daily.map((n, day) => (day >= DAYS - 4 ? 1200 : 60 + (n % 7))) } : spec,
      ),
    );
    expect(anomalies.map(({ name }) => name)).toEqual(['k_0007']);
    expect(anomalies[0]!.observed).toBeGreaterThan(600);
    expect(anomalies[0]!.sinceDay).toBeGreaterThanOrEqual(START_DAY + DAYS - 7);
    expect(anomalies[0]!.multiple).toBeGreaterThan(9);
    expect(anomalies[0]!.p * tested.usual).toBeLessThan(0.1);
  });

  test('no hit: a launch that moves everybody tenfold on the same days', () => {
    expect(found(steady(300, (_, day) => (day >= DAYS - 4 ? 10 : 1))).anomalies).toEqual([]);
  });

  test('no hit: a batch job that is idle on most days', () => {
    const batch = { account: 'k_batch', daily: Array.from({ length: DAYS }, (_, day) => (day % 5 === 3 ? 5000 : 0)) };
    expect(found([...steady(300), batch]).anomalies).toEqual([]);
  });

  test('no hit: an account that was always heavy', () => {
    const heavy = { account: 'k_heavy', daily: new Array<number>(DAYS).fill(100_000) };
    expect(found([...steady(300), heavy]).anomalies).toEqual([]);
  });

  test('an account without a usual of its own is held against others that began, and not where none did', () => {
    const fresh = {
      account: 'k_new',
      daily: [...new Array<number>(DAYS - 2).fill(0), ...new Array<number>(2).fill(9000)],
    };
    const { anomalies, tested } = found([...steady(100), fresh]);
    expect(tested.usual).toBe(100);
    expect(tested.new + tested.waking).toBe(1);
    expect(anomalies.every(({ name }) => name === 'k_new')).toBe(true);
  });

  test('quiet platforms tell nobody: at most one in ten seeds lets a steady account through', () => {
    const settings = parseSettings({});
    const through = Array.from({ length: 10 }, (_, seed) => {
      const random = seededRandom(`quiet ${seed}`);
      const specs = Array.from({ length: 200 }, (_, i) => ({
        account: `k_${i}`,
        daily: Array.from({ length: DAYS }, () => Math.max(1, Math.round(30 * Math.exp(0.5 * normal(random))))),
      }));
      return consumersLetThrough(populationOf(specs), START_DAY + DAYS - 1, new Set(), settings).through.length;
    });
    expect(through.filter((count) => count > 0).length).toBeLessThanOrEqual(1);
  });
});

describe('error control over consumers', () => {
  const specs = steady(300, (account, day) => (account % 50 === 7 && day >= DAYS - 2 - (account % 4) ? 12 : 1));
  const population = populationOf(specs);
  const lastDay = START_DAY + DAYS - 1;

  test('lets through at most what its level allows, and never fewer at a higher one', () => {
    let before: number[] = [];
    for (const level of [1e-4, 1e-3, 0.01, 0.1, 0.5]) {
      const settings = parseSettings({ detection: { consumerAlpha: level } });
      const { through } = consumersLetThrough(population, lastDay, new Set(), settings);
      for (const { q } of through) expect(q).toBeLessThanOrEqual(level);
      const accounts = through.map(({ account }) => account);
      expect(accounts).toEqual(expect.arrayContaining(before));
      before = accounts;
    }
    expect(before.length).toBeGreaterThan(2);
  });

  test('leaves members of campaigns to their campaign', () => {
    const settings = parseSettings({ detection: { consumerAlpha: 0.5 } });
    const all = consumersLetThrough(population, lastDay, new Set(), settings).through;
    const first = population.names[all[0]!.account]!;
    const rest = consumersLetThrough(population, lastDay, new Set([first]), settings).through;
    expect(rest.map(({ account }) => population.names[account]!)).not.toContain(first);
  });
});
