/** A fault of the fold is on both sides of a recount by the fold; only what is counted plainly can tell. */
import { expect, it, vi } from 'vitest';
import { AccountDay, COUNTER } from '../../../core/aggregates/account-day.ts';
import { packAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { foldUsage } from '../../../core/aggregates/fold.ts';
import { hashPair } from '../../../core/aggregates/hash.ts';
import { driftOf } from '../../../core/audit/recount.ts';
import { timeMs } from '../../../core/records/time.ts';
import { aUsage } from '../../support/records.ts';

vi.mock('../../../core/aggregates/fold.ts', async (original) => {
  const { foldUsage: right } = await original<typeof import('../../../core/aggregates/fold.ts')>();
  const wrong: typeof right = (day, record, ms, rank) => {
    right(day, record, ms, rank);
    // Refused exchanges lose their answer.
    if (record.status === 'refused') day.counters[COUNTER.outputTokens]! -= record.tokens.output;
  };
  return { foldUsage: wrong };
});

it('a fold that miscounts some exchanges is found by the plain count, and by nothing else', () => {
  const records = ['ok', 'refused', 'ok'].map((status, i) =>
    aUsage({ account: 'a', id: `x${i}`, status: status as 'ok', tokens: { input: 100, output: 10 } }),
  );
  const day = new AccountDay();
  for (const record of records) foldUsage(day, record, timeMs(record.time), hashPair(record.account, record.id));
  const dayNumber = Math.floor(timeMs(records[0]!.time) / 86_400_000);
  expect(driftOf(records, dayNumber, packAccountDay(day, dayNumber))).toEqual([
    { figure: 'outputTokens', stored: 20, recounted: 30 },
  ]);
});
