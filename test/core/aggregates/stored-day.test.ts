import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangesOf } from '../../../core/aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { applyBatch, compareSequences, EXACT_IDS, type StoredDay } from '../../../core/aggregates/stored-day.ts';
import type { AccountDayBatch } from '../../../core/ports.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { aUsage } from '../../support/records.ts';
import { ACCOUNT, DAY, exchange, fold } from './days.ts';

/** 56 digits, as Kinesis gives them. */
const sequence = (i: number) => `4957${String(i).padStart(52, '0')}`;
const batch = (records: UsageRecord[], from = 0, shard = 'shard-1'): AccountDayBatch => ({
  account: ACCOUNT,
  day: DAY,
  shard,
  entries: records.map((record, i) => ({ sequence: sequence(from + i), record })),
});
const part = (whole: AccountDayBatch, from: number, to?: number) => ({
  ...whole,
  entries: whole.entries.slice(from, to),
});
const apply = (stored: StoredDay | undefined, delivered: AccountDayBatch) =>
  applyBatch(stored, delivered).next ?? stored;
const bytes = (records: UsageRecord[]) => packAccountDay(fold(records), DAY);
const records = fc.uniqueArray(exchange(), { minLength: 1, maxLength: 30, selector: ({ id }) => id });
const plain = (many: number, from = 0) =>
  Array.from({ length: many }, (_, i) =>
    aUsage({ id: `req_${from + i}`, time: new Date(DAY * 86_400_000 + i).toISOString() }),
  );

describe('a batch delivered to a stored day', () => {
  it('counts each exchange once when any stretch of it was delivered before', () => {
    fc.assert(
      fc.property(records, fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 6 }), (list, again) => {
        const whole = batch(list);
        const once = apply(undefined, whole)!;
        expect(once.packed).toEqual(bytes(list));
        // Streams deliver in order, so a shorter delivery comes first and its whole batch again after it.
        let stored: StoredDay | undefined;
        for (const [, to] of again.sort((a, b) => a[1] - b[1])) if (to > 0) stored = apply(stored, part(whole, 0, to));
        stored = apply(stored, whole);
        expect(stored).toEqual(once);
        for (const [from, to] of again) {
          const repeat = part(whole, Math.min(from, to), Math.max(from, to));
          expect(applyBatch(stored, repeat)).toEqual({
            next: undefined,
            outcome: { folded: 0, duplicates: repeat.entries.length },
          });
        }
      }),
    );
  });

  it('gives the same day however the stream was cut into batches', () => {
    fc.assert(
      fc.property(records, fc.nat(30), fc.nat(30), (list, a, b) => {
        const whole = batch(list);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const cut = [part(whole, 0, low), part(whole, low, high), part(whole, high)].filter(
          ({ entries }) => entries.length,
        );
        expect(cut.reduce<StoredDay | undefined>(apply, undefined)).toEqual(apply(undefined, whole));
      }),
    );
  });

  it('counts an id once when the producer sent it twice, in one batch or in a later one', () => {
    fc.assert(
      fc.property(records, fc.nat(29), (list, at) => {
        const repeat = list[at % list.length]!;
        const within = applyBatch(undefined, batch([...list, repeat]));
        expect(within.outcome).toEqual({ folded: list.length, duplicates: 1 });
        const later = applyBatch(apply(undefined, batch(list)), batch([repeat], 1_000));
        expect(later.outcome).toEqual({ folded: 0, duplicates: 1 });
        expect(within.next?.packed).toEqual(bytes(list));
        expect(later.next?.packed).toEqual(bytes(list));
      }),
    );
  });

  it('counts each exchange once across a split of its shard, with both shards delivered again', () => {
    fc.assert(
      fc.property(records, fc.nat(30), (list, cut) => {
        const at = cut % (list.length + 1);
        const parent = batch(list.slice(0, at));
        const child = batch(list.slice(at), 500, 'shard-2');
        const stored = [parent, child, parent, child]
          .filter(({ entries }) => entries.length)
          .reduce<StoredDay | undefined>(apply, undefined)!;
        expect(stored.packed).toEqual(bytes(list));
        // The producer's retry of the parent's exchanges lands on the child.
        expect(apply(stored, batch(list.slice(0, at), 900, 'shard-2'))!.packed).toEqual(bytes(list));
      }),
    );
  });

  it('of a heavy day, past the ids it remembers, is still counted once by its place in the stream', () => {
    const first = plain(EXACT_IDS + 500);
    const stored = apply(undefined, batch(first))!;
    expect(stored.seen).toHaveLength(EXACT_IDS * 6);
    expect(applyBatch(stored, batch(first)).outcome).toEqual({ folded: 0, duplicates: first.length });
    const more = applyBatch(stored, batch(plain(10, 9_000), 9_000));
    expect(more.outcome).toEqual({ folded: 10, duplicates: 0 });
    expect(exchangesOf(unpackAccountDay(more.next!.packed, DAY))).toBe(EXACT_IDS + 510);
  });

  it('remembers the eight latest shards of an account that keeps moving, and ids over all of them', () => {
    const moves = Array.from({ length: 12 }, (_, i) => batch(plain(2, i * 2), i * 10, `shard-${i}`));
    const stored = moves.reduce<StoredDay | undefined>(apply, undefined)!;
    expect(Object.keys(stored.positions).sort()).toEqual(
      ['shard-4', 'shard-5', 'shard-6', 'shard-7', 'shard-8', 'shard-9', 'shard-10', 'shard-11'].sort(),
    );
    for (const move of moves) expect(applyBatch(stored, move).outcome).toEqual({ folded: 0, duplicates: 2 });
  });

  it('without entries changes nothing', () => {
    expect(applyBatch(undefined, batch([]))).toEqual({ next: undefined, outcome: { folded: 0, duplicates: 0 } });
  });
});

describe('sequence numbers', () => {
  it('compare as the numbers they are, beyond 2^53', () => {
    const big = fc.bigInt({ min: 0n, max: 10n ** 56n });
    fc.assert(
      fc.property(big, big, (a, b) => {
        expect(Math.sign(compareSequences(`${a}`, `${b}`))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});
