import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountFacts, factsOf, factText, mergeFacts, NO_FACTS } from '../../../core/aggregates/account-facts.ts';
import { accountRecord, anAccount } from '../../support/records.ts';

/** Few moments and few values, so that ties and overwrites happen. */
const record = fc
  .tuple(accountRecord(), fc.nat(2), fc.constantFrom('o_1', 'o_2', undefined))
  .map(([held, second, org]) => {
    const { org: _, ...rest } = held;
    return { ...rest, time: `2026-04-03T11:02:0${second}.000Z`, ...(org === undefined ? {} : { org }) };
  });
const facts = record.map(factsOf);
const mergeAll = (list: AccountFacts[]) => list.reduce(mergeFacts, NO_FACTS);

describe('the facts of an account', () => {
  it('are the same in whatever order its records arrive, however often', () => {
    fc.assert(
      fc.property(
        fc
          .array(facts, { minLength: 1, maxLength: 8 })
          .chain((list) =>
            fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })),
          ),
        ([list, shuffled]) => {
          expect(mergeAll(shuffled)).toEqual(mergeAll(list));
        },
      ),
    );
  });

  it('merge associatively and leave both sides as they were', () => {
    fc.assert(
      fc.property(facts, facts, facts, (a, b, c) => {
        const before = structuredClone([a, b, c]);
        expect(mergeFacts(mergeFacts(a, b), c)).toEqual(mergeFacts(a, mergeFacts(b, c)));
        expect([a, b, c]).toEqual(before);
      }),
    );
  });

  it('overwrite field by field: a later record that is silent on a field keeps it', () => {
    const first = factsOf(anAccount({ time: '2026-04-03T00:00:00Z', status: 'active', verified: true }));
    const later = factsOf({ type: 'account', time: '2026-05-01T00:00:00Z', account: 'k_88dc28d0', status: 'banned' });
    const merged = mergeFacts(later, first);
    expect(factText(merged, 'status')).toBe('banned');
    expect(factText(merged, 'org')).toBe('o_5521');
    expect(merged.verified).toEqual({ value: true, at: Date.parse('2026-04-03T00:00:00Z') });
    expect(factText(merged, 'referral')).toBeUndefined();
  });
});
