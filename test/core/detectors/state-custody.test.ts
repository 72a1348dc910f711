import { describe, expect, test } from 'vitest';
import { stateCustody } from '../../../core/detectors/state-custody.ts';
import { custodyEdges } from '../../../core/population/custody-edges.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { type AccountSpec, candidate, names, ordinary, populationOf, randomMembers } from '../../support/population.ts';

const measured = (specs: readonly AccountSpec[], members: readonly AccountSpec[]) =>
  stateCustody.measure(candidate(populationOf(specs), names(members)))[0];

type Custody = { minted?: string[]; presented?: string[] };

/** Every exchange gives out one id of its own and hands in the one before it, and what `more` says. */
const talking =
  (account: string, more: (index: number, day: number) => Custody = () => ({})) =>
  (index: number, day: number) => {
    const extra = more(index, day);
    return {
      time: new Date(Date.UTC(2026, 3, 20 + day, 8, index)).toISOString(),
      custody: {
        minted: [`${account} ${day} ${index}`, ...(extra.minted ?? [])],
        presented: [`${account} ${day} ${index - 1}`, ...(extra.presented ?? [])],
      },
    };
  };

const customers = (count: number): AccountSpec[] =>
  ordinary(count).map((spec) => ({ ...spec, usage: talking(spec.account) }));

/** Accounts of which each takes over every conversation of the one before it, days `late` after it was given out. */
const relay = (size: number, late = 1, facts: Record<string, string> = {}): AccountSpec[] =>
  Array.from({ length: size }, (_, i): AccountSpec => {
    const account = `m_${String(i).padStart(3, '0')}`;
    const before = `m_${String(i - 1).padStart(3, '0')}`;
    const taken = (index: number, day: number) => ({ presented: [`${before} ${day - late} ${index}`] });
    return { account, daily: [4, 4, 4, 4, 4, 4], facts, usage: talking(account, taken) };
  });

describe('state-custody', () => {
  test('hit: conversations of one account go on in the next', () => {
    const members = relay(20);
    const row = measured([...customers(200), ...members], members)!;
    expect(row.nats).toBeGreaterThan(5);
    expect(row.observed).toBe(19);
    expect(row.expected).toBeLessThan(0.1);
  });

  test('no hit: what was handed in before it was given out is no hand-over', () => {
    const members = relay(20, -1);
    const population = populationOf([...customers(200), ...members]);
    expect(custodyEdges(population).placebo).toBe(19);
    expect(stateCustody.measure(candidate(population, names(members)))[0]!.nats).toBeLessThan(0);
  });

  test('no hit: strangers who each go on with their own conversations', () => {
    const specs = customers(200);
    const population = populationOf(specs);
    const random = seededRandom('null');
    for (let i = 0; i < 100; i++) {
      const members = randomMembers(population, 20, random);
      const view = { ...candidate(population, []), members };
      expect(stateCustody.measure(view)[0]!.nats).toBeLessThan(0);
    }
  });

  test('no hit: busy strangers, of whom six pairs pasted what one published, beside few and quiet others', () => {
    const accidents = (accounts: readonly string[]) => (account: string) => {
      const at = accounts.indexOf(account);
      return talking(account, (index, day) =>
        at % 2 === 1 && index === 0 && day === 5 ? { presented: [`${accounts[at - 1]} 4 0`] } : {},
      );
    };
    const busy = ordinary(30).map(({ account, ...spec }) => ({ ...spec, account: `busy_${account}` }));
    const quiet = ordinary(200);
    const [some, few] = [accidents(names(busy).slice(0, 12)), accidents(names(quiet).slice(0, 6))];
    const specs: AccountSpec[] = [
      ...busy.map((spec) => ({ ...spec, daily: Array(7).fill(6), usage: some(spec.account) })),
      ...quiet.map((spec) => ({ ...spec, daily: [0, 0, 0, 0, 1, 1], usage: few(spec.account) })),
    ];
    const row = measured(specs, busy)!;
    expect(row.observed).toBe(6);
    expect(row.expected).toBeGreaterThan(1.5);
    expect(row.nats).toBeLessThan(1);
  });

  test('look-alike: a public transcript that many paste links nobody', () => {
    const paste = (spec: AccountSpec): AccountSpec => ({
      ...spec,
      usage: talking(spec.account, () => ({ presented: ['transcript'] })),
    });
    const author: AccountSpec = {
      account: 'author',
      daily: [1],
      usage: talking('author', () => ({ minted: ['transcript'] })),
    };
    const members = customers(40).map(paste);
    expect(custodyEdges(populationOf([author, ...members])).to).toHaveLength(0);
  });

  test('look-alike: one organisation that rotates its keys is one customer', () => {
    const members = relay(20, 1, { org: 'one' });
    expect(custodyEdges(populationOf([...customers(50), ...members])).to).toHaveLength(0);
  });

  test('absent fields are no evidence', () => {
    const members = relay(20).map(({ usage: _, ...spec }): AccountSpec => spec);
    expect(measured([...customers(50), ...members], members)).toBeUndefined();
  });

  test('one paste between two friends is an accident', () => {
    const members = relay(2);
    const row = measured([...customers(200), ...members], members)!;
    expect([row.observed, row.nats < 0]).toEqual([1, true]);
  });
});
