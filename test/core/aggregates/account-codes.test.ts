import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountCodes } from '../../../core/aggregates/account-codes.ts';
import { hashBytes, lanes } from '../../../core/aggregates/hash.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '1'), minLength: 1, maxLength: 4 });
const names = fc.oneof(letters, fc.string({ minLength: 1 }), fc.constantFrom('\ud800', '\ud801', 'é', '\ufffd'));

describe('numbers of accounts', () => {
  it('are the same for the same account, by text or by bytes, and of no other', () => {
    fc.assert(
      fc.property(fc.array(names, { maxLength: 60 }), (accounts) => {
        const codes = new AccountCodes();
        const expected = [...new Set(accounts)];
        for (const account of accounts) {
          const bytes = Buffer.from(`..${account}..`);
          hashBytes(bytes, 2, bytes.length - 2);
          const isAscii = /^[\0-\x7f]*$/.test(account);
          const code = isAscii ? codes.ofBytes(bytes, 2, bytes.length - 2, lanes.low) : codes.of(account);
          expect([code, codes.of(account)]).toEqual([expected.indexOf(account), expected.indexOf(account)]);
        }
        expect(codes.names).toEqual(expected);
      }),
    );
  });

  it('stay when there are many', () => {
    const codes = new AccountCodes();
    for (let i = 0; i < 5000; i++) expect(codes.of(`k_${i}`)).toBe(i);
    for (let i = 0; i < 5000; i++) expect(codes.of(`k_${i}`)).toBe(i);
  });
});
