import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import { accountFromSignup } from '../../../core/records/from-signup.ts';
import { recordSchema } from '../../../core/records/schema.ts';

const fp = createFingerprinter(new Uint8Array(32));
const name = fc.string({ unit: fc.constantFrom(...'qxzjkwvy'), minLength: 8, maxLength: 24 });
const digits = fc.string({ unit: fc.constantFrom(...'12345678'), minLength: 12, maxLength: 14 });

describe('an account as the sign-up tells it', () => {
  it('leaves without any part of its address, number, card and names', () => {
    fc.assert(
      fc.property(name, digits, fc.boolean(), (secret, number, verified) => {
        const record = accountFromSignup(
          {
            time: '2026-04-03T11:02:51.000Z',
            account: secret,
            createdAt: 1_775_214_171_000,
            org: secret,
            email: `${secret}@${secret}.example`,
            phone: `+${number}`,
            payment: { instrument: `${number}99`, issuer: secret, kind: 'virtual' },
            referral: secret,
            verified,
          },
          fp,
        );
        const text = JSON.stringify(record);
        for (const value of [secret, number]) {
          for (let at = 0; at + 8 <= value.length; at++) expect(text).not.toContain(value.slice(at, at + 8));
        }
        expect(recordSchema.parse(record)).toEqual(record);
        expect(record.email?.pattern).toBe('a'.repeat(secret.length));
      }),
    );
  });

  it('is the account of its exchanges, and links two that pay with one card', () => {
    const at = (account: string, instrument: string) =>
      accountFromSignup({ time: 0, account, payment: { instrument } }, fp);
    expect(at('jane', 'x').account).toBe(fp.fingerprint('account', 'jane'));
    expect(at('a', '4242 4242 4242 4242').payment).toEqual(at('b', '4242-4242-4242-4242').payment);
    expect(at('a', 'Xt5EWLLDS7FJjR1c').payment).not.toEqual(at('b', 'xt5ewllds7fjjr1c').payment);
  });

  it('holds nothing for what is unknown or unreadable', () => {
    const record = accountFromSignup(
      { time: 0, account: 'a', accountIsPlain: true, email: 'none', phone: '555 0123', payment: {} },
      fp,
    );
    expect(record).toEqual({ type: 'account', time: '1970-01-01T00:00:00.000Z', account: 'a' });
  });

  it('refuses what makes no record, naming the field', () => {
    expect(() => accountFromSignup({ time: 'today', account: 'a' }, fp)).toThrow(
      'The sign-up makes no record: time is not',
    );
  });
});
