/** How late the watch is: what a reader must know before a quiet night is worth anything. */
import { describe, expect, it } from 'vitest';
import { LAG_BOUNDS, lagCounts, lagWithin } from '../../../core/aggregates/lag.ts';

const NOW = Date.parse('2026-06-21T12:00:00.000Z');
const lagsOf = (...ms: number[]) =>
  lagCounts(
    ms.map((each) => NOW - each),
    NOW,
  );

describe('lag', () => {
  it('puts an exchange under the least bound that it keeps, one from a clock that runs ahead among the fastest', () => {
    expect(lagsOf(-5000, 10_000, 10_001, 60_000)).toEqual([2, 1, 1, 0, 0, 0, 0, 0, 0]);
    expect(lagsOf(86_400_000).at(-1)).toBe(1);
  });

  it('says within what time 95 of 100 were counted, and not that of the slowest', () => {
    const fast = new Array<number>(95).fill(5000);
    expect(lagWithin(lagsOf(...fast, ...new Array<number>(5).fill(500_000)), 0.95)).toBe(LAG_BOUNDS[0]);
    expect(lagWithin(lagsOf(...fast.slice(1), ...new Array<number>(6).fill(500_000)), 0.95)).toBe(900_000);
    expect(lagWithin(lagsOf(86_400_000), 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  it('says nothing of no exchange', () => {
    expect(lagWithin(lagsOf(), 0.95)).toBeUndefined();
  });
});
