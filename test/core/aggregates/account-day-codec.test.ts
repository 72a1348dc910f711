import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountDay, exchangesOf, mergeInto, SIGHTINGS } from '../../../core/aggregates/account-day.ts';
import {
  MAX_PACKED_BYTES,
  packAccountDay,
  reduceToTier,
  TIERS,
  unpackAccountDay,
} from '../../../core/aggregates/account-day-codec.ts';
import { keepLowest } from '../../../core/aggregates/sightings.ts';
import { aUsage } from '../../support/records.ts';
import { DAY, exchange, fold, largestDay, mergeAll, numbers, randomDay } from './days.ts';

const LIMITS = TIERS.map(({ exchanges }) => exchanges).filter(Number.isFinite);
const AROUND = [...LIMITS.flatMap((limit) => [limit, limit + 1]), 1, 30, 1_000, 1e6, 1e7, 1e8, 1e9, 4e9];
const through = (day: AccountDay) => unpackAccountDay(packAccountDay(day, DAY), DAY);

/** Two exchanges, as version 0.1.0 stored them. */
const LAYOUT_1 =
  '01650808000201801080200101909fed0ff0bfab150002200101000000000000000000000000001000000000020000800001' +
  '026e00040101040101023e01010b00000002fec3f55b6853010002f647dab8010000020b604cad127001000206de45e60200' +
  '02447ba96df964f0f1abcdef1234567890abcdef1234567890abcdef1234567890abcdef1234567890dadc8a5a6bf4fff0';

/** Volumes of every tier: near a limit, so that a merge crosses it, or anywhere on a logarithmic scale. */
const volume = fc.oneof(
  fc.constantFrom(...LIMITS).chain((limit) => fc.integer({ min: Math.ceil(limit * 0.3), max: Math.ceil(limit * 1.2) })),
  fc.double({ min: 0, max: 8, noNaN: true }).map((power) => Math.floor(10 ** power)),
);
const heavyDay = fc.tuple(volume, fc.integer()).map(
  ([exchanges, seed]) =>
    () =>
      randomDay(exchanges, seed),
);

describe('the stored form of an account-day', () => {
  it('reads back as the day it was written from', () => {
    fc.assert(
      fc.property(fc.array(exchange(), { minLength: 1, maxLength: 40 }), (records) => {
        expect(through(fold(records))).toEqual(fold(records));
      }),
    );
  });

  it('reads back as the reduced day at every volume, and the same bytes come out again', () => {
    fc.assert(
      fc.property(heavyDay, (day) => {
        const packed = packAccountDay(day(), DAY);
        expect(unpackAccountDay(packed, DAY)).toEqual(reduceToTier(day()));
        expect(packAccountDay(unpackAccountDay(packed, DAY), DAY)).toEqual(packed);
      }),
    );
  });

  it('merges through storage in any grouping to the bytes of the whole, across every tier', () => {
    const parts = fc.array(heavyDay, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.integer(), (days, seed) => {
        const whole = packAccountDay(mergeAll(days.map((day) => day())), DAY);
        const next = numbers(seed);
        const held = days.map((day) => through(day()));
        while (held.length > 1) {
          const [a] = held.splice(Math.floor(next() * held.length), 1);
          const [b] = held.splice(Math.floor(next() * held.length), 1);
          const merged = mergeInto(a!, b!);
          held.push(next() < 0.5 ? through(merged) : merged);
        }
        expect(packAccountDay(held[0]!, DAY)).toEqual(whole);
      }),
      { numRuns: 400 },
    );
  });

  it('takes exchanges one at a time through storage to the bytes of one fold, over the first limit', () => {
    const limit = LIMITS[0]!;
    const records = fc.sample(exchange(), { numRuns: 60, seed: 7 });
    const stored = records.reduce((day, record) => through(fold([record], day)), through(randomDay(limit - 30, 7)));
    expect(exchangesOf(stored)).toBeGreaterThan(limit);
    expect(packAccountDay(stored, DAY)).toEqual(packAccountDay(fold(records, randomDay(limit - 30, 7)), DAY));
  });

  it.each(AROUND)(
    'fits one write unit at %d exchanges with every list full and every count at its longest',
    (volume) => {
      for (const evenGrid of [false, true]) {
        expect(packAccountDay(largestDay(volume, evenGrid), DAY).length).toBeLessThanOrEqual(MAX_PACKED_BYTES);
      }
    },
  );

  it('fits one write unit at any volume', () => {
    fc.assert(
      fc.property(heavyDay, (day) => {
        expect(packAccountDay(day(), DAY).length).toBeLessThanOrEqual(MAX_PACKED_BYTES);
      }),
    );
  });

  it('keeps every sampled exchange and sighting of a day of 26 exchanges, and some of one of 857', () => {
    const kept = ({ sample, minted, presented }: AccountDay) =>
      [sample, minted.hashes, minted.times, presented.hashes, presented.times].map(({ length }) => length);
    expect(kept(through(randomDay(26, 1)))).toEqual([4, 8, 8, 8, 8]);
    expect(kept(through(randomDay(857, 1)))).toEqual([2, 6, 6, 6, 6]);
  });

  it('keeps no more of anything as a day grows, or a merge after storage would lack what storage dropped', () => {
    for (const what of ['sample', 'sightings', 'values'] as const) {
      const kept = TIERS.map((tier) => tier[what]);
      expect(kept).toEqual([...kept].sort((a, b) => b - a));
    }
    expect(TIERS[0].sightings).toBe(SIGHTINGS);
  });

  it('drops nothing that is counted: totals of a reduced day are those of the day', () => {
    fc.assert(
      fc.property(heavyDay, (day) => {
        const sum = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((a, b) => a + b, 0);
        const reduced = through(day());
        expect(reduced.counters).toEqual(day().counters);
        expect(sum(reduced.bins)).toBe(sum(day().bins));
        expect(sum(reduced.counts) + sum(reduced.others)).toBe(sum(day().counts) + sum(day().others));
      }),
    );
  });

  it('refuses a layout it does not know', () => {
    const packed = packAccountDay(randomDay(10, 1), DAY);
    packed[0] = 99;
    expect(() => unpackAccountDay(packed, DAY)).toThrow('account-day of layout 99; this version reads up to 2');
  });

  it('reads a day of the layout before sightings were kept as one without any', () => {
    const records = [
      aUsage({
        id: 'req_1',
        network: { ip: 'f1c09a22b7d3e455', asn: 64512 },
        prompt: { template: '0d9f4e7b6a2c8135', sketch: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA' },
        custody: { minted: ['42d9c7e01b8f6a35'], presented: [] },
      }),
      aUsage({ id: 'req_2', time: '2026-04-22T21:40:00.000Z', status: 'throttled', params: { tools: 2 } }),
    ];
    const expected = fold(records);
    keepLowest(expected.minted, 0);
    const read = unpackAccountDay(Buffer.from(LAYOUT_1, 'hex'), DAY);
    expect(read).toEqual(expected);
    expect(through(read)).toEqual(expected);
  });

  it('refuses bytes that were cut short rather than reading zeros', () => {
    const packed = packAccountDay(randomDay(10, 1), DAY);
    for (let length = 0; length < packed.length; length++) {
      expect(() => unpackAccountDay(packed.subarray(0, length), DAY)).toThrow(RangeError);
    }
  });

  it('refuses to store a day without an exchange', () => {
    expect(() => packAccountDay(new AccountDay(), DAY)).toThrow('without an exchange');
  });
});
