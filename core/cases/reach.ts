/**
 * What a scope matches: the organisation and the prompt templates of a finding's members, and which accounts and
 * organisations the platform has at all. Only hashes are kept of what is not a member.
 */
import { exchangesOf, valuesOf } from '../aggregates/account-day.ts';
import { factText } from '../aggregates/account-facts.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { hash48 } from '../aggregates/hash.ts';
import type { Findings } from './book.ts';
import type { Scope } from './entry.ts';

/** By account: its organisation, and the 48-bit hashes of the templates it works with. */
export type Reach = Readonly<Record<string, { org?: string; templates?: number[] }>>;

/** Least share of an account's exchanges on a template at which it is one of those who use it. */
const TEMPLATE_SHARE = 0.05;

export function reachOf({ facts, total }: AccountProfile): Reach[string] {
  const org = factText(facts, 'org');
  const least = TEMPLATE_SHARE * exchangesOf(total);
  const templates = valuesOf(total, 'template')
    .filter(({ count }) => count >= least)
    .map(({ key }) => key)
    .sort((a, b) => a - b);
  return { ...(org === undefined ? {} : { org }), ...(templates.length === 0 ? {} : { templates }) };
}

export function inScope(scope: Scope, account: string, reach: Reach | undefined): boolean {
  if ('account' in scope) return scope.account === account;
  const own = reach?.[account];
  if ('org' in scope) return own?.org === scope.org;
  return own?.templates?.includes(hash48(scope.template)) ?? false;
}

/** Sorted 48-bit hashes of accounts, organisations and the templates of members. */
export type Known = Float64Array;

const ofAccount = (account: string) => hash48(`account ${account}`);
const ofOrg = (org: string) => hash48(`org ${org}`);

export function knownOf(accounts: Iterable<string>, orgs: Iterable<string>): Known {
  const hashes = new Set<number>();
  for (const account of accounts) hashes.add(ofAccount(account));
  for (const org of orgs) hashes.add(ofOrg(org));
  return Float64Array.from(hashes).sort();
}

/** An account or organisation of the platform, or a template that a member of a finding uses. */
export function isKnown(scope: Scope, known: Known, findings: Findings): boolean {
  if ('account' in scope) return holds(known, ofAccount(scope.account));
  if ('org' in scope) return holds(known, ofOrg(scope.org));
  const template = hash48(scope.template);
  for (const { seen } of findings.values())
    for (const { templates } of Object.values(seen?.reach ?? {})) if (templates?.includes(template)) return true;
  return false;
}

function holds(sorted: Known, value: number): boolean {
  let [low, high] = [0, sorted.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle]!;
    if (found === value) return true;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
