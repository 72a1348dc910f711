import { describe, expect, test } from 'vitest';
import { featuresOf } from '../../../core/campaigns/features.ts';
import { scoreAgainst } from '../../../core/campaigns/membership.ts';
import { findSeeds } from '../../../core/campaigns/seeds.ts';
import { custodyEdges } from '../../../core/population/custody-edges.ts';
import { parseSettings } from '../../../core/settings.ts';
import { type AccountSpec, names, ordinary, populationOf } from '../../support/population.ts';

const DAYS = [4, 4, 4, 4, 4, 4];

/** Every exchange gives out an id of its own and hands in what `from` names. */
const talking = (account: string, from: (index: number, day: number) => string[]) => (index: number, day: number) => ({
  time: new Date(Date.UTC(2026, 3, 20 + day, 8, index)).toISOString(),
  custody: { minted: [`${account} ${day} ${index}`], presented: from(index, day) },
});

const own = (account: string) => talking(account, (index, day) => [`${account} ${day} ${index - 1}`]);

const customers = ordinary(200).map((spec): AccountSpec => ({ ...spec, usage: own(spec.account) }));

const name = (i: number) => `m_${String(i).padStart(3, '0')}`;

/** A relay: on each day every account goes on with what another of the relay had been given the day before. */
const relay = (size: number): AccountSpec[] =>
  Array.from({ length: size }, (_, i): AccountSpec => {
    const before = (day: number) => name((i + day) % size === i ? (i + 1) % size : (i + day) % size);
    return {
      account: name(i),
      daily: DAYS,
      usage: talking(name(i), (index, day) => [`${before(day)} ${day - 1} ${index}`]),
    };
  });

describe('accounts between which conversations move', () => {
  const members = relay(20);
  const population = populationOf([...customers, ...members]);
  const index = (account: string) => population.indexOf.get(account)!;

  test('are a set that chance does not make: what it stands on is its own tail', () => {
    const seed = findSeeds(population, parseSettings({}).detection).find(({ key }) => key.startsWith('custody'))!;
    expect(Array.from(seed.members, (i) => population.names[i])).toEqual(names(members));
    expect(seed.tail!.p).toBeLessThan(1e-5);
    expect(seed.tail!.observed).toBeGreaterThanOrEqual(20);
    expect(seed.tail!.expected).toBeLessThan(0.2);
  });

  test('are partners both ways, each pair once', () => {
    const { partners } = custodyEdges(population);
    for (const one of members) {
      const row = partners.accounts.subarray(
        partners.offsets[index(one.account)]!,
        partners.offsets[index(one.account) + 1]!,
      );
      expect(new Set(row).size).toBe(row.length);
      for (const other of row) {
        const back = partners.accounts.subarray(partners.offsets[other]!, partners.offsets[other + 1]!);
        expect(back).toContain(index(one.account));
      }
    }
  });

  test('belong by their hand-overs and one group more; a customer who handed nothing over does not', () => {
    const alike = (spec: AccountSpec): AccountSpec => ({ ...spec, createdAt: Date.UTC(2026, 3, 19) });
    const together = populationOf([...customers, ...members.map(alike)]);
    const core = new Set(names(members).map((account) => together.indexOf.get(account)!));
    const { certain, probable } = scoreAgainst(together, featuresOf(together), core);
    const called = [...certain, ...probable].map((i) => together.names[i]!).sort();
    expect(called).toEqual(names(members));
  });

  test('one friend who once went on with a conversation of a member is no member', () => {
    const friend: AccountSpec = {
      ...customers[3]!,
      account: 'friend',
      usage: talking('friend', (index, day) =>
        index === 0 && day === 5 ? [`${name(4)} 4 3`] : [`friend ${day} ${index - 1}`],
      ),
    };
    const world = populationOf([...customers, ...members, friend]);
    const core = new Set(names(members).map((account) => world.indexOf.get(account)!));
    const { certain, probable } = scoreAgainst(world, featuresOf(world), core);
    expect([...certain, ...probable]).not.toContain(world.indexOf.get('friend'));
  });
});
