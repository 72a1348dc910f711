/** Whom a throttle would reach, and whom it would not: a list for the gateway and its blast radius. Nothing is changed. */
import type { RosterMember } from './exchange-tally.ts';
import type { KnownAccounts } from './known-accounts.ts';
import type { RecentWork } from './recent-work.ts';

/** Certain accounts under an exception that holds now. */
export interface Excepted {
  accounts: ReadonlySet<string>;
  /** Their exceptions' ids. */
  ids: readonly string[];
}

export interface ThrottleEntry {
  account: string;
  /** Share of its exchanges of the last seven days that are not the campaign's, 0 to 1. */
  otherWork: number;
}

export interface ThrottlePreview {
  certain: number;
  /** Already banned or closed. */
  gone: number;
  excepted: number;
  exceptions: string[];
  toThrottle: number;
  verified: number;
  invoiced: number;
  inProgramme: number;
  /** Organisations of throttled accounts that have accounts outside the finding, and how many those are. */
  orgsWithOthers: number;
  othersInThoseOrgs: number;
  /** At least a fifth other work in the last seven days: listed first. */
  withOtherWork: number;
  lastDay: { ofThrottled: number; ofAll: number };
  /** Latest account record that this is told from, RFC 3339; empty where none was read. */
  accountsAsOf: string;
}

export interface ThrottlePlan {
  preview: ThrottlePreview;
  list: ThrottleEntry[];
}

export function throttlePlan(
  roster: readonly RosterMember[],
  known: KnownAccounts,
  work: RecentWork,
  excepted: Excepted,
): ThrottlePlan {
  const certain = roster.filter(({ confidence }) => confidence === 'certain').map(({ account }) => account);
  const gone = certain.filter((account) => isGone(known, account));
  const free = certain.filter((account) => !isGone(known, account));
  const list = free
    .filter((account) => !excepted.accounts.has(account))
    .map((account) => ({ account, otherWork: work.otherShare(account) }))
    .sort((a, b) => order(work, a, b));
  const others = othersOf(roster, list, known);
  return {
    list,
    preview: {
      certain: certain.length,
      gone: gone.length,
      excepted: free.length - list.length,
      exceptions: [...excepted.ids],
      toThrottle: list.length,
      verified: list.filter(({ account }) => known.of(account).verified === true).length,
      invoiced: list.filter(({ account }) => known.of(account).payment === 'invoice').length,
      inProgramme: list.filter(({ account }) => known.of(account).programme !== undefined).length,
      orgsWithOthers: others.orgs,
      othersInThoseOrgs: others.accounts,
      withOtherWork: list.filter(({ account }) => work.hasOtherWork(account)).length,
      lastDay: {
        ofThrottled: list.reduce((sum, { account }) => sum + (work.lastDay.get(account) ?? 0), 0),
        ofAll: roster.reduce((sum, { account }) => sum + (work.lastDay.get(account) ?? 0), 0),
      },
      accountsAsOf: known.upTo,
    },
  };
}

function isGone(known: KnownAccounts, account: string): boolean {
  const { status } = known.of(account);
  return status === 'banned' || status === 'closed';
}

/** Those with other work first, most of it first: a person looks at them before a machine acts. */
function order(work: RecentWork, a: ThrottleEntry, b: ThrottleEntry): number {
  const first = Number(work.hasOtherWork(b.account)) - Number(work.hasOtherWork(a.account));
  if (first !== 0) return first;
  if (work.hasOtherWork(a.account) && a.otherWork !== b.otherWork) return b.otherWork - a.otherWork;
  return a.account < b.account ? -1 : 1;
}

function othersOf(roster: readonly RosterMember[], list: readonly ThrottleEntry[], known: KnownAccounts) {
  const orgs = new Set(list.flatMap(({ account }) => known.of(account).org ?? []));
  const inFinding = new Map<string, number>();
  for (const { account } of roster) {
    const { org } = known.of(account);
    if (org !== undefined) inFinding.set(org, (inFinding.get(org) ?? 0) + 1);
  }
  const others = [...known.countIn(orgs)]
    .map(([org, count]) => count - (inFinding.get(org) ?? 0))
    .filter((count) => count > 0);
  return { orgs: others.length, accounts: others.reduce((sum, count) => sum + count, 0) };
}
