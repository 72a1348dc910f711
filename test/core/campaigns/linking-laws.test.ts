import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkedSets } from '../../../core/campaigns/linking.ts';
import type { Population } from '../../../core/population/population.ts';
import { type AccountSpec, names, ordinary, populationOf } from '../../support/population.ts';

const SIZE = 60;
const LEAST = 2;

/** Whose value it is: that of the account's operator, of a product that a third of all use, or the account's own. */
const holder = fc.oneof(
  { weight: 6, arbitrary: fc.constant('operator' as const) },
  { weight: 2, arbitrary: fc.constant('product' as const) },
  { weight: 5, arbitrary: fc.constant('own' as const) },
);
const spec = fc.record({
  operator: fc.nat(24),
  card: holder,
  phone: holder,
  referral: holder,
  ip: holder,
  subnet: holder,
  system: holder,
  template: holder,
  verified: fc.nat(9),
  org: fc.nat(19),
});
type Drawn = typeof spec extends fc.Arbitrary<infer One> ? One : never;

function accountOf(drawn: Drawn, i: number): AccountSpec {
  const whose = { operator: `operator ${drawn.operator}`, product: 'product', own: `account ${i}` };
  const valueFor = (field: string, held: keyof typeof whose) => `${field} of ${whose[held]}`;
  return {
    account: `k_${String(i).padStart(2, '0')}`,
    daily: [3],
    facts: {
      'payment.instrument': valueFor('card', drawn.card),
      'phone.prefix': valueFor('phone', drawn.phone),
      referral: valueFor('referral', drawn.referral),
      ...(drawn.verified === 0 ? { verified: true } : {}),
      ...(drawn.org < 2 ? { org: `org ${drawn.org}` } : {}),
    },
    values: {
      ip: valueFor('ip', drawn.ip),
      subnet: valueFor('subnet', drawn.subnet),
      system: valueFor('system', drawn.system),
      template: valueFor('template', drawn.template),
    },
  };
}

/** Bits of a pair, group by group, by the formula. 0 where fewer than two groups agree. */
function plainBits({ links, facts, size }: Population, a: number, b: number): number {
  if (facts.verified[a] || facts.verified[b] || facts.org[a] === facts.org[b]) return 0;
  const groups = new Map<string, number>();
  for (const { group, hubCap, table } of links) {
    const others = new Set(table.row(b));
    for (const code of table.row(a)) {
      const held = table.frequency[code]!;
      const bits = Math.log2(0.5 / ((held + 1) / (size + 2)));
      if (others.has(code) && held <= Math.min(hubCap, 200) && bits > 0)
        groups.set(group, (groups.get(group) ?? 0) + bits);
    }
  }
  const sum = [...groups.values()].reduce((total, bits) => total + Math.min(20, bits), 0);
  return groups.size < 2 ? 0 : sum;
}

function componentsOf(pairs: readonly (readonly [number, number, number])[], atLeast: number): number[][] {
  const label = Array.from({ length: SIZE }, (_, i) => i);
  for (let pass = 0; pass < SIZE; pass++)
    for (const [a, b, bits] of pairs) if (bits >= atLeast) label[a] = label[b] = Math.min(label[a]!, label[b]!);
  const sets = new Map<number, number[]>();
  label.forEach((first, i) => {
    sets.set(first, [...(sets.get(first) ?? []), i]);
  });
  return [...sets.values()].filter((set) => set.length >= LEAST);
}

const pairsOf = (population: Population) =>
  Array.from({ length: SIZE }, (_, a) =>
    Array.from({ length: SIZE - a - 1 }, (_, i) => [a, a + 1 + i, plainBits(population, a, a + 1 + i)] as const),
  ).flat();

const platforms = fc.array(spec, { minLength: SIZE, maxLength: SIZE });
const PROOF = Math.log2((SIZE * SIZE) / 2 + 1);
const RUNGS = [0.5, 0.75, 1];

