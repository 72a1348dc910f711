import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advanceCampaigns } from '../../../core/campaigns/advance-campaigns.ts';
import type { Cluster } from '../../../core/campaigns/clusters.ts';
import { sceneOf } from '../../../core/campaigns/scene.ts';
import { partsOf } from '../../../core/campaigns/split.ts';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import { isoTime } from '../../../core/records/time.ts';
import { parseSettings } from '../../../core/settings.ts';
import { type AccountSpec, dayMs, names, ordinary, pool, segmentOf } from '../../support/population.ts';

const DAYS = 14;
const settings = parseSettings({});
const strangers = ordinary(120, { days: DAYS });

/** A pool at work until the end, in the platform's own hours. */
const active = (name: string, size: number, change: Partial<AccountSpec> = {}): AccountSpec[] =>
  pool({ name, size, from: 2, to: DAYS }).map((spec) => ({ ...spec, hours: [9, 10, 11, 13, 14, 15, 16], ...change }));

const p = active('p', 24);
const q = active('q', 20, { tasks: { vision: 1 }, flags: {} });
const r = active('r', 20, { tasks: { translation: 1 }, flags: {}, output: 90 });
const world = [...strangers, ...p, ...q, ...r];

/** One sweep of the world in which discovery let the `found` sets through. */
function sweepDay(day: number, tracked: readonly TrackedFinding[], found: readonly (readonly AccountSpec[])[]) {
  const scene = sceneOf(dayMs(day), [segmentOf(world, day)], tracked, [], settings);
  const clusters = found.map((members): Cluster => {
    const certain = names(members).map((account) => scene.population.indexOf.get(account)!);
    return {
      membership: { certain, probable: [], held: new Set(certain), odds: new Map(certain.map((one) => [one, 20])) },
      accounts: new Set(names(members)),
      classification: 'coordinated_abuse',
      evidence: [{ group: 'identity', detector: 'entity-links', observed: 1, expected: 0, unit: 'share', strength: 5 }],
      benign: [],
      q: 0.001,
    };
  });
  const discovery = { clusters, held: [], candidates: 10, candidateNats: [], remembered: [] };
  return advanceCampaigns(scene, tracked, discovery);
}

const claimedBy = (one: TrackedFinding | undefined) =>
  one!.members.filter(({ until }) => until === undefined).map(({ account }) => account);

describe('a finding that comes apart', () => {
  const joint = sweepDay(8, [], [[...p, ...q]]);
  const id = joint.tracked[0]!.finding.id;
  const once = sweepDay(9, joint.tracked, [p, q]);
  const twice = sweepDay(10, once.tracked, [p, q]);

  test('for one sweep only is left whole, nobody is told, and the next sweep starts counting anew', () => {
    expect(once.transitions).toEqual([]);
    expect(once.tracked.map(({ apartAt }) => apartAt)).toEqual([isoTime(dayMs(9))]);
    expect(claimedBy(once.tracked[0])).toHaveLength(44);
    const together = sweepDay(10, once.tracked, [[...p, ...q]]);
    expect(together.tracked).toHaveLength(1);
    expect(together.tracked[0]).not.toHaveProperty('apartAt');
    expect(sweepDay(11, together.tracked, [p, q]).tracked).toHaveLength(1);
  });

  test('and of which only one part is seen the next day is left whole', () => {
    expect(sweepDay(10, once.tracked, [p]).tracked).toHaveLength(1);
    expect(sweepDay(10, once.tracked, []).tracked).toHaveLength(1);
  });

  test('is told as an update that says how many left and an opening that says whence', () => {
    const told = twice.transitions.map(({ finding, context }) => [context.message, finding.id === id]);
    expect(told).toEqual([
      ['updated', true],
      ['opened', false],
    ]);
    const [parent, part] = twice.transitions.map(({ finding }) => finding);
    expect(parent!.reason).toContain('split: 20 accounts are another campaign');
    expect(part!.links).toEqual([{ finding: id, relation: 'split_from' }]);
    expect(parent!.links).toEqual([]);
  });

  test('leaves each account in one campaign; who left is kept with the sweep that let it go', () => {
    const [parent, part] = twice.tracked;
    expect(claimedBy(parent)).toEqual(names(p));
    expect(claimedBy(part)).toEqual(names(q));
    const gone = parent!.members.filter(({ until }) => until !== undefined);
    expect(gone.map(({ account }) => account)).toEqual(names(q));
    expect(new Set(gone.map(({ until }) => until))).toEqual(new Set([isoTime(dayMs(10))]));
    expect(parent).not.toHaveProperty('apartAt');
  });

  test('does not grow together again while its parts are found apart', () => {
    const after = sweepDay(11, twice.tracked, [q, p]);
    expect(after.tracked.map(({ finding }) => finding.id)).toEqual(twice.tracked.map(({ finding }) => finding.id));
    expect(after.tracked.map((one) => claimedBy(one).length)).toEqual([24, 20]);
  });

  test('into three is three campaigns, two of which say whence', () => {
    const all = sweepDay(8, [], [[...p, ...q, ...r]]);
    const first = sweepDay(9, all.tracked, [r, p, q]);
    const { tracked } = sweepDay(10, first.tracked, [r, p, q]);
    const links = tracked.map(({ finding }) => finding.links.map(({ relation }) => relation));
    expect(links).toEqual([[], ['split_from'], ['split_from']]);
    expect(claimedBy(tracked[0])).toEqual(names(p));
    expect(new Set(tracked.map(({ finding }) => finding.id)).size).toBe(3);
  });
});

