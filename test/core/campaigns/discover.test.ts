import { describe, expect, test } from 'vitest';
import { faultOf } from '../../../core/campaigns/discover.ts';
import { findSeeds } from '../../../core/campaigns/seeds.ts';
import type { FactColumns } from '../../../core/population/facts.ts';
import { parseSettings } from '../../../core/settings.ts';
import { discoverIn } from '../../support/discovery.ts';
import { type AccountSpec, dayMs, names, ordinary, pool, populationOf } from '../../support/population.ts';

const settings = parseSettings({});
const strangers = ordinary(500);

function found(members: readonly AccountSpec[]) {
  const population = populationOf([...strangers, ...members]);
  return discoverIn(population, dayMs(10), settings);
}

const facts = (spec: AccountSpec, more: Record<string, string | boolean>) => ({ facts: { ...spec.facts, ...more } });

describe('what is let through', () => {
  test('a pool of ten, the smallest that counts, and not one of nine', () => {
    expect(found(pool({ size: 10 })).clusters.map(({ accounts }) => accounts.size)).toEqual([10]);
    expect(found(pool({ size: 9 })).clusters).toEqual([]);
  });

  test('without elicitation and with the work of customers it is coordinated abuse', () => {
    const asCustomers = (_: AccountSpec, i: number) => ({ flags: {}, tasks: strangers[i]!.tasks! });
    const { clusters } = found(pool({ size: 30, change: asCustomers }));
    expect(clusters.map(({ classification }) => classification)).toEqual(['coordinated_abuse']);
  });

  test('a quarter of a million accounts of as many organisations, which no sweep may fail at', () => {
    const org = Int32Array.from({ length: 250_000 }, (_, i) => i + 1);
    const facts = { org, verified: new Uint8Array(org.length) } as unknown as FactColumns;
    expect(faultOf({ facts }, [...org.keys()], settings)).toBeUndefined();
    org.fill(1, 0, 125_001);
    expect(faultOf({ facts }, [...org.keys()], settings)).toBe('more than half in one organisation');
  });

  test('two pools of two operators are two campaigns', () => {
    const members = [...pool({ name: 'p', size: 25 }), ...pool({ name: 'q', size: 25, from: 5, change: other })];
    const { clusters } = found(members);
    expect(clusters.map(({ accounts }) => [...accounts].sort())).toEqual(
      expect.arrayContaining([names(members.slice(0, 25)), names(members.slice(25))]),
    );
    expect(clusters).toHaveLength(2);
  });

  const other = (spec: AccountSpec): Partial<AccountSpec> => ({
    createdAt: spec.createdAt! - 40 * 86_400_000,
    daily: spec.daily.map((n) => n * 4),
    tasks: { vision: 0.9 },
  });

  test('two campaigns found in one sweep are compared with nobody of either, as if both had been known', () => {
    const members = [...pool({ name: 'p', size: 60 }), ...pool({ name: 'q', size: 40, from: 5, change: other })];
    const rows = (claimed: readonly AccountSpec[]) => {
      const population = populationOf([...strangers, ...members], names(claimed));
      const { clusters } = discoverIn(population, dayMs(10), settings);
      return clusters.map(({ evidence, accounts }) => ({ accounts: accounts.size, evidence }));
    };
    expect(rows([]).map(({ accounts }) => accounts)).toEqual([60, 40]);
    expect(rows([])).toEqual(rows(members));
  });

  test('strangers whose domain half a pool uses are no members of it, and make no campaign of their own with it', () => {
    const domain = (spec: AccountSpec) => facts(spec, { 'email.domain': 'shared.example' });
    const pooled = pool({ size: 60 }).map((spec, i) => (i < 15 ? { ...spec, ...domain(spec) } : spec));
    const others = strangers.slice(0, 12).map((spec) => ({ ...spec, account: `${spec.account}-d`, ...domain(spec) }));
    const { clusters } = found([...pooled, ...others]);
    expect(clusters.map(({ accounts }) => [...accounts].sort())).toEqual([names(pooled)]);
  });

  test('an account that two campaigns could claim is in one of them', () => {
    const p = pool({ name: 'p', size: 25 });
    const between: AccountSpec = { ...p[0]!, account: 'between' };
    const q = pool({ name: 'q', size: 25, from: 5, change: other });
    between.facts = { ...between.facts, 'payment.instrument': q[0]!.facts!['payment.instrument']! };
    between.values = { ...between.values, subnet: 'subnet of both' };
    const { clusters } = found([...p, ...q, between]);
    expect(clusters).toHaveLength(2);
    expect(clusters.filter(({ accounts }) => accounts.has('between'))).toHaveLength(1);
    const all = clusters.flatMap(({ accounts }) => [...accounts]);
    expect(new Set(all).size).toBe(all.length);
  });

  test('one campaign has one cluster, whichever kinds of evidence propose it', () => {
    const { clusters, candidates } = found(pool({ size: 40 }));
    expect(candidates).toBeGreaterThan(3);
    expect(clusters).toHaveLength(1);
  });
});

