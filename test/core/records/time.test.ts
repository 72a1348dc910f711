import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIME } from '../../../core/records/format.ts';
import { isoDay, isoTime, timeMs } from '../../../core/records/time.ts';

const two = (value: number) => String(value).padStart(2, '0');
/** Any spelling the record format allows, 29 February and the ends of centuries included. */
const time = fc
  .record({
    year: fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(1900, 1970, 2000, 2024, 2026, 2100)),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
    second: fc.nat(86_399),
    fraction: fc.option(fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 9 })),
  })
  .map(({ year, month, day, second, fraction }) => {
    const clock = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
    const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
    return `${date}T${clock}${fraction === null ? '' : `.${fraction}`}Z`;
  })
  .filter((text) => TIME.test(text) && !Number.isNaN(Date.parse(text)));

describe('time', () => {
  it('is read to the same millisecond as by Date.parse', () => {
    fc.assert(
      fc.property(time, (text) => {
        expect(timeMs(text)).toBe(Date.parse(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
        expect(timeMs(isoTime(ms))).toBe(ms);
        expect(timeMs(`${isoDay(Math.floor(ms / 86_400_000))}T00:00:00Z`)).toBe(ms - (ms % 86_400_000));
      }),
    );
  });
});
