import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../../core/aggregates/coverage.ts';
import type { PopulationDay } from '../../../core/aggregates/population.ts';
import { DAY_MS, HOUR_MS } from '../../../core/records/time.ts';

const FIRST = 20_565;
const SLOTS = 288;

/** A day of `perHour` exchanges in every hour, with a record in each 5-minute slot but those of `gaps`. */
function day(number: number, perHour: number, gaps: (slot: number) => boolean = () => false): PopulationDay {
  const slots = new Array<number>(9).fill(0);
  for (let slot = 0; slot < SLOTS; slot++)
    if (!gaps(slot)) slots[slot >> 5] = (slots[slot >> 5]! | (1 << (slot & 31))) >>> 0;
  const hours = new Array<number>(24).fill(perHour);
  return { day: number, exchanges: 24 * perHour, outputTokens: 0, accounts: 1, tasks: {}, hours, slots };
}
const days = (many: number, perHour: number) => Array.from({ length: many }, (_, i) => day(FIRST + i, perHour));
const from = FIRST * DAY_MS;

describe('coverage', () => {
  it('is whole where every busy slot holds a record', () => {
    expect(coverage(days(14, 100), from, from + 14 * DAY_MS)).toBe(1);
  });

  it('falls by exactly the slots of an outage', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SLOTS }), (missing) => {
        const watched = [...days(13, 100), day(FIRST + 13, 100, (slot) => slot < missing)];
        const found = coverage(watched, from + 13 * DAY_MS, from + 14 * DAY_MS);
        expect(found).toBeCloseTo(1 - missing / SLOTS, 12);
      }),
    );
  });

  it('counts a day without any record as unseen, so that a broken pipe is never quiet', () => {
    expect(coverage(days(14, 100), from + 13 * DAY_MS, from + 15 * DAY_MS)).toBe(0.5);
  });

  it('does not expect records in hours that are never busy', () => {
    const nightless = days(14, 100).map((one) => {
      const quiet = day(one.day, 100, (slot) => slot < 96);
      quiet.hours.fill(29, 0, 8);
      return quiet;
    });
    expect(coverage(nightless, from, from + 14 * DAY_MS)).toBe(1);
  });

  it('of a small platform is the share of days with a record', () => {
    const some = days(10, 2).filter(({ day: number }) => number % 2 === 0);
    expect(coverage(some, from, from + 10 * DAY_MS)).toBe(0.5);
  });

  it('lies between 0 and 1 for any span', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3, max: 20 }),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(200),
        (start, hours, busy) => {
          const at = from + start * DAY_MS;
          const found = coverage(days(14, busy), at, at + hours * HOUR_MS);
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