describe('what is held back', () => {
  test('a pool of which more than half is one customer', () => {
    const { clusters, held } = found(
      pool({ size: 24, change: (spec, i) => facts(spec, i % 2 || i < 2 ? { org: 'one' } : {}) }),
    );
    expect(clusters).toHaveLength(0);
    expect(held.map(({ reason }) => reason)).toContain('more than half in one organisation');
  });

  test('accounts of two customers propose nothing at all', () => {
    const members = pool({ size: 40, change: (spec, i) => facts(spec, { org: `org ${i % 2}` }) });
    expect(found(members).clusters).toEqual([]);
  });

  test('a candidate of which a third is verified, from three customers', () => {
    const { clusters, held } = found(
      pool({ size: 30, change: (spec, i) => facts(spec, i % 3 ? {} : { verified: true }) }),
    );
    expect(clusters).toHaveLength(0);
    expect(held.map(({ reason }) => reason)).toContain('verified accounts among them');
  });

  test('verified accounts of two customers colour nobody', () => {
    const change = (spec: AccountSpec, i: number) => facts(spec, i % 3 ? {} : { verified: true, org: `org ${i % 2}` });
    const { clusters } = found(pool({ size: 30, change }));
    expect(clusters).toHaveLength(1);
  });

  test('a class: one subnet, one exercise, one evening', () => {
    const random = ordinary(60, { seed: 'class' });
    const pupils = random.map((spec, i) => ({
      ...spec,
      createdAt: dayMs(6) + i * 30_000,
      daily: [0, 0, 0, 0, 0, 0, 12 + (i % 3)],
      hours: [18, 19],
      facts: { ...spec.facts, programme: 'education', 'email.domain': 'university' },
      values: { ...spec.values, subnet: 'campus', system: 'exercise', template: 'exercise' },
      flags: { cot_elicitation: 0.5 },
    }));
    expect(found(pupils).clusters).toEqual([]);
  });
});

describe('seeds', () => {
  test('verified accounts carry no path: two halves joined only by one of them stay apart', () => {
    const linked = (verified: boolean) => {
      const half = (name: string) =>
        ordinary(12, { seed: name }).map((spec) => ({
          ...spec,
          ...facts(spec, { 'payment.instrument': `card ${name}` }),
        }));
      const bridge: AccountSpec = {
        ...ordinary(1, { seed: 'bridge' })[0]!,
        facts: { 'payment.instrument': 'card left', referral: 'card right', verified },
      };
      const right = half('right').map((spec) => ({ ...spec, ...facts(spec, { referral: 'card right' }) }));
      const population = populationOf([...strangers, ...half('left'), ...right, bridge]);
      return findSeeds(population, settings.detection)
        .filter(({ key }) => key.startsWith('identity'))
        .map(({ members }) => members.length);
    };
    expect(linked(false)).toEqual([25]);
    expect(linked(true)).toEqual([12, 12]);
  });

  test('hold one account of each organisation', () => {
    const population = populationOf([
      ...strangers,
      ...pool({ size: 40, change: (spec, i) => facts(spec, i < 20 ? { org: 'one' } : {}) }),
    ]);
    for (const { members } of findSeeds(population, settings.detection)) {
      expect(new Set(Array.from(members, (i) => population.facts.org[i])).size).toBe(members.length);
      expect([...members]).toEqual([...members].sort((a, b) => a - b));
    }
  });
});
