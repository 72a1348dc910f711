import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountDay, COUNTER, exchangesOf, mergeInto, okExchanges } from '../../../core/aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../../../core/aggregates/account-day-codec.ts';
import { factsOf } from '../../../core/aggregates/account-facts.ts';
import { packProfile, rollUp, unpackProfile } from '../../../core/aggregates/account-profile.ts';
import { PopulationTotals, packSegment, rollUpSegment, unpackSegment } from '../../../core/aggregates/segment.ts';
import type { AccountHistory } from '../../../core/ports.ts';
import { accountRecord } from '../../support/records.ts';
import { DAY, DAY_MS, randomDay } from './days.ts';

/** A stored day `offset` days after `DAY`. */
function stored(offset: number, exchanges: number, seed: number) {
  const made = randomDay(exchanges, seed);
  made.first += offset * DAY_MS;
  made.last += offset * DAY_MS;
  return { day: DAY + offset, packed: packAccountDay(made, DAY + offset) };
}

/** Up to 20 days of a quarter of a year, oldest first, from idle to heavy. */
const days = fc
  .uniqueArray(fc.tuple(fc.nat(89), fc.constantFrom(1, 26, 857, 3_000, 60_000), fc.integer()), {
    maxLength: 20,
    selector: ([offset]) => offset,
  })
  .map((list) => list.sort((a, b) => a[0] - b[0]).map(([offset, exchanges, seed]) => stored(offset, exchanges, seed)));
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

  it('is the same in whatever order its days are read', () => {
    fc.assert(
      fc.property(history, ({ account, facts, days }) => {
        expect(packProfile(rollUp(account, facts, [...days].reverse()))).toEqual(
          packProfile(rollUp(account, facts, days)),
        );
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
        expect(unpackSegment(packSegment(segment))).toEqual(segment);
      }),
      { numRuns: 40 },
    );
  });

  it('holds every account and the totals of its days, so that segments add up to the population', async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(6), async (list, at) => {
        const whole = await rollUpSegment(read(list));
        expect(whole.profiles).toEqual(list.map(({ account, facts, days }) => rollUp(account, facts, days)));
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
    expect(() => unpackSegment(Uint8Array.of(77, 0))).toThrow('segment of layout 77');
  });
});
