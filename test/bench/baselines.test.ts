import { describe, expect, it } from 'vitest';
import { accountThreshold } from '../../bench/baselines/account-threshold.ts';
import { accusedAt, type Baseline, highest, thresholdFor } from '../../bench/baselines/baseline.ts';
import { BASELINES } from '../../bench/baselines/index.ts';
import { popularity, systemPopularity, templatePopularity } from '../../bench/baselines/popularity.ts';
import { robustZ } from '../../bench/baselines/robust-z.ts';
import { sharedAddress, sharedSubnet } from '../../bench/baselines/shared-address.ts';
import { Tally } from '../../bench/baselines/tally.ts';
import { verdictOf } from '../../bench/baselines/verdict.ts';
import type { UsageRecord } from '../../core/records/schema.ts';

const START = Date.UTC(2026, 3, 15);

interface Use {
  account: string;
  day: number;
  times?: number;
  ip?: string;
  subnet?: string;
  template?: string;
  system?: string;
}

function tallyOf(uses: readonly Use[]): Tally {
  const tally = new Tally(START);
  for (const { account, day, times = 1, ip, subnet, template, system } of uses) {
    const ms = START + day * 86_400_000;
    const record: UsageRecord = {
      type: 'usage',
      id: `${account}-${day}`,
      time: new Date(ms).toISOString(),
      account,
      model: 'm',
      tokens: { input: 1, output: 1 },
      network: { ...(ip === undefined ? {} : { ip }), ...(subnet === undefined ? {} : { subnet }) },
      prompt: { ...(template === undefined ? {} : { template }), ...(system === undefined ? {} : { system }) },
    };
    for (let i = 0; i < times; i++) tally.add(record, ms);
  }
  return tally;
}

const accused = (rule: Baseline, uses: readonly Use[], threshold = rule.usual) =>
  accusedAt(rule.levels(tallyOf(uses)), threshold, rule.joins);
const names = (count: number, prefix = 'k') => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('a threshold per account', () => {
  it('sees the account that sends a thousand a day, on the day it does, and not the one that sends 25', () => {
    const uses = [
      { account: 'busy', day: 0, times: 25 },
      { account: 'busy', day: 3, times: 1000 },
      ...names(40).map((account) => ({ account, day: 3, times: 25 })),
    ];
    expect([...accused(accountThreshold, uses).days]).toEqual([['busy', 3]]);
  });
});

describe('robust z per account', () => {
  const steady = (account: string, last: number): Use[] => [
    ...Array.from({ length: 8 }, (_, day) => ({ account, day, times: 9 + (day % 3) })),
    { account, day: 8, times: last },
  ];

  it('sees the account that leaves its own past, and not the one that goes on', () => {
    const { days } = accused(robustZ, [...steady('leaps', 200), ...steady('goes-on', 11)]);
    expect([...days]).toEqual([['leaps', 8]]);
  });

  it('holds a new account against everybody of that day', () => {
    const uses = [...names(20).map((account, i) => ({ account, day: 0, times: 3 + (i % 4) }))];
    const { days } = accused(robustZ, [...uses, { account: 'new', day: 0, times: 3000 }]);
    expect([...days.keys()]).toEqual(['new']);
  });
});

describe.each([
  [sharedAddress, 'ip'],
  [sharedSubnet, 'subnet'],
] as const)('$id', (rule, field) => {
  const behind = (value: string, accounts: readonly string[], day = 0): Use[] =>
    accounts.map((account) => ({ account, day, [field]: value }));

  it('sees ten accounts behind one, from the day of the tenth, and not nine', () => {
    const ten = [...behind('a', names(9, 'ten')), ...behind('a', ['ten9'], 4)];
    const { days } = accused(rule, [...ten, ...behind('b', names(9, 'nine'))]);
    expect(days.size).toBe(10);
    expect(new Set(days.values())).toEqual(new Set([4]));
  });

  it('joins what shares an account and keeps the rest apart', () => {
    const uses = [...behind('a', names(10)), ...behind('b', ['k0', ...names(9, 'l')]), ...behind('c', names(10, 'm'))];
    const sizes = accused(rule, uses).groups.map((group) => group.size);
    expect(sizes.sort((a, b) => a - b)).toEqual([10, 19]);
  });

  it('says nothing of accounts without the field', () => {
    expect(
      accused(
        rule,
        names(30).map((account) => ({ account, day: 0 })),
      ).days.size,
    ).toBe(0);
  });
});

describe.each([
  [templatePopularity, 'template'],
  [systemPopularity, 'system'],
] as const)('$id', (rule, field) => {
  const uses = names(60).map((account, i) => ({ account, day: i < 49 ? 0 : 2, [field]: 'one' }));

  it('sees fifty accounts on one, from the day of the fiftieth, those of before too', () => {
    const { days } = accused(rule, uses);
    expect(days.size).toBe(60);
    expect(new Set(days.values())).toEqual(new Set([2]));
  });

  it('does not see fifty accounts with one of their own each', () => {
    const own = names(60).map((account) => ({ account, day: 0, [field]: account }));
    expect(accused(rule, own).days.size).toBe(0);
  });
});

describe('the threshold of a rule', () => {
  it('is set so that no more than the allowed number of innocent accounts reach it', () => {
    const values = [9, 7, 7, 5, 3, 1];
    const reached = (allowed: number) => values.filter((value) => value >= thresholdFor(values, allowed)).length;
    expect([0, 1, 2, 3, 4].map(reached)).toEqual([0, 1, 1, 3, 4]);
  });

  it('counts an account once, at its highest', () => {
    const levels = popularity([
      { day: 0, value: 'x', account: 'a' },
      { day: 1, value: 'x', account: 'b' },
      { day: 1, value: 'y', account: 'a' },
    ]);
    expect(highest(levels)).toEqual([2, 2]);
  });

  it('has a default with its origin for every rule', () => {
    for (const { usual, usualFrom, unit } of BASELINES) {
      expect(usual).toBeGreaterThan(0);
      expect(usualFrom.length * unit.length).toBeGreaterThan(0);
    }
  });
});

describe('the verdict on a rule', () => {
  const campaign = new Set(names(10));
  const at = (groups: string[][], day = 5) => ({
    days: new Map(groups.flat().map((account) => [account, day])),
    groups: groups.map((group) => new Set(group)),
  });

  it('is a find where one group holds half of the campaign and is nine tenths its own', () => {
    expect(verdictOf(at([names(5)]), campaign)).toMatchObject({ found: true, right: 5, accused: 5, halfDay: 5 });
    expect(verdictOf(at([[...names(9), 'innocent']]), campaign).found).toBe(true);
  });

  it('is none where the group is impure, too small, or in pieces', () => {
    expect(verdictOf(at([[...names(8), 'innocent']]), campaign).found).toBe(false);
    expect(verdictOf(at([names(4)]), campaign)).toMatchObject({ found: false, right: 4 });
    expect(verdictOf(at([names(4)]), campaign)).not.toHaveProperty('halfDay');
    expect(
      verdictOf(
        at([
          ['k0', 'k1', 'k2'],
          ['k3', 'k4', 'k5'],
        ]),
        campaign,
      ).found,
    ).toBe(false);
  });

  it('counts everybody accused where there is no campaign', () => {
    expect(verdictOf(at([['a', 'b']]), new Set())).toMatchObject({ found: false, right: 0, accused: 2, size: 0 });
  });
});
