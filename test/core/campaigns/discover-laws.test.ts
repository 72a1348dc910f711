/** What holds for every search, whatever the platform: the same answer for the same accounts, and plain memory. */
import { describe, expect, test } from 'vitest';
import type { Discovery } from '../../../core/campaigns/discover.ts';
import type { RememberedCandidate } from '../../../core/campaigns/evidence-process.ts';
import { Population } from '../../../core/population/population.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { isoTime } from '../../../core/records/time.ts';
import { parseSettings } from '../../../core/settings.ts';
import { discoverIn } from '../../support/discovery.ts';
import { type AccountSpec, dayMs, ordinary, pool, segmentOf } from '../../support/population.ts';

const settings = parseSettings({});
const SWEEP = dayMs(10);

/** Another operator, with a schedule and a mix of work of its own. */
const other = (spec: AccountSpec): Partial<AccountSpec> => ({
  createdAt: spec.createdAt! - 40 * 86_400_000,
  daily: spec.daily.map((n) => n * 4),
  tasks: { vision: 0.9 },
});

const world = [
  ...ordinary(250),
  ...pool({ name: 'p', size: 20 }),
  ...pool({ name: 'q', size: 20, from: 5, change: other }),
];

/** Searches these accounts, read in so many segments. */
function searched(specs: readonly AccountSpec[], segments = 1, before: readonly RememberedCandidate[] = []): Discovery {
  const hands = Array.from({ length: segments }, (_, hand) => specs.filter((_, i) => i % segments === hand));
  const population = new Population(hands.map((hand) => segmentOf(hand).profiles));
  return discoverIn(population, SWEEP, settings, before);
}

/** All of it as text: sets and maps in the order in which they are kept. */
const bytes = (discovery: Discovery) =>
  JSON.stringify(discovery, (_, value) => (value instanceof Set || value instanceof Map ? [...value] : value));

function shuffled(specs: readonly AccountSpec[], seed: string): AccountSpec[] {
  const random = seededRandom(seed);
  const keyed = specs.map((spec) => ({ spec, key: random.next() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ spec }) => spec);
}

const first = searched(world);

describe('the same accounts', () => {
  test('are searched with the same result, byte for byte, in any order and in any number of segments', () => {
    expect(first.clusters.map(({ accounts }) => accounts.size)).toEqual([20, 20]);
    const expected = bytes(first);
    expect(bytes(searched(world.toReversed()))).toBe(expected);
    expect(bytes(searched(shuffled(world, 'three'), 3))).toBe(expected);
    expect(bytes(searched(shuffled(world, 'many'), 11))).toBe(expected);
  });

  test('with what is remembered in another order have the same result too', () => {
    const expected = bytes(searched(world, 1, first.remembered));
    expect(bytes(searched(world, 1, first.remembered.toReversed()))).toBe(expected);
  });
});

describe('what a search leaves to the next', () => {
  const days = (count: number) => isoTime(SWEEP - count * 86_400_000);

  test('is plain JSON, one entry a name, by name', () => {
    const keys = first.remembered.map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(1);
    expect(keys).toEqual([...new Set(keys)].sort());
    expect(JSON.parse(JSON.stringify(first.remembered))).toEqual(first.remembered);
    expect(first.candidateNats).toHaveLength(keys.length);
  });

  test('keeps who is not seen today for ninety days, as it was, and no longer', () => {
    const unseen = (key: string, discovered: string) => ({ key, discovered, accounts: [1, 2, 3], terms: { 0: 2 } });
    const kept = unseen('template kept', days(90));
    const { remembered } = searched(world, 1, [kept, unseen('template forgotten', days(91))]);
    expect(remembered.find(({ key }) => key === kept.key)).toEqual(kept);
    expect(remembered.map(({ key }) => key)).not.toContain('template forgotten');
  });

  test('a pool that was proven months ago has to be proven again: forgotten evidence opens nothing', () => {
    const proven = first.remembered.map((one) => ({ ...one, terms: { 0: 20 } }));
    const aged = (count: number) => proven.map((one) => ({ ...one, discovered: days(count) }));
    const recalled = searched(world, 1, aged(90)).remembered;
    expect(recalled.every(({ terms }) => terms[0] === 20)).toBe(true);
    const fresh = searched(world, 1, aged(91)).remembered;
    expect(fresh).toEqual(first.remembered);
  });

  test('a pool that was remembered on another day has its evidence of that day and of this', () => {
    const aged = first.remembered.map((one) => ({ ...one, discovered: days(5), terms: { 0: 1 } }));
    for (const { terms } of searched(world, 1, aged).remembered) expect(Object.keys(terms)).toEqual(['0', '3']);
  });
});
