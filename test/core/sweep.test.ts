import { expect, test } from 'vitest';
import type { Segment } from '../../core/aggregates/segment.ts';
import { NO_MEMORY, type SweepMemory } from '../../core/campaigns/tracked.ts';
import { seededRandom } from '../../core/population/random.ts';
import { parseSettings } from '../../core/settings.ts';
import { type SweepResult, sweep } from '../../core/sweep.ts';
import { type AccountSpec, dayMs, names, ordinary, pool, segmentOf } from '../support/population.ts';

const settings = parseSettings({});

function sweepOn(segments: Segment[], day: number, memory: SweepMemory = NO_MEMORY): SweepResult {
  return sweep({ at: dayMs(day), segments, releases: [], memory, settings });
}

const sweepWorld = (world: readonly AccountSpec[], day: number, memory: SweepMemory = NO_MEMORY) =>
  sweepOn([segmentOf(world, day)], day, memory);

const openIds = ({ transitions }: SweepResult) =>
  transitions.filter(({ finding }) => finding.state === 'opened').map(({ finding }) => finding.id);

/** What is told, shown and remembered, byte for byte. */
const told = ({ transitions, current, memory }: SweepResult) => JSON.stringify({ transitions, current, memory });

/** The same accounts in another order, dealt to `parts` readers that each know their own totals only. */
function dealt(world: readonly AccountSpec[], day: number, parts: number, seed: string): Segment[] {
  const random = seededRandom(seed);
  const hands: AccountSpec[][] = Array.from({ length: parts }, () => []);
  const keyed = world.map((spec) => ({ spec, key: random.next() })).sort((a, b) => a.key - b.key);
  for (const { spec } of keyed) hands[random.below(parts)]!.push(spec);
  return hands.map((hand) => segmentOf(hand, day));
}

const world = [...ordinary(500), ...pool({ size: 30 })];

test('a pool of bought accounts among strangers is one finding that holds all of them and nobody else', () => {
  const { transitions, memory } = sweepWorld(world, 10);
  expect(transitions).toHaveLength(1);
  expect(transitions[0]!.finding).toMatchObject({ state: 'opened', kind: 'campaign', classification: 'distillation' });
  expect(memory.tracked[0]!.members.map(({ account }) => account)).toEqual(names(pool({ size: 30 })));
});

test('strangers alone make no campaign, whatever their seed', () => {
  for (const seed of ['a', 'b', 'c', 'd']) {
    const { transitions, summary } = sweepWorld(ordinary(500, { seed }), 10);
    expect(transitions.filter(({ finding }) => finding.kind === 'campaign')).toEqual([]);
    // Consumers rank, at a tenth of false ones: no more than the queue of a small platform holds.
    expect(transitions.length).toBeLessThanOrEqual(1);
    expect(summary.accounts).toBe(500);
  }
});

test('the order of accounts and the number of readers change nothing, on the first sweep and the next', () => {
  const first = sweepWorld(world, 9);
  const second = sweepWorld(world, 10, first.memory);
  for (const [parts, seed] of [
    [1, 'order'],
    [3, 'three'],
    [17, 'many'],
  ] as const) {
    const again = sweepOn(dealt(world, 9, parts, seed), 9);
    expect(told(again)).toBe(told(first));
    expect(again.summary).toEqual(first.summary);
    const after = sweepOn(dealt(world, 10, parts, seed), 10, again.memory);
    expect(told(after)).toBe(told(second));
  }
});

test('what is remembered survives JSON: a sweep from the store equals a sweep from memory', () => {
  const { memory } = sweepWorld(world, 9);
  const stored = JSON.parse(JSON.stringify(memory)) as SweepMemory;
  expect(JSON.stringify(sweepWorld(world, 10, stored))).toBe(JSON.stringify(sweepWorld(world, 10, memory)));
});

test('a sweep without change tells nothing, and still shows the open finding', () => {
  const first = sweepWorld(world, 10);
  const second = sweepWorld(world, 10, first.memory);
  expect(second.transitions).toEqual([]);
  expect(second.current.map(({ finding }) => finding.id)).toEqual(openIds(first));
  expect(second.memory.tracked[0]!.sequence).toBe(1);
});

