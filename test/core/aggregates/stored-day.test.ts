import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangesOf } from '../../../core/aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { hashesOf } from '../../../core/aggregates/id-list.ts';
import {
  applyBatch,
  type Beside,
  compareSequences,
  type IdLimits,
  mistakenShare,
  type StoredDay,
} from '../../../core/aggregates/stored-day.ts';
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
/** A day with what lies beside it, as an adapter keeps it. */
interface Held extends Beside {
  day: StoredDay;
  files: Uint8Array[];
}
function keep(held: Held | undefined, delivered: AccountDayBatch, limits?: IdLimits): Held | undefined {
  const { next, file } = applyBatch(held?.day, delivered, held, limits);
  if (next === undefined) return held;
  const files = [...(held?.files ?? [])];
  if (file) files[file.index] = file.ids;
  return { day: next, files, version: (held?.version ?? 0) + 1 };
}
/** Of exact files. */
const idsOf = ({ day, files }: Held) =>
  [day.seen, ...files].flatMap((list) => [...hashesOf(list)]).sort((a, b) => a - b);
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
            file: undefined,
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
        const once = apply(undefined, whole)!;
        const stored = cut.reduce<Held | undefined>((held, each) => keep(held, each), undefined)!;
        expect(stored.day.packed).toEqual(once.packed);
        expect(idsOf(stored)).toEqual([...hashesOf(once.seen)]);
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
        expect(later.next).toBeUndefined();
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

  it('counts an exchange that arrives below a position that was reached: two lanes of a shard, or two streams', () => {
    const stored = apply(undefined, batch(plain(5, 100), 100));
    const late = applyBatch(stored, batch(plain(5, 0), 0));
    expect(late.outcome).toEqual({ folded: 5, duplicates: 0 });
    expect(applyBatch(late.next, batch(plain(5, 0), 0)).outcome).toEqual({ folded: 0, duplicates: 5 });
  });

  it('of one kilobyte stays so: ids that would take it over move to a file, once each, and are still known', () => {
    let held: Held | undefined;
    for (let i = 0; i < 300; i++) held = keep(held, batch(plain(1, i), i));
    expect(held!.files.length).toBeGreaterThan(0);
    expect(145 + ACCOUNT.length + held!.day.packed.length + held!.day.seen.length).toBeLessThanOrEqual(1024);
    expect(new Set(idsOf(held!)).size).toBe(300);
    expect(idsOf(held!)).toHaveLength(300);
    expect(applyBatch(held!.day, batch(plain(300), 1_000), held).outcome).toEqual({ folded: 0, duplicates: 300 });
  });

  it('begins another file when one is full, and holds fewer bits of an id past the exact ones', () => {
    const limits = { fileIds: 64, exactFiles: 2, remembered: 10_000 };
    let held: Held | undefined;
    for (let i = 0; i < 30; i++) held = keep(held, batch(plain(40, i * 40), i * 40), limits);
    expect(held!.files.length).toBeGreaterThan(4);
    for (const [i, file] of held!.files.slice(0, -1).entries()) {
      expect(file.length / (i < 2 ? 6 : 5)).toBeGreaterThanOrEqual(64);
    }
    const again = applyBatch(held!.day, batch(plain(1200), 5_000), held, limits);
    const remembered = held!.files.slice(2).reduce((sum, file) => sum + file.length / 5, 0);
    expect(again.outcome).toEqual({ folded: 0, duplicates: 1200, mistaken: (1200 * remembered) / 2 ** 40 });
    expect(mistakenShare(held!.files.slice(0, 2), limits)).toBe(0);
  });

  it('past the ids it remembers is still counted once by its place in the stream', () => {
    const limits = { fileIds: 64, exactFiles: 2, remembered: 200 };
    const first = plain(250);
    const held = keep(undefined, batch(first), limits)!;
    const more = keep(held, batch(plain(10, 9_000), 9_000), limits)!;
    expect(exchangesOf(unpackAccountDay(more.day.packed, DAY))).toBe(260);
    for (const again of [batch(first), batch(plain(10, 9_000), 9_000)]) {
      expect(applyBatch(more.day, again, more, limits).next).toBeUndefined();
    }
    const other = applyBatch(more.day, batch(plain(3, 9_500), 100, 'shard-2'), more, limits);
    expect(other.outcome).toEqual({ folded: 3, duplicates: 0 });
  });

  it('remembers the eight latest shards of such a day, and the ids it has over all of them', () => {
    const limits = { fileIds: 64, exactFiles: 2, remembered: 10 };
    const moves = Array.from({ length: 18 }, (_, i) => batch(plain(2, i * 2), i * 10, `shard-${i}`));
    const held = moves.reduce<Held | undefined>((all, move) => keep(all, move, limits), undefined)!;
    const latest = Array.from({ length: 8 }, (_, i) => `shard-${i + 10}`);
    expect(Object.keys(held.day.positions).sort()).toEqual(latest.sort());
    for (const move of [...moves.slice(0, 5), ...moves.slice(10)]) {
      expect(applyBatch(held.day, move, held, limits).outcome).toEqual({ folded: 0, duplicates: 2 });
    }
  });

  it('stored before there were files is read on: with all of its ids by those, with too many by position', () => {
    const list = plain(30);
    const once = apply(undefined, batch(list))!;
    const old = { ...once, positions: { 'shard-1': sequence(29) } };
    expect(applyBatch(old, batch(plain(1, 500), 3)).outcome).toEqual({ folded: 1, duplicates: 0 });
    const heavy = { ...old, seen: once.seen.slice(0, 60) };
    expect(applyBatch(heavy, batch(list)).outcome).toEqual({ folded: 0, duplicates: 30 });
  });

  it('without entries changes nothing', () => {
    expect(applyBatch(undefined, batch([]))).toEqual({
      next: undefined,
      file: undefined,
      outcome: { folded: 0, duplicates: 0 },
    });
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
