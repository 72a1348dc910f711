import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCleanUsage } from '../../../core/records/clean-usage.ts';
import { aUsage, usageRecord } from '../../support/records.ts';

describe('the quick look at an exchange', () => {
  it('passes every valid exchange, so that none takes the slow way', () => {
    fc.assert(
      fc.property(usageRecord(), (record) => {
        expect(isCleanUsage(record)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('sends an exchange with one field too many to the table, at every depth', () => {
    const full = { ...aUsage(), params: {}, network: {}, client: {}, prompt: {}, custody: {} };
    for (const part of ['tokens', 'params', 'network', 'client', 'prompt', 'custody'] as const) {
      expect([part, isCleanUsage({ ...full, [part]: { ...full[part], text: 'x' } })]).toEqual([part, false]);
    }
    expect([isCleanUsage(full), isCleanUsage({ ...full, text: 'x' })]).toEqual([true, false]);
  });

  it('is not misled by a needed field that is missing beside one that is unknown', () => {
    expect(isCleanUsage({ ...aUsage(), tokens: { input: 1, text: 1 } })).toBe(false);
    const { model: _, ...rest } = aUsage();
    expect(isCleanUsage({ ...rest, text: 'x' })).toBe(false);
  });
});