test('an empty platform is swept, with or without findings that are remembered', () => {
  const empty = sweepOn([], 10);
  expect(empty).toMatchObject({
    transitions: [],
    memory: NO_MEMORY,
    summary: { accounts: 0, candidates: 0, coverage: 0 },
  });
  const { memory } = sweepWorld(world, 10);
  // What was last seen of members is of the days at hand, of which there are none.
  const tracked = memory.tracked.map(({ seen: _, ...finding }) => finding);
  expect(sweepOn([segmentOf([])], 11, memory)).toMatchObject({ transitions: [], memory: { ...memory, tracked } });
});

test('a platform that sends no account records still finds a pool by birth, schedule, content and intent', () => {
  const bare = world.map(({ createdAt: _, facts: __, ...spec }): AccountSpec => spec);
  const { transitions } = sweepWorld(
    bare.map((spec, i) => (spec.account.startsWith('m_') ? spec : { ...spec, daily: staggered(spec.daily, i) })),
    10,
  );
  expect(transitions.map(({ finding }) => finding.accounts.certain + finding.accounts.probable)).toEqual([30]);
  expect(transitions[0]!.finding.evidence.map(({ group }) => group)).not.toContain('identity');
});

/** First days spread out, so that the platform does not seem to be born on its first day. */
const staggered = (daily: readonly number[], i: number) => daily.map((count, day) => (day < i % 8 ? 0 : count || 1));

test('usage with the needed fields only links nobody', () => {
  const bare = world.map(({ account, daily }): AccountSpec => ({ account, daily }));
  expect(sweepWorld(bare, 10).transitions.filter(({ finding }) => finding.kind === 'campaign')).toEqual([]);
});

test('accounts of one organisation are one customer, however alike they are', () => {
  const inOrg = (spec: AccountSpec): AccountSpec => ({ ...spec, facts: { ...spec.facts, org: 'one' } });
  expect(sweepWorld(world.map(inOrg), 10).transitions).toEqual([]);
  const company = [...ordinary(500), ...pool({ size: 30 }).map(inOrg)];
  expect(sweepWorld(company, 10).transitions).toEqual([]);
});

test('a banned pool and the pool that replaces it are one finding: opened once, its id unchanged', () => {
  const ban = (spec: AccountSpec): AccountSpec => ({ ...spec, facts: { ...spec.facts, status: 'banned' } });
  const strangers = ordinary(500, { days: 16 });
  const first = pool({ size: 30, to: 10 });
  const replacement = pool({ size: 30, from: 10, to: 16 }).map((spec, i) => ({
    ...spec,
    account: `r_${String(i).padStart(4, '0')}`,
    facts: { ...spec.facts, 'payment.instrument': `fresh ${i}`, 'email.domain': `fresh ${i}` },
  }));
  const opened = sweepWorld([...strangers, ...first], 10);
  let { memory } = opened;
  const states: string[] = [];
  for (let day = 11; day <= 14; day++) {
    const after = sweepWorld([...strangers, ...first.map(ban), ...replacement], day, memory);
    states.push(...after.transitions.map(({ finding }) => `${finding.id} ${finding.state}`));
    memory = after.memory;
  }
  const { tracked } = memory;
  expect(tracked).toHaveLength(1);
  expect(openIds(opened)).toEqual([tracked[0]!.finding.id]);
  expect(new Set(states)).toEqual(new Set([`${tracked[0]!.finding.id} updated`]));
  const claimed = tracked[0]!.members.filter(({ until }) => until === undefined).map(({ account }) => account);
  expect(claimed).toEqual([...names(first), ...names(replacement)].sort());
});

test('a campaign of which every exchange fails is a finding, not a crash of the sweep', () => {
  const failing = pool({ size: 30, change: () => ({ failed: 1 }) });
  const { transitions } = sweepWorld([...ordinary(500), ...failing], 10);
  expect(transitions.map(({ finding }) => finding.state)).toEqual(['opened']);
});

test('a finding whose members are all released does not stop the sweep', () => {
  const { memory } = sweepWorld(world, 10);
  const released = memory.tracked.map((finding) => ({
    ...finding,
    members: finding.members.map((member) => ({ ...member, until: finding.openedAt })),
  }));
  expect(() => sweepWorld(world, 11, { ...memory, tracked: released })).not.toThrow();
});
