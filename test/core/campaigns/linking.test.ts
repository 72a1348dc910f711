import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { communities, graphOf } from '../../../core/campaigns/communities.ts';
import { type Edges, linkedSets } from '../../../core/campaigns/linking.ts';
import { type AccountSpec, names, ordinary, populationOf } from '../../support/population.ts';

const strangers = ordinary(600);

/** Strangers of which the first `size` share values of these kinds. */
function sharing(size: number, change: (spec: AccountSpec, i: number) => Partial<AccountSpec>) {
  const members = strangers.slice(0, size).map((spec, i): AccountSpec => ({ ...spec, ...change(spec, i) }));
  const population = populationOf([...members, ...strangers.slice(size)]);
  const sets = linkedSets(population, 10).map((set) => Array.from(set, (i) => population.names[i]!));
  return { members: names(members), sets };
}

const card = (spec: AccountSpec, value: string) => ({ facts: { ...spec.facts, 'payment.instrument': value } });
const subnet = (spec: AccountSpec, value: string) => ({ values: { ...spec.values, subnet: value } });

describe('accounts linked in pairs', () => {
  test('by a rare card and a rare exit are one set', () => {
    const { members, sets } = sharing(10, (spec) => ({ ...card(spec, 'one card'), ...subnet(spec, 'one exit') }));
    expect(sets).toContainEqual(members);
  });

  test('by one group alone are none, however rare the value', () => {
    expect(sharing(12, (spec) => card(spec, 'one card')).sets).toEqual([]);
    expect(sharing(12, (spec) => subnet(spec, 'one exit')).sets).toEqual([]);
  });

  test('in a chain, each with the next, are still one set', () => {
    const { members, sets } = sharing(12, (spec, i) => ({
      ...card(spec, `card ${i >> 1}`),
      ...subnet(spec, `exit ${(i + 1) >> 1}`),
      facts: { ...spec.facts, 'payment.instrument': `card ${i >> 1}`, 'phone.prefix': `phone ${(i + 1) >> 1}` },
      values: { ...spec.values, ip: `ip ${i >> 1}`, subnet: `exit ${(i + 1) >> 1}` },
    }));
    expect(sets).toContainEqual(members);
  });

  test('a verified account joins nobody to anybody', () => {
    const { sets } = sharing(12, (spec) => ({
      ...card(spec, 'one card'),
      ...subnet(spec, 'one exit'),
      facts: { ...spec.facts, 'payment.instrument': 'one card', verified: true },
    }));
    expect(sets).toEqual([]);
  });

  test('of one organisation are one customer and no set', () => {
    const { sets } = sharing(12, (spec) => ({
      ...subnet(spec, 'one exit'),
      facts: { ...spec.facts, 'payment.instrument': 'one card', org: 'one' },
    }));
    expect(sets).toEqual([]);
  });
});

/** Two cliques of `size`, and `bridges` edges between them, all of one weight. */
function cliques(size: number, bridges: number): Edges {
  const pairs: [number, number][] = [];
  for (const base of [0, size])
    for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) pairs.push([base + i, base + j]);
  for (let i = 0; i < bridges; i++) pairs.push([i % size, size + (i % size)]);
  return {
    a: Int32Array.from(pairs, ([a]) => a),
    b: Int32Array.from(pairs, ([, b]) => b),
    bits: new Float32Array(pairs.length).fill(10),
  };
}

describe('parts of a large component', () => {
  test('one community has no parts', () => {
    const pairs = cliques(20, 20 * 20);
    expect(
      communities(
        graphOf(40, pairs),
        Int32Array.from({ length: 20 }, (_, i) => i),
        10,
      ),
    ).toEqual([]);
  });

  test('are the same whatever the order of edges, share nobody, and lie inside the component', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(29), fc.nat(29)), { selector: ([a, b]) => a * 30 + b, maxLength: 120 }),
        fc.integer({ min: 0, max: 1000 }),
        (drawn, turn) => {
          const pairs = drawn.filter(([a, b]) => a < b);
          const edgesOf = (list: readonly [number, number][]): Edges => ({
            a: Int32Array.from(list, ([a]) => a),
            b: Int32Array.from(list, ([, b]) => b),
            bits: Float32Array.from(list, ([a, b]) => 1 + ((a * 7 + b) % 5)),
          });
          const component = Int32Array.from({ length: 30 }, (_, i) => i);
          const at = pairs.length === 0 ? 0 : turn % pairs.length;
          const parts = communities(graphOf(30, edgesOf(pairs)), component, 3);
          const turned = communities(graphOf(30, edgesOf([...pairs.slice(at), ...pairs.slice(0, at)])), component, 3);
          expect(turned.map((part) => [...part])).toEqual(parts.map((part) => [...part]));
          const members = parts.flatMap((part) => [...part]);
          expect(new Set(members).size).toBe(members.length);
        },
      ),
    );
  });
});
