import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compact,
  coveragePercent,
  decimal,
  exact,
  measure,
  money,
  percent,
  plural,
  span,
  times,
} from '../../../core/messages/numbers.ts';

describe('figures read the same everywhere', () => {
  it.each([
    [0, '0'],
    [9999, '9,999'],
    [10_000, '10.0k'],
    [99_950, '100k'],
    [865_200, '865k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [96_000_000, '96.0M'],
    [1_643_880_000, '1.64B'],
    [9_994_999_999_999, '9.99T'],
  ])('%d is %s in a title', (value, words) => expect(compact(value)).toBe(words));

  it.each([
    [0, '0%'],
    [0.0004, '<0.1%'],
    [0.0246, '2.5%'],
    [0.0994, '9.9%'],
    [0.0996, '10%'],
    [0.54, '54%'],
    [1, '100%'],
  ])('a share of %d is %s', (value, words) => expect(percent(value)).toBe(words));

  it.each([
    [0.25, '0.25x'],
    [1, '1.0x'],
    [2.17, '2.2x'],
    [22.02, '22x'],
    [1234, '1,234x'],
    [Number.POSITIVE_INFINITY, 'new'],
  ])('a multiple of %d is %s', (value, words) => expect(times(value)).toBe(words));

  it.each([
    [0.002, '0.002'],
    [0.3, '0.3'],
    [24.06, '24.1'],
    [412, '412'],
    [0.00001, '<0.0001'],
    [123_456.7, '123,457'],
  ])('%d is %s without exponents', (value, words) => expect(decimal(value)).toBe(words));

  it('never rounds an incomplete coverage up to all of it', () => {
    expect(coveragePercent(0.9999)).toBe('99.9%');
    expect(coveragePercent(0.994)).toBe('99.4%');
    expect(coveragePercent(1)).toBe('100%');
  });

  it('prints shares as per cent and everything else as a number', () => {
    expect(measure(0.61, 'share of accounts')).toBe('61%');
    expect(measure(0.61, 'correlation')).toBe('0.61');
  });

  it('writes a range once where both ends read the same', () => {
    expect(span(3310, 4120, exact)).toBe('3,310-4,120');
    expect(span(4120, 4120, exact)).toBe('4,120');
  });

  it('rounds money to three figures and says one account, two accounts', () => {
    expect(money(29_608.61, 'USD')).toBe('USD 29,600');
    expect(plural(1, 'account')).toBe('1 account');
    expect(plural(0, 'account')).toBe('0 accounts');
  });

  it('keeps every digit of an exact figure', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (value) => Number(exact(value).replaceAll(',', '')) === value));
  });

  it('is never more than half a per cent off in a title', () => {
    const scale: Record<string, number> = { k: 1e3, M: 1e6, B: 1e9, T: 1e12, P: 1e15 };
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const [, digits, suffix] = compact(value).match(/^([\d.,]+)([kMBTP]?)$/)!;
        const read = Number(digits!.replaceAll(',', '')) * (scale[suffix!] ?? 1);
        return Math.abs(read - value) <= 0.005 * value;
      }),
    );
  });
});
