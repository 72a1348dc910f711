import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AccountProfile,
  addDay,
  PROFILE_TEXTS,
  packProfile,
  unpackProfile,
} from '../../../core/aggregates/account-profile.ts';
import { sharedTextSets } from '../../../core/campaigns/shared-texts.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { discoverIn } from '../../support/discovery.ts';
import { type AccountSpec, accountDay, dayMs, names, populationOf, START_DAY } from '../../support/population.ts';

/** Posts of another field: a text each, a time, a day of birth, and nothing else. */
const posts = (account: string, born: number, daily: readonly number[], text: (i: number, day: number) => string) => ({
  account,
  createdAt: dayMs(born),
  daily,
  usage: (i: number, day: number) => ({ prompt: { template: text(i, day) } }),
});

const random = seededRandom('posts');

function people(count: number): AccountSpec[] {
  return Array.from({ length: count }, (_, n) => {
    const most = 1 + random.below(14);
    const daily: number[] = Array.from({ length: 10 }, () => random.below(most + 1));
    if (!daily.some(Boolean)) daily[0] = 1;
    const name = `p_${String(n).padStart(4, '0')}`;
    const fashion = () => `fashion ${random.below(400)}`;
    return posts(name, -random.below(1500), daily, (i, day) =>
      random.next() < 0.1 ? fashion() : `${name} ${day} ${i}`,
    );
  });
}

/** Everybody posts the day's slogans, each perhaps, and something of his own; made in three batches. */
function ring(size: number): AccountSpec[] {
  return Array.from({ length: size }, (_, n) => {
    const name = `r_${String(n).padStart(4, '0')}`;
    const born = -400 - 40 * Math.floor((3 * n) / size) + n / 2000;
    return posts(name, born, new Array<number>(10).fill(6), (i, day) =>
      i < 4 ? `slogan ${day} ${random.below(12)}` : `${name} ${day} ${i}`,
    );
  });
}

describe('accounts that use the same rare texts, each but once', () => {
  const members = ring(60);
  const population = populationOf([...people(900), ...members]);

  test('are proposed as one set, though nobody works with a template', () => {
    const sets = sharedTextSets(population, 10).map((set) => Array.from(set, (i) => population.names[i]!));
    const best = sets.toSorted((a, b) => b.filter((x) => x[0] === 'r').length - a.filter((x) => x[0] === 'r').length);
    expect(best[0]!.filter((name) => name.startsWith('r_')).length).toBeGreaterThan(50);
    expect(best[0]!.filter((name) => name.startsWith('p_')).length).toBeLessThan(10);
  });

  test('are a campaign where they were also made together and share out the load, with no field to join them', () => {
    const { clusters } = discoverIn(population, dayMs(10));
    expect(clusters.map(({ classification }) => classification)).toEqual(['coordinated_abuse']);
    const found = [...clusters[0]!.accounts];
    expect(found.filter((name) => name.startsWith('r_')).length).toBeGreaterThan(0.9 * members.length);
    expect(found.filter((name) => name.startsWith('p_'))).toEqual([]);
  });

  test('a crowd that follows fashions is nothing', () => {
    const crowd = populationOf(people(900));
    expect(discoverIn(crowd, dayMs(10)).clusters).toEqual([]);
  });

  test('old accounts that repeat the same slogans as people do, a fan club, are nothing', () => {
    const fans = people(60).map((spec, n): AccountSpec => {
      const name = `f_${names([spec])[0]}`;
      return {
        ...spec,
        account: name,
        usage: (i, day) => ({
          prompt: { template: i % 2 === 0 ? `chant ${day} ${random.below(12)}` : `${n} ${day} ${i}` },
        }),
      };
    });
    const club = populationOf([...people(900), ...fans]);
    expect(discoverIn(club, dayMs(10)).clusters).toEqual([]);
  });
});

describe('the texts that a profile keeps', () => {
  const day = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 });
  const spec = (texts: readonly number[]): AccountSpec => ({
    account: 'a',
    daily: [],
    usage: (i) => ({ prompt: { template: `text ${texts[i]}` } }),
  });

  test('are the same in whatever order days are added, and survive packing', () => {
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 12 }), fc.infiniteStream(fc.nat()), (days, order) => {
        const made = days.map((texts, i) => accountDay(spec(texts), START_DAY + i, texts.length));
        const forward = new AccountProfile('a');
        for (const [i, one] of made.entries()) addDay(forward, START_DAY + i, one);
        const shuffled = new AccountProfile('a');
        const places = made.map((_, i) => ({ i, by: order.next().value })).sort((x, y) => x.by - y.by);
        for (const { i } of places) addDay(shuffled, START_DAY + i, made[i]!);
        expect(shuffled.texts).toEqual(forward.texts);
        expect(forward.texts).toEqual(forward.texts.toSorted((a, b) => a - b));
        expect(new Set(forward.texts).size).toBe(forward.texts.length);
        expect(forward.texts.length).toBeLessThanOrEqual(PROFILE_TEXTS);
        expect(unpackProfile(packProfile(forward)).texts).toEqual(forward.texts);
      }),
      { numRuns: 50 },
    );
  });
});
