import { describe, expect, it } from 'vitest';
import { dayNumber, dayRange, isoDay, lengthDays, mailDate, minute } from '../../../core/messages/dates.ts';

const range = (from: string, to: string) => dayRange({ from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` });

describe('dates are UTC and short', () => {
  it('ends a period at midnight with the day before', () => {
    expect(range('2026-06-15', '2026-06-22')).toBe('15-21 Jun');
    expect(range('2026-06-29', '2026-07-06')).toBe('29 Jun-5 Jul');
    expect(range('2025-12-29', '2026-01-05')).toBe('29 Dec-4 Jan');
    expect(range('2026-06-15', '2026-06-16')).toBe('15 Jun');
  });

  it('never counts a window as no day at all', () => {
    expect(lengthDays({ from: '2026-06-12T03:00:00.000Z', to: '2026-06-12T03:00:01.000Z' })).toBe(1);
    expect(lengthDays({ from: '2026-06-12T03:41:09.212Z', to: '2026-06-21T23:58:44.031Z' })).toBe(10);
  });

  it('writes minutes with their zone and mail dates as RFC 5322 wants them', () => {
    expect(minute('2026-06-18T00:05:59.999Z')).toBe('18 Jun 00:05Z');
    expect(mailDate('2026-06-22T00:00:00.000Z')).toBe('Mon, 22 Jun 2026 00:00:00 +0000');
    expect(isoDay(dayNumber('2026-02-28T23:59:59.999Z') + 1)).toBe('2026-03-01');
  });
});
