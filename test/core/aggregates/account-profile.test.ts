import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AccountDay,
  binsOf,
  COUNTER,
  exchangesOf,
  mergeInto,
  okExchanges,
  valuesOf,
} from '../../../core/aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { factsOf } from '../../../core/aggregates/account-facts.ts';
import { AccountProfile, rollUp } from '../../../core/aggregates/account-profile.ts';
import { packProfile, readProfileInto, unpackProfile } from '../../../core/aggregates/account-profile-codec.ts';
import { ByteReader } from '../../../core/aggregates/bytes.ts';
import { PopulationTotals, rollUpSegment } from '../../../core/aggregates/segment.ts';
import { readSegmentFile, writeSegmentFile } from '../../../core/aggregates/segment-file.ts';
import { writeFlatFile } from '../../../core/parquet/flat-file.ts';
import type { AccountHistory } from '../../../core/ports.ts';
import { accountRecord } from '../../support/records.ts';
import { DAY, DAY_MS, numbers, randomDay } from './days.ts';

/** A stored day `offset` days after `DAY`. */
function stored(offset: number, exchanges: number, seed: number) {
  const made = randomDay(exchanges, seed);
  made.first += offset * DAY_MS;
  made.last += offset * DAY_MS;
  for (const { times } of [made.minted, made.presented]) {
    for (let i = 0; i < times.length; i++) times[i]! += offset * DAY_MS;
  }
  return { day: DAY + offset, packed: packAccountDay(made, DAY + offset) };
}

/** Up to 20 days of a quarter of a year, oldest first, from idle to heavy. */
const days = fc
  .uniqueArray(fc.tuple(fc.nat(89), fc.constantFrom(1, 26, 857, 3_000, 60_000), fc.integer()), {
    maxLength: 20,
    selector: ([offset]) => offset,
  })
  .map((list) =>
    list.sort((a, b) => a[0] - b[0]).map(([offset, exchanges, seed]) => stored(offset, exchanges, seed * 90 + offset)),
  );
const facts = accountRecord().map(factsOf);
const history: fc.Arbitrary<AccountHistory> = fc.record({ account: fc.uuid(), facts, days }, { noNullPrototype: true });

const unpacked = (list: AccountHistory['days']) =>
  list.map(({ day, packed }) => ({ day, held: unpackAccountDay(packed, day) }));

