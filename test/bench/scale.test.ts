import { describe, expect, it } from 'vitest';
import { scalePage } from '../../bench/scale/page.ts';
import { fits, growthOf, type Row, reaching, withRow } from '../../bench/scale/rows.ts';

const row = (accounts: number, more: Partial<Row> = {}): Row => ({
  accounts,
  processorSeconds: accounts / 10_000,
  seconds: accounts / 10_000,
  peakMiB: accounts / 1000,
  readMiB: accounts / 1000,
  findings: 1,
  on: 'today',
  ...more,
});
const LOADING = [5000, 25_000].map((accounts) => ({
  accounts,
  processorSeconds: accounts / 1000,
  peakMiB: accounts / 20,
  readMiB: 1,
  leftMiB: 1,
  on: 'today',
}));
const FIGURES = { accounts: 24, exchanges: 100, from: '2026-04-22T00:00:00.000Z', to: '2026-06-05T00:00:00.000Z' };
const HEADLINE = [
  {
    accounts: 225,
    records: 1200,
    sweeps: 52,
    found: FIGURES,
    truth: { ...FIGURES, accounts: 25 },
    days: 1,
    leaked: 0.0213,
    recallCertain: 0.96,
    recall: 0.98,
    precisionCertain: 1,
    campaigns: 1,
    messages: 6,
    seconds: 120,
    threads: 2,
    peakMiB: 900,
    floorSeconds: 40,
    on: 'today',
  },
];
const INGEST = { units: [0.5, 1], usd: [0.5, 1] } as const;

describe('the page of scale', () => {
  it('says where growth as measured meets what a function has', () => {
    const growth = growthOf([row(1e5), row(1e6)], ({ peakMiB }) => peakMiB);
    expect(growth.power).toBeCloseTo(1);
    expect(reaching(growth, 10_240)).toBeCloseTo(10_240_000, -4);
    const { text } = scalePage([row(1e5), row(1e6)], INGEST, LOADING, HEADLINE);
    expect(text).toContain('10,240 MB are reached at about 10.2 million accounts');
    expect(text).toContain('900 s are reached at about 9 million accounts');
    expect(text).toContain('| 1,000,000 | 100.0 | 100.0 | 1,000 | 1,000 | 1,049 | 1 |');
  });

  it('says how many accounts the functions that load hold, and in what time they are all loaded', () => {
    const { text } = scalePage([row(1e5), row(1e6)], INGEST, LOADING, HEADLINE);
    expect(text).toContain('A function holds about 60,000\naccounts');
    expect(text).toContain('hold 15,000,000, in 4 rounds of 60 s of processor time');
  });

  it('holds what was found of the campaign against the truth, and the time against the floor', () => {
    const { text } = scalePage([row(1e5), row(1e6)], INGEST, LOADING, HEADLINE);
    for (const line of ['certain accounts, found of all | 24 of 25', 'times the floor | 3.00', 'minutes | 2.0'])
      expect(text).toContain(`| ${line} |`);
    expect(text).toContain('| exchanges before that | 2.1 % |');
  });

  it('goes by the two largest sizes, since small ones have other costs', () => {
    const rows = [row(1e4, { processorSeconds: 90 }), row(1e5), row(1e6)];
    expect(growthOf(rows, ({ processorSeconds }) => processorSeconds).power).toBeCloseTo(1);
  });

  it('does not take what is fixed at small sizes for growth that stays slow', () => {
    const rows = [row(1e4, { peakMiB: 1010 }), row(1e5, { peakMiB: 1100 })];
    expect(growthOf(rows, ({ peakMiB }) => peakMiB).at(1e6)).toBeCloseTo(2000);
  });

  it('takes a size that was measured again in place of the earlier one', () => {
    const rows = withRow([row(1e5), row(1e6)], row(1e5, { findings: 2 }));
    expect(rows.map(({ accounts, findings }) => [accounts, findings])).toEqual([
      [1e5, 2],
      [1e6, 1],
    ]);
  });

  it('does not say of a size that it fits where its memory, its storage or its time does not', () => {
    const tooMuch = [{ peakMiB: 10_241 }, { readMiB: 10_241 }, { seconds: 901 }];
    expect(fits(row(1e6))).toBe(true);
    expect(tooMuch.map((more) => fits(row(1e6, more)))).toEqual([false, false, false]);
  });

  it('needs two sizes, and says how to measure them', () => {
    expect(() => scalePage([row(1e5)], INGEST, LOADING, HEADLINE)).toThrow('npm run bench -- scale 10000 100000');
  });
});
