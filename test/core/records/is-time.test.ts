import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIME } from '../../../core/records/format.ts';
import { isTime, timeMs } from '../../../core/records/time.ts';
import { time } from '../../support/records.ts';

describe('the times that a record may have', () => {
  it('are only those that the calendar and the clock have', () => {
    const calendar = ['2026-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '2026-01-32'];
    const clock = ['24:00:00Z', '23:60:00Z', '23:59:60Z', '09:14:07+02:00', '09:14:07', '09:14:07.Z', '09:14:07ZZ'];
    const long = ['09:14:07.1234567890Z', '09:14:07.12', '9:14:07Z'];
    const wrong = [
      ...calendar.map((day) => `${day}T00:00:00Z`),
      ...[...clock, ...long].map((at) => `2026-04-22T${at}`),
    ];
    for (const text of [...wrong, '', '2026-04-22 09:14:07Z']) expect([text, isTime(text)]).toEqual([text, false]);
  });

  it('include leap days, fractions of a second and UTC written as an offset', () => {
    for (const day of ['2024-02-29', '2000-02-29', '2026-12-31'])
      expect(isTime(`${day}T23:59:59.999999999Z`)).toBe(true);
    expect(isTime('2026-04-22T09:14:07.12+00:00')).toBe(true);
    expect(timeMs('2026-04-22T09:14:07.12+00:00')).toBe(Date.UTC(2026, 3, 22, 9, 14, 7, 120));
  });

  it('agree with the published pattern wherever the calendar has the day', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'0123456789-:.TZ+'), maxLength: 4 });
    const near = fc
      .tuple(time(), fc.nat(30), fc.nat(3), letters)
      .map(([text, at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut));
    fc.assert(
      fc.property(near, (text) => {
        if (isTime(text)) expect(text).toMatch(TIME);
        else if (TIME.test(text)) expect(Number(text.slice(8, 10))).toBeGreaterThan(28);
      }),
      { numRuns: 3000 },
    );
  });
});
