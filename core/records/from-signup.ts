/** For a platform's sign-up: what it knows of an account, to the record that may leave it. */
import type { Fingerprinter } from './fingerprint.ts';
import { accountOf, compact, momentOf, validRecord } from './made-record.ts';
import type { AccountRecord } from './schema.ts';

export interface Signup {
  /** When this was known: RFC 3339 in UTC, or milliseconds since 1970. */
  time: string | number;
  /** The same text as the gateway gives as `account` of this account's exchanges. Fingerprinted. */
  account: string;
  /** `account` identifies nobody by itself, and is to be kept as it is. */
  accountIsPlain?: boolean;
  createdAt?: string | number;
  /** The customer that the account belongs to. Fingerprinted. */
  org?: string;
  plan?: string;
  programme?: string;
  email?: string;
  /** In international form (`+`, or `00`); a national number tells no block of numbers and is left out. */
  phone?: string;
  payment?: {
    /** The payment provider's fingerprint of the card, or whatever else is equal for one instrument only. */
    instrument?: string;
    /** Who issued it: a name, or the first digits of the card as the provider gives them. */
    issuer?: string;
    kind?: NonNullable<NonNullable<AccountRecord['payment']>['kind']>;
  };
  referral?: string;
  verified?: boolean;
  status?: NonNullable<AccountRecord['status']>;
}

/** Throws where the sign-up makes no valid record; the message names the field, never its value. */
export function accountFromSignup(signup: Signup, fingerprinter: Fingerprinter): AccountRecord {
  const { createdAt, org, referral } = signup;
  return validRecord<AccountRecord>('sign-up', {
    type: 'account',
    time: momentOf(signup.time, 'sign-up'),
    account: accountOf(signup, fingerprinter),
    createdAt: createdAt === undefined ? undefined : momentOf(createdAt, 'sign-up'),
    org: org ? fingerprinter.fingerprint('org', org) : undefined,
    plan: signup.plan,
    programme: signup.programme,
    payment: paymentOf(signup, fingerprinter),
    email: fingerprinter.emailFields(signup.email ?? ''),
    phone: compact({ prefix: fingerprinter.phonePrefix(signup.phone ?? '') }),
    referral: referral ? fingerprinter.fingerprint('referral', referral.trim()) : undefined,
    verified: signup.verified,
    status: signup.status,
  });
}

function paymentOf({ payment = {} }: Signup, fp: Fingerprinter): AccountRecord['payment'] {
  const { instrument, issuer, kind } = payment;
  return compact({
    instrument: instrument ? fp.fingerprint('instrument', instrumentText(instrument)) : undefined,
    issuer: issuer ? fp.fingerprint('issuer', issuer.trim().toLowerCase()) : undefined,
    kind,
  });
}

/** A card's number may be grouped; a provider's token is kept to the letter. */
function instrumentText(instrument: string): string {
  const digits = instrument.replace(/[\s-]/g, '');
  return /^\d+$/.test(digits) ? digits : instrument.trim();
}
