/** What a dossier counts, on exchanges small enough to count by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExchangeRow } from '../../../core/dossier/exchange-row.ts';
import { belongsTo, ExchangeTally, hourOfWeek, type RosterMember } from '../../../core/dossier/exchange-tally.ts';
import { KnownAccounts } from '../../../core/dossier/known-accounts.ts';
import { leakEstimate } from '../../../core/dossier/leak.ts';
import { RecentWork } from '../../../core/dossier/recent-work.ts';
import { throttlePlan } from '../../../core/dossier/throttle.ts';
import { outsidePeak } from '../../../core/dossier/week-chart.ts';

const row = (account: string, time: string, more: Partial<ExchangeRow> = {}): ExchangeRow => ({
  account,
  id: `${account}-${time}`,
  time: `2026-04-${time}:00.000Z`,
  model: 'opus-5',
  task: 'analysis',
  outputTokens: 100,
  template: '',
  sketch: '',
  ...more,
});
const ROSTER: RosterMember[] = [
  { account: 'a', confidence: 'certain', since: '2026-04-10T05:00:00.000Z' },
  { account: 'b', confidence: 'probable', since: '2026-04-11T09:00:00.000Z' },
];

describe('what belongs to a finding', () => {
  const belongs = belongsTo({ roster: ROSTER, at: '2026-04-13T00:00:00.000Z', retentionDays: 2 });

  it.each([
    ['a', '2026-04-10T23:59:59.999Z', false, 'older than the platform remembers'],
    ['a', '2026-04-11T00:00:00.000Z', true, 'the first instant it remembers'],
    ['b', '2026-04-10T12:00:00.000Z', false, 'before the day of its first exchange'],
    ['b', '2026-04-11T00:00:00.000Z', true, 'on that day, before it'],
    ['a', '2026-04-12T23:59:59.999Z', true, 'the last instant of the sweep'],
    ['a', '2026-04-13T00:00:00.000Z', false, 'later than the sweep'],
    ['c', '2026-04-12T00:00:00.000Z', false, 'of somebody else'],
  ])('%s at %s: %s, %s', (account, time, expected) => {
    expect(belongs(account, time)).toBe(expected);
  });
});

describe('the tally', () => {
  const tally = new ExchangeTally(ROSTER);
  const rows = [
    row('a', '10T05:00'),
    row('a', '12T06:00', { task: 'vision' }),
    row('b', '11T09:00', { task: 'unlabelled', outputTokens: 7 }),
  ];
  for (const one of rows) tally.add(one);

  it('counts all, and those of certain accounts apart', () => {
    expect(tally.all).toMatchObject({ accounts: 2, exchanges: 3, outputTokens: 207 });
    expect(tally.onlyCertain).toMatchObject({ accounts: 1, exchanges: 2, outputTokens: 200 });
    expect(tally.all.window).toEqual({ from: rows[0]!.time, to: rows[1]!.time });
    expect(Object.fromEntries(tally.all.tasks)).toEqual({ analysis: 1, vision: 1, unlabelled: 1 });
  });

  it('counts days, and asked twice says the same', () => {
    const days = tally.daily().map(({ day, exchanges, active, joined }) => [day, exchanges, active, joined]);
    expect(days).toEqual([
      ['2026-04-10', 1, 1, 1],
      ['2026-04-11', 1, 1, 1],
      ['2026-04-12', 1, 1, 0],
    ]);
    expect(tally.daily()).toEqual(tally.daily());
  });

  it('counts hours of the week from Monday', () => {
    expect(hourOfWeek('2026-04-13T00:00:00.000Z')).toBe(0);
    expect(hourOfWeek('2026-04-12T23:59:00.000Z')).toBe(167);
  });

  it('refuses exchanges that do not come account by account: a count of them would be wrong', () => {
    expect(() => tally.add(row('a', '12T07:00'))).toThrow(/account by account/);
  });
});

describe('the leak estimate', () => {
  it('adds up to the cent, and low is never above certain, certain never above high', () => {
    const exchange = fc.record({
      account: fc.constantFrom('a', 'b'),
      task: fc.constantFrom('analysis', 'vision', 'writing', 'unlabelled'),
      model: fc.constantFrom('opus-5', 'haiku-5', 'unknown'),
      outputTokens: fc.nat(2_000_000),
      repeats: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 40 }), fc.nat(9999), (exchanges, price) => {
        const tally = new ExchangeTally(ROSTER);
        const byModel = new Map<string, number>();
        let count = 0;
        for (const { repeats, ...one } of exchanges.toSorted((x, y) => (x.account < y.account ? -1 : 1))) {
          tally.add(row(one.account, '12T07:00', one));
          if (!repeats || one.account !== 'a') continue;
          count++;
          byModel.set(one.model, (byModel.get(one.model) ?? 0) + one.outputTokens);
        }
        const prices = { 'opus-5': price / 100, 'haiku-5': price / 300 };
        const leak = leakEstimate(tally.all, tally.onlyCertain, { exchanges: count, byModel, notCompared: 0 }, prices);
        const cents = (usd: number | null) => Math.round((usd ?? 0) * 100);
        expect(leak.byCapability.reduce((sum, { usd }) => sum + cents(usd), 0)).toBe(cents(leak.high.usd));
        expect(leak.byCapability.reduce((sum, line) => sum + line.outputTokens, 0)).toBe(leak.high.outputTokens);
        for (const field of ['exchanges', 'outputTokens', 'usd'] as const) {
          expect(leak.low[field] ?? 0).toBeLessThanOrEqual(leak.certain[field] ?? 0);
          expect(leak.certain[field] ?? 0).toBeLessThanOrEqual(leak.high[field] ?? 0);
        }
        const unknown = exchanges.filter(({ model }) => model === 'unknown');
        expect(leak.unpriced.map(({ exchanges: held }) => held)).toEqual(unknown.length > 0 ? [unknown.length] : []);
      }),
    );
  });
});

describe('the throttle preview', () => {
  it('lists an account with other work first, and names organisations that others share', () => {
    const roster = ['x', 'y', 'z'].map((account): RosterMember => ({ account, confidence: 'certain', since: '' }));
    const work = new RecentWork(new Set(['x', 'y', 'z']), new Set(['vision']), '2026-04-13T00:00:00.000Z');
    for (const one of [
      row('x', '12T01:00', { template: 'shared' }),
      row('y', '12T01:00', { template: 'shared' }),
      row('y', '12T02:00', { template: 'own' }),
      row('z', '12T02:00', { template: 'own too', task: 'vision' }),
      row('z', '03T02:00', { template: 'long ago' }),
    ])
      work.add(one);
    const known = new KnownAccounts();
    const fact = (account: string, org: string, more = {}) =>
      known.add({ type: 'account', time: '2026-04-01T00:00:00Z', account, org, ...more });
    fact('x', 'o1', { verified: true });
    fact('y', 'o1', { payment: { kind: 'invoice' } });
    fact('z', 'o2');
    for (const other of ['p', 'q']) fact(other, 'o2');
    const { list, preview } = throttlePlan(roster, known, work, { accounts: new Set(), ids: [] });
    expect(list.map(({ account }) => account)).toEqual(['y', 'x', 'z']);
    expect(preview).toMatchObject({
      toThrottle: 3,
      verified: 1,
      invoiced: 1,
      withOtherWork: 1,
      orgsWithOthers: 1,
      othersInThoseOrgs: 2,
      lastDay: { ofThrottled: 4, ofAll: 4 },
    });
  });

  it('takes what was said last of an account, in whatever order it is read', () => {
    const known = new KnownAccounts();
    known.add({ type: 'account', time: '2026-04-03T00:00:00Z', account: 'x', status: 'banned' });
    known.add({ type: 'account', time: '2026-04-02T00:00:00Z', account: 'x', status: 'active', org: 'o1' });
    expect(known.of('x')).toEqual({ status: 'banned', statusAt: '2026-04-03T00:00:00Z', org: 'o1' });
  });
});

describe('the hours of the week', () => {
  it('say how much falls outside the hours in which the platform has half of its work', () => {
    const office = Array.from({ length: 168 }, (_, hour) => (hour % 24 >= 9 && hour % 24 < 17 ? 10 : 1));
    const machine = new Array<number>(168).fill(1);
    expect(outsidePeak(office, office).share).toBeLessThan(0.51);
    expect(outsidePeak(machine, office).share).toBeGreaterThan(0.6);
  });
});
