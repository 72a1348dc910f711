/**
 * What the platform knows of an account, merged field by field from its account records.
 *
 * A later record overwrites an earlier one; of two records with the same time the greater value wins. So the result
 * does not depend on the order in which records arrive, and merging is associative, commutative and idempotent.
 */
import type { AccountRecord } from '../records/schema.ts';
import { timeMs } from '../records/time.ts';

type Leaf = string | boolean;

/** Field path to value and the time (ms) of the record that set it. */
export type AccountFacts = Readonly<Record<string, { readonly value: Leaf; readonly at: number }>>;

export const NO_FACTS: AccountFacts = Object.freeze({});

/** The fields of one record as facts. */
export function factsOf(record: AccountRecord): AccountFacts {
  const at = timeMs(record.time);
  const facts: Record<string, { value: Leaf; at: number }> = {};
  const set = (path: string, value: Leaf | undefined) => {
    if (value !== undefined) facts[path] = { value, at };
  };
  set('createdAt', record.createdAt);
  set('org', record.org);
  set('plan', record.plan);
  set('programme', record.programme);
  set('payment.instrument', record.payment?.instrument);
  set('payment.issuer', record.payment?.issuer);
  set('payment.kind', record.payment?.kind);
  set('email.domain', record.email?.domain);
  set('email.pattern', record.email?.pattern);
  set('phone.prefix', record.phone?.prefix);
  set('referral', record.referral);
  set('verified', record.verified);
  set('status', record.status);
  return facts;
}

export function mergeFacts(a: AccountFacts, b: AccountFacts): AccountFacts {
  const merged: Record<string, { value: Leaf; at: number }> = { ...a };
  for (const [path, fact] of Object.entries(b)) {
    const held = merged[path];
    if (held === undefined || wins(fact, held)) merged[path] = fact;
  }
  return merged;
}

function wins(a: { value: Leaf; at: number }, b: { value: Leaf; at: number }): boolean {
  return a.at !== b.at ? a.at > b.at : String(a.value) > String(b.value);
}

/** A text field, or undefined where no record gave it. */
export function factText(facts: AccountFacts, path: string): string | undefined {
  const value = facts[path]?.value;
  return typeof value === 'string' ? value : undefined;
}