describe('the profile of an account', () => {
  it('is the merge of its days, with one point a day and every hour in its place in the week', () => {
    fc.assert(
      fc.property(history, ({ account, facts, days }) => {
        const profile = rollUp(account, facts, days);
        const merged = unpacked(days).reduce((total, { held }) => mergeInto(total, held), new AccountDay());
        expect(profile.total).toEqual(merged);
        expect(profile.series).toEqual(
          unpacked(days).map(({ day, held }) => ({
            day,
            exchanges: exchangesOf(held),
            ok: okExchanges(held),
            outputTokens: held.counters[COUNTER.outputTokens],
            first: held.first,
            last: held.last,
            hours: [...binsOf(held, 'hours')].reduce((mask, count, hour) => mask + (count > 0 ? 2 ** hour : 0), 0),
            slots: Array.from({ length: 288 }, (_, i) => held.slots[i >> 5]! & (1 << (i & 31))).filter(Boolean).length,
            models: valuesOf(held, 'model')
              .sort((a, b) => b.count - a.count || a.key - b.key)
              .slice(0, 2),
          })),
        );
        const week = new Array<number>(168).fill(0);
        for (const { day, held } of unpacked(days)) {
          const weekday = (new Date(day * DAY_MS).getUTCDay() + 6) % 7;
          for (let hour = 0; hour < 24; hour++) week[weekday * 24 + hour]! += held.bins[hour]!;
        }
        expect([...profile.week]).toEqual(week);
      }),
    );
  });

  it('holds the 64 lowest sightings and the 8 lowest ranks of all days', () => {
    fc.assert(
      fc.property(history, ({ account, facts, days }) => {
        const profile = rollUp(account, facts, days);
        for (const side of ['minted', 'presented'] as const) {
          const earliest = new Map<number, number>();
          for (const { held } of unpacked(days)) {
            const { hashes, times } = held[side];
            for (const [i, hash] of hashes.entries()) {
              earliest.set(hash, Math.min(earliest.get(hash) ?? Infinity, times[i]!));
            }
          }
          const lowest = [...earliest].sort((a, b) => a[0] - b[0]).slice(0, 64);
          expect(profile.custody[side].hashes).toEqual(lowest.map(([hash]) => hash));
          expect(profile.custody[side].times).toEqual(lowest.map(([, ms]) => ms));
        }
        const sampled = unpacked(days).flatMap(({ held }) => held.sample);
        const lowest = sampled.sort((a, b) => a.rank - b.rank).slice(0, 8);
        expect(profile.sample).toEqual(lowest);
        expect(profile.total.sample).toEqual(lowest.slice(0, 4));
      }),
    );
  });

  it('is the same in whatever order its days are read', () => {
    fc.assert(
      fc.property(history, fc.integer(), ({ account, facts, days }, seed) => {
        const next = numbers(seed);
        const shuffled = days.map((day) => ({ day, at: next() })).sort((a, b) => a.at - b.at);
        const profile = rollUp(account, facts, days);
        expect(
          rollUp(
            account,
            facts,
            shuffled.map(({ day }) => day),
          ),
        ).toEqual(profile);
      }),
    );
  });

  it('reads back as it was written, idle accounts too', () => {
    fc.assert(
      fc.property(history, ({ account, facts, days }) => {
        const profile = rollUp(account, facts, days);
        expect(unpackProfile(packProfile(profile))).toEqual(profile);
      }),
    );
    const idle = rollUp('k_idle', {}, []);
    expect(unpackProfile(packProfile(idle))).toEqual(idle);
  });

  it('reads into a profile that held another account as into a new one, and leaves what was taken from it', () => {
    const packed = fc.array(history, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(packed, (histories) => {
        const scratch = new AccountProfile('');
        const taken = histories.map(({ account, facts, days }) => {
          const packed = packProfile(rollUp(account, facts, days));
          readProfileInto(new ByteReader(packed), scratch);
          expect(scratch).toEqual(unpackProfile(packed));
          return { facts: scratch.facts, points: [...scratch.series], sample: [...scratch.sample] };
        });
        for (const [i, { account, facts, days }] of histories.entries()) {
          const { series, sample } = rollUp(account, facts, days);
          expect(taken[i]).toEqual({ facts, points: series, sample });
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a segment', () => {
  const histories = fc.array(history, { maxLength: 6 });
  async function* read(list: AccountHistory[]) {
    yield* list;
  }

  it('reads back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (list) => {
        const segment = await rollUpSegment(read(list));
        const { profiles, population } = readSegmentFile(writeSegmentFile(segment));
        expect({ profiles: [...profiles], population }).toEqual(segment);
      }),
      { numRuns: 40 },
    );
  });

  it('holds every account and the totals of its days, so that segments add up to the population', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(6), async (list, at) => {
        const whole = await rollUpSegment(read(list));
        const inOrder = list.toSorted((a, b) => (a.account < b.account ? -1 : 1));
        expect(whole.profiles).toEqual(inOrder.map(({ account, facts, days }) => rollUp(account, facts, days)));
        const totals = new PopulationTotals();
        for (const part of [list.slice(0, at), list.slice(at)]) {
          for (const day of (await rollUpSegment(read(part))).population) totals.merge(day);
        }
        expect(totals.list()).toEqual(whole.population);
        const exchanges = list
          .flatMap(({ days }) => unpacked(days))
          .reduce((sum, { held }) => sum + exchangesOf(held), 0);
        expect(whole.population.reduce((sum, day) => sum + day.exchanges, 0)).toBe(exchanges);
      }),
      { numRuns: 40 },
    );
  });

  it('of an unknown layout is refused', () => {
    expect(() => readSegmentFile(writeFlatFile([], { layout: '77' }))).toThrow('segment of layout 77');
  });
});
