import { describe, expect, test } from 'vitest';
import { sharedKeys } from '../../../core/detectors/key-sharing.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { type AccountSpec, populationOf } from '../../support/population.ts';

const DAYS = 6;

/** Exchanges of `people` behind one account: each has a machine, an address and a prompt of his own. */
const crowd = (account: string, people: number, rate: number, facts: Record<string, string | boolean> = {}) => {
  const random = seededRandom(account);
  return {
    account,
    facts,
    daily: new Array<number>(DAYS).fill(rate),
    usage: () => {
      const person = `${account} ${random.below(people)}`;
      return {
        network: { ip: `ip ${person}` },
        client: { tls: `tls ${person}`, agent: 'sdk' },
        session: `session ${person} ${random.below(3)}`,
        prompt: { system: `system ${person}`, topic: random.below(people > 5 ? 64 : 3) },
      };
    },
  } satisfies AccountSpec;
};

const persons = Array.from({ length: 300 }, (_, i) => crowd(`k_${i}`, 1 + (i % 2), 12 + (i % 9)));
const foundIn = (specs: readonly AccountSpec[]) => {
  const population = populationOf(specs);
  return sharedKeys(population)
    .found.filter(({ p }) => p < 1e-3)
    .map(({ account }) => population.names[account]!);
};

describe('key-sharing', () => {
  test('hit: one key behind which two hundred people work', () => {
    expect(foundIn([...persons, crowd('shared', 200, 60)])).toEqual(['shared']);
  });

  test('no hit: persons with one or two machines', () => {
    expect(foundIn(persons)).toEqual([]);
  });

  test('look-alike: a verified gateway, and a team of one organisation', () => {
    const gateway = crowd('gateway', 200, 60, { verified: true });
    const team = Array.from({ length: 6 }, (_, i) => crowd(`seat_${i}`, 60, 60, { org: 'team' }));
    expect(foundIn([...persons, gateway, ...team])).toEqual([]);
  });

  test('absent fields are no evidence', () => {
    const bare = [...persons, crowd('shared', 200, 60)].map(({ usage: _, ...spec }): AccountSpec => spec);
    expect(foundIn(bare)).toEqual([]);
  });
});
