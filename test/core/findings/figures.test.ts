import { describe, expect, test } from 'vitest';
import { assess, strongest } from '../../../core/findings/assess.ts';
import type { Evidence, Member } from '../../../core/findings/finding.ts';
import type { ListPrices } from '../../../core/findings/list-price.ts';
import { isoTime } from '../../../core/records/time.ts';
import { type AccountSpec, dayMs, populationOf, segmentOf } from '../../support/population.ts';

const a: AccountSpec = {
  account: 'a',
  daily: [2, 4, 0, 6],
  output: 100,
  tasks: { vision: 0.5 },
  facts: { org: 'x', verified: true },
};
const b: AccountSpec = { account: 'b', daily: [0, 10], output: 10, facts: { org: 'x' } };
const rest: AccountSpec = { account: 'z', daily: [20, 20, 20, 20], output: 50, tasks: { vision: 0.1 } };
const world = [a, b, rest];

const member = (account: string, more: Partial<Member> = {}): Member => ({
  finding: 'cmp-1',
  account,
  confidence: 'certain',
  claimed: isoTime(dayMs(4)),
  since: isoTime(dayMs(0)),
  ...more,
});

const assessed = (members: readonly Member[], specs: readonly AccountSpec[] = world, prices: ListPrices = {}) =>
  assess({
    population: populationOf(specs),
    days: segmentOf(specs).population,
    members,
    classification: 'distillation',
    q: 0.001,
    at: dayMs(4),
    prices,
  });

describe('the figures of a finding', () => {
  test('count the exchanges and output of the members in the window, certain ones apart', () => {
    const { figures } = assessed([member('a'), member('b', { confidence: 'probable' })]);
    expect(figures).toMatchObject({
      accounts: { certain: 1, probable: 1 },
      exchanges: 22,
      outputTokens: 1300,
      certain: { exchanges: 12, outputTokens: 1200 },
      window: { from: isoTime(dayMs(0)), to: isoTime(dayMs(4) - 1) },
    });
    expect(figures.daily.map(({ exchanges, active, joined }) => [exchanges, active, joined])).toEqual([
      [2, 1, 1],
      [14, 2, 1],
      [6, 1, 0],
    ]);
  });

  test('leave out what a member did before it belonged', () => {
    const { figures } = assessed([member('a', { since: isoTime(dayMs(1)) })]);
    expect(figures.exchanges).toBe(10);
    expect(figures.window!.from).toBe(isoTime(dayMs(1)));
  });

  test('leave out accounts that the finding no longer claims, and those that left the records', () => {
    const { figures } = assessed([member('a'), member('b', { until: isoTime(dayMs(3)) }), member('gone')]);
    expect(figures.accounts).toEqual({ certain: 1, probable: 0 });
    expect(figures.exchanges).toBe(12);
  });

  test('of nobody are nothing, not a crash', () => {
    const { figures, profile } = assessed([]);
    expect(figures).toMatchObject({ exchanges: 0, window: undefined, active: [], capabilities: [] });
    expect(profile).toMatchObject({ orgs: 0, verified: 0 });
  });

  test('the last activity is a success of a certain member; of any where none is certain', () => {
    const failing = [{ ...a, failed: 1 }, b, rest];
    const two = [member('a'), member('b', { confidence: 'probable' })];
    expect(assessed(two, failing).figures.active).toEqual([]);
    expect(assessed(two).figures.active).toEqual([dayMs(4) - 1]);
    const probable = two.map((one) => ({ ...one, confidence: 'probable' as const }));
    expect(assessed(probable, failing).figures.active).toEqual([dayMs(2) - 1]);
  });

  test('capabilities are shares of all exchanges, unlabelled ones included, over the share of the platform', () => {
    const { figures } = assessed([member('a'), member('b')]);
    // 6 of 22 against 14 of 102.
    expect(figures.capabilities).toEqual([{ task: 'vision', exchanges: 6, share: 0.2727, lift: 1.987 }]);
  });

  test('the reader learns the share of output, the organisations behind the accounts and who is verified', () => {
    const { compare, profile } = assessed([member('a'), member('b')]);
    expect(compare.shareOfOutput).toBeCloseTo(1300 / 5300, 3);
    expect(profile).toMatchObject({ orgs: 1, verified: 1 });
  });

  test('a ban is counted on the day it was told', () => {
    const banned = [{ ...a, facts: { ...a.facts, status: 'banned' } }, b, rest];
    expect(assessed([member('a')], banned).figures.daily.map(({ banned: count }) => count)).toEqual([1, 0, 0]);
  });
});

describe('what the output of a finding costs at list price', () => {
  const on = (model: string, share = 1) => ({ ...a, modelOn: () => ({ model, share }) });
  const prices = { large: 25, small: 4 };
  const members = [member('a'), member('b', { confidence: 'probable' })];
  const worth = (specs: readonly AccountSpec[], list: ListPrices) => assessed(members, [...specs, rest], list).worth;

  test('is exact where each account used one model a day: certain members, then all', () => {
    // 12 exchanges of 100 tokens, and 10 of 10.
    const world = [on('large'), { ...b, modelOn: () => ({ model: 'small', share: 1 }) }];
    const million = world.map((spec) => ({ ...spec, output: spec.output! * 1e6 }));
    expect(worth(million, prices)).toEqual({ usd: [1200 * 25, 1200 * 25 + 100 * 4], unpriced: 0 });
  });

  test('lies between the cheapest and the dearest where models were mixed within a day', () => {
    const mixed = { ...on('large', 0.5), output: 1e8 };
    const dear = { ...prices, unused: 30 };
    expect(worth([mixed, { ...b, output: 0 }], dear)).toEqual({ usd: [0, 1200 * 30], unpriced: 1_200_000_000 });
  });

  test('leaves out a model without a price, and says how much that may be', () => {
    const world = [
      { ...on('large'), output: 1e8 },
      { ...b, output: 1e7, modelOn: () => ({ model: 'new', share: 1 }) },
    ];
    expect(worth(world, prices)).toEqual({ usd: [30_000, 30_000], unpriced: 100_000_000 });
  });

  test('is not spoken of without a list, or where nothing on it was used', () => {
    expect(worth([on('large'), b], {})).toBeUndefined();
    expect(worth([on('other'), { ...b, modelOn: () => ({ model: 'other', share: 1 }) }], prices)).toBeUndefined();
  });
});

test('at most five pieces of evidence are told, strongest first, and none that speaks against', () => {
  const row = (strength: number, i: number): Evidence => ({
    group: 'content',
    detector: i % 2 ? 'template-family' : 'output-contract',
    observed: 0.123456,
    expected: 0,
    unit: 'share',
    strength,
  });
  const told = strongest([1, 6, -0.7, 3, 2, 4, 5].map(row));
  expect(told.map(({ strength }) => strength)).toEqual([6, 5, 4, 3, 2]);
  expect(told[0]!.observed).toBe(0.1235);
  expect(strongest([row(0, 0), row(-1, 1)])).toEqual([]);
});
