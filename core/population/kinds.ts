/** What can link accounts: where each value is read, its evidence group, and the frequency at which it means nothing. */
import { eachValue, exchangesOf, type ValueKind } from '../aggregates/account-day.ts';
import { factText } from '../aggregates/account-facts.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { hash48, hashPair } from '../aggregates/hash.ts';

export type LinkGroup = 'identity' | 'network' | 'content';

export interface LinkKind {
  kind: string;
  group: LinkGroup;
  /**
   * Most accounts that may hold a value for it to link them. Above it a value is a hub (a campus exit, an SDK's
   * prompt). 0: never links; only its concentration inside a candidate counts.
   */
  hubCap: number;
  /**
   * Whether it joins accounts by itself. A client build, an issuer, an address pattern are the ways of a crowd: of a
   * product's users as well as of an operator's accounts.
   */
  joins: boolean;
  /** For evidence: pairs of members that share ... */
  phrase: string;
  read: Reader;
  /** Most values are held by one account, and those are dropped while reading: they link nobody. */
  mostlyUnique?: true;
}

/** Hands out the values that the account holds, as 48-bit hashes. */
export type Reader = (profile: AccountProfile, out: (key: number) => void) => void;

const fact =
  (path: string): Reader =>
  ({ facts }, out) => {
    const value = factText(facts, path);
    if (value !== undefined) out(hash48(value));
  };

const issuer: Reader = ({ facts }, out) => {
  const value = factText(facts, 'payment.issuer');
  if (value !== undefined) out(hashPair(value, factText(facts, 'payment.kind') ?? ''));
};

const listed =
  (kind: ValueKind): Reader =>
  ({ total }, out) => {
    eachValue(total, kind, out);
  };

/** Least share of an account's exchanges, and least count, at which a prompt value is one it works with. */
const WORKING_SHARE = 0.05;
const WORKING_COUNT = 2;

const working =
  (kind: ValueKind): Reader =>
  ({ total }, out) => {
    const least = Math.max(WORKING_COUNT, WORKING_SHARE * exchangesOf(total));
    eachValue(total, kind, (key, count) => {
      if (count >= least) out(key);
    });
  };

/** Texts that need be used but once. Halves by hash: what proposes a set by one half is confirmed by the other. */
const texts =
  (half: 0 | 1): Reader =>
  (profile, out) => {
    for (const key of profile.texts) if (key % 2 === half) out(key);
  };

/** The half of the texts that proposes sets, and the half kept to confirm them. */
export const TEXT_KIND = 'text';
export const HELD_OUT_TEXT_KIND = 'held-out text';

export const LINK_KINDS: readonly LinkKind[] = [
  {
    kind: 'instrument',
    group: 'identity',
    hubCap: 20,
    joins: true,
    phrase: 'a payment instrument',
    read: fact('payment.instrument'),
  },
  { kind: 'phone', group: 'identity', hubCap: 200, joins: true, phrase: 'a phone prefix', read: fact('phone.prefix') },
  { kind: 'referral', group: 'identity', hubCap: 200, joins: true, phrase: 'a referral', read: fact('referral') },
  {
    kind: 'domain',
    group: 'identity',
    hubCap: 200,
    joins: true,
    phrase: 'an e-mail domain',
    read: fact('email.domain'),
  },
  { kind: 'issuer', group: 'identity', hubCap: 0, joins: false, phrase: 'a card issuer and kind', read: issuer },
  {
    kind: 'pattern',
    group: 'identity',
    hubCap: 0,
    joins: false,
    phrase: 'an e-mail pattern',
    read: fact('email.pattern'),
  },
  { kind: 'ip', group: 'network', hubCap: 20, joins: true, phrase: 'an address', read: listed('ip') },
  { kind: 'subnet', group: 'network', hubCap: 50, joins: true, phrase: 'a subnet', read: listed('subnet') },
  { kind: 'client', group: 'network', hubCap: 200, joins: false, phrase: 'a client build', read: listed('client') },
  { kind: 'asn', group: 'network', hubCap: 0, joins: false, phrase: 'a network', read: listed('asn') },
  { kind: 'system', group: 'content', hubCap: 2000, joins: true, phrase: 'a system prompt', read: working('system') },
  {
    kind: 'template',
    group: 'content',
    hubCap: 2000,
    joins: true,
    phrase: 'a prompt template',
    read: working('template'),
  },
  {
    kind: 'contract',
    group: 'content',
    hubCap: 2000,
    joins: true,
    phrase: 'an output contract',
    read: working('contract'),
  },
  {
    kind: TEXT_KIND,
    group: 'content',
    hubCap: 100,
    joins: true,
    phrase: 'a rare prompt',
    read: texts(0),
    mostlyUnique: true,
  },
  {
    kind: HELD_OUT_TEXT_KIND,
    group: 'content',
    hubCap: 100,
    joins: true,
    phrase: 'a rare prompt',
    read: texts(1),
    mostlyUnique: true,
  },
];

/** The kind that `families.ts` adds: prompts that are near-copies of each other. */
export const SKETCH_KIND = {
  kind: 'sketch',
  group: 'content',
  hubCap: 2000,
  joins: true,
  phrase: 'a near-copy of a prompt',
} as const;