describe('sets linked in pairs', () => {
  test('are those of the plain rule, rung by rung: none from a rung on which one of them is a crowd', () => {
    let made = 0;
    fc.assert(
      fc.property(platforms, (drawn) => {
        const population = populationOf(drawn.map(accountOf));
        const pairs = pairsOf(population);
        // Bits are kept in 32 bits: a pair just at a rung may fall on either side of it.
        fc.pre(pairs.every(([, , bits]) => RUNGS.every((rung) => Math.abs(bits - rung * PROOF) > 1e-4)));
        const expected = RUNGS.flatMap((rung) => {
          const sets = componentsOf(pairs, rung * PROOF);
          return rung < 1 && sets.some((set) => set.length > 0.05 * SIZE) ? [] : sets;
        });
        const found = linkedSets(population, LEAST).map((set) => [...set]);
        expect(found).toEqual(expected);
        made += found.length;
      }),
      { numRuns: 60 },
    );
    expect(made).toBeGreaterThan(20);
  });

  test('are the same accounts whatever their names put first', () => {
    fc.assert(
      fc.property(platforms, (drawn) => {
        const setsOf = (specs: readonly AccountSpec[], nameOf: (name: string) => string) => {
          const population = populationOf(specs);
          const named = linkedSets(population, LEAST).map((set) =>
            Array.from(set, (i) => nameOf(population.names[i]!)).sort(),
          );
          return named.map((set) => set.join()).sort();
        };
        const specs = drawn.map(accountOf);
        const flip = (name: string) => `k_${String(SIZE - 1 - Number(name.slice(2))).padStart(2, '0')}`;
        const renamed = specs.map((one) => ({ ...one, account: flip(one.account) }));
        expect(setsOf(renamed, flip)).toEqual(setsOf(specs, (name) => name));
      }),
      { numRuns: 30 },
    );
  });
});

describe('on a platform of thousands', () => {
  const strangers = ordinary(1000);
  const withFacts = (one: AccountSpec, facts: Record<string, string>): AccountSpec => ({
    ...one,
    facts: { ...one.facts, ...facts },
  });
  const linked = (members: readonly AccountSpec[]) => {
    const population = populationOf([...members, ...strangers.slice(members.length)]);
    return linkedSets(population, 10).map((set) => Array.from(set, (i) => population.names[i]!));
  };

  test('a set of stronger pairs is told beside the weaker one around it', () => {
    const members = strangers.slice(0, 24).map((one, i) => ({
      ...withFacts(one, { 'payment.instrument': `card ${i < 12 ? 'core' : i >> 1}`, referral: 'one referral' }),
      values: { ...one.values, subnet: 'one exit', ...(i < 12 ? { ip: 'one address' } : {}) },
    }));
    const sets = linked(members);
    expect(sets).toContainEqual(names(members));
    expect(sets).toContainEqual(names(members.slice(0, 12)));
  });

  /** Each goes on with the conversation of the one before. */
  const relayed = (one: AccountSpec, i: number): AccountSpec => ({
    ...one,
    daily: [1, 1, 1],
    usage: (_, day) => ({
      time: new Date(Date.UTC(2026, 3, 20 + day, 8)).toISOString(),
      custody: { minted: [`c ${i} ${day}`], presented: [`c ${i - 1} ${day - 1}`] },
    }),
  });

  test('a conversation that changed hands links two accounts beside one rare value more, and not by itself', () => {
    const alone = strangers.slice(0, 12).map(relayed);
    expect(linked(alone)).toEqual([]);
    const members = alone.map((one) => withFacts(one, { 'payment.instrument': 'one card' }));
    const sets = new Set(linked(members).map((set) => set.join()));
    expect([...sets]).toEqual([names(members).join()]);
  });

  test('a value that a tenth of the platform holds is a hub and links nobody', () => {
    const members = strangers.slice(0, 250).map((one) => ({
      ...withFacts(one, { referral: 'a campaign of the marketing' }),
      values: { ...one.values, subnet: 'a campus' },
    }));
    expect(linked(members)).toEqual([]);
  });
});