describe('whatever clusters a sweep finds, the parts of a finding', () => {
  const ACCOUNTS = 60;
  const nameOf = (account: number) => `a${account}`;
  const claimed = new Set(Array.from({ length: 48 }, (_, i) => nameOf(i)));
  const members = fc.uniqueArray(fc.nat(ACCOUNTS - 1), { minLength: 5, maxLength: ACCOUNTS });
  const clusters = fc.array(fc.tuple(members, members), { maxLength: 6 }).map((drawn) =>
    drawn.map(
      ([accounts, alike]): Cluster => ({
        membership: { certain: accounts, probable: [], held: new Set([...accounts, ...alike]), odds: new Map() },
        accounts: new Set(accounts.map(nameOf)),
        classification: 'coordinated_abuse',
        evidence: [],
        benign: [],
        q: 0.01,
      }),
    ),
  );
  /** Sets of neighbours, cut from one row of accounts: most of them share nobody. */
  const apart = fc
    .tuple(fc.uniqueArray(fc.integer({ min: 1, max: ACCOUNTS - 1 }), { minLength: 1, maxLength: 4 }), fc.nat(2))
    .map(([cuts, more]): Cluster[] => {
      const edges = [0, ...cuts.sort((a, b) => a - b), ACCOUNTS];
      return edges.slice(1).map((to, i) => {
        const accounts = Array.from({ length: Math.min(ACCOUNTS, to + more) - edges[i]! }, (_, at) => edges[i]! + at);
        return {
          membership: { certain: accounts, probable: [], held: new Set(accounts), odds: new Map() },
          accounts: new Set(accounts.map(nameOf)),
          classification: 'coordinated_abuse',
          evidence: [],
          benign: [],
          q: 0.01,
        };
      });
    });

  test('are some of them, largest first, each a quarter of the finding, and hardly share anybody', () => {
    fc.assert(
      fc.property(fc.oneof(clusters, apart), (drawn) => {
        const parts = partsOf(claimed, drawn, nameOf);
        expect(parts.filter((part) => !drawn.includes(part))).toEqual([]);
        expect(new Set(parts).size).toBe(parts.length);
        expect(parts.length).toBeLessThanOrEqual(4);
        const sizes = parts.map(({ accounts }) => accounts.size);
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
        parts.forEach((part, i) => {
          const held = [...part.accounts].filter((account) => claimed.has(account)).length;
          expect(held).toBeGreaterThanOrEqual(12);
          for (const other of parts.slice(i + 1)) {
            const common = [...other.accounts].filter((account) => part.accounts.has(account)).length;
            expect(common).toBeLessThanOrEqual(0.05 * other.accounts.size);
          }
        });
      }),
    );
  });

  test('of different sizes are the same in whatever order the clusters come', () => {
    fc.assert(
      fc.property(fc.oneof(clusters, apart), (drawn) => {
        const sizes = drawn.map(({ accounts }) => accounts.size);
        fc.pre(new Set(sizes).size === sizes.length);
        expect(partsOf(claimed, drawn.toReversed(), nameOf)).toEqual(partsOf(claimed, drawn, nameOf));
      }),
    );
  });
});
