/** The plain recount holds the fold to account: equal on any exchanges, and different as soon as the fold is at fault. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountDay, COUNTER, HISTOGRAM } from '../../../core/aggregates/account-day.ts';
import { packAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { foldUsage } from '../../../core/aggregates/fold.ts';
import { hashPair } from '../../../core/aggregates/hash.ts';
import { figuresOf } from '../../../core/audit/figures.ts';
import { PLAIN_FIGURES, PlainDay, plainOf } from '../../../core/audit/plain.ts';
import { driftOf } from '../../../core/audit/recount.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { timeMs } from '../../../core/records/time.ts';
import { usageRecord } from '../../support/records.ts';

const DAY = 20_600;
const at = (record: UsageRecord, i: number): UsageRecord => {
  const inDay = timeMs(record.time) % 86_400_000;
  return { ...record, account: 'a', id: `x${i}`, time: new Date(DAY * 86_400_000 + inDay).toISOString() };
};
const anyDay = fc.array(usageRecord(), { minLength: 1, maxLength: 30 }).map((records) => records.map(at));

function folded(records: readonly UsageRecord[]): AccountDay {
  const day = new AccountDay();
  for (const record of records) foldUsage(day, record, timeMs(record.time), hashPair(record.account, record.id));
  return day;
}

describe('counted plainly', () => {
  it('any exchanges give every figure that the fold gives', () => {
    fc.assert(
      fc.property(anyDay, (records) => {
        const plain = new PlainDay();
        for (const record of records) plain.add(record);
        const named = (values: Float64Array) => Object.fromEntries(PLAIN_FIGURES.map((name, i) => [name, values[i]]));
        expect(named(plain.values)).toEqual(named(plainOf(figuresOf(folded(records)))));
      }),
    );
  });

  it('covers every counter and every histogram of an account-day but the hashed one', () => {
    const names = new Set(PLAIN_FIGURES.map((name) => name.replace(/\.\d+$/, '')));
    for (const name of Object.keys(COUNTER).filter((each) => !['flags', 'networks'].includes(each)))
      expect(names, name).toContain(name);
    for (const name of Object.keys(HISTOGRAM))
      expect(names).toContain(name === 'params' ? 'exchanges with params' : name);
  });
});

describe('a wrong number', () => {
  const records = fc.sample(anyDay, { numRuns: 1, seed: 7 })[0]!;
  const stored = (fault: (day: AccountDay) => void) => {
    const day = folded(records);
    fault(day);
    return packAccountDay(day, DAY);
  };

  it.each([
    ['outputTokens', (day: AccountDay) => void day.counters[COUNTER.outputTokens]!++],
    ['hours.3', (day: AccountDay) => void day.bins[HISTOGRAM.hours.at + 3]!++],
    ['topics.9', (day: AccountDay) => void day.bins[HISTOGRAM.topics.at + 9]!++],
  ])('is named by its figure: %s', (figure, fault) => {
    expect(driftOf(records, DAY, stored(fault)).map(({ figure: name }) => name)).toContain(figure);
  });
});
