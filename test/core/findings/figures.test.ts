import { describe, expect, test } from 'vitest';
import { assess, strongest } from '../../../core/findings/assess.ts';
import type { Evidence, Member } from '../../../core/findings/finding.ts';
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

const assessed = (members: readonly Member[], specs: readonly AccountSpec[] = world) =>
  assess({
    population: populationOf(specs),
    days: segmentOf(specs).population,
    members,
    classification: 'distillation',
    q: 0.001,
    at: dayMs(4),
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
