/** Which cluster is which finding: lasting ids, overlap, and the members that a finding claims. */
import { hashText, lanes } from '../aggregates/hash.ts';
import type { Confidence, Member } from '../findings/finding.ts';
import type { Population } from '../population/population.ts';
import { isoTime } from '../records/time.ts';
import type { Membership } from './membership.ts';
import type { TrackedFinding } from './tracked.ts';

/** Minted once from the first sweep and the smallest member hash; never reused. At most 16 characters. */
export function mintId(
  prefix: 'cmp' | 'con',
  at: string,
  accounts: readonly string[],
  taken: ReadonlySet<string>,
): string {
  let smallest = { low: 0xffffffff, high: 0xffffffff };
  for (const account of accounts) {
    hashText(account);
    const { low, high } = lanes;
    if (high < smallest.high || (high === smallest.high && low < smallest.low)) smallest = { low, high };
  }
  for (let salt = 0; ; salt++) {
    hashText(`${at} ${salt}`, smallest.low, smallest.high);
    const id = `${prefix}-${(lanes.low >>> 0).toString(16).padStart(8, '0')}`;
    if (!taken.has(id)) return id;
  }
}

/** Shared accounts from which a cluster is the same campaign, whatever the sizes. */
const SAME_BY_COUNT = 10;
const SAME_BY_SHARE = 0.5;

/** At least half of the smaller set, or ten accounts, in common. */
export function sameCampaign(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let common = 0;
  for (const account of small) if (large.has(account)) common++;
  return common >= SAME_BY_COUNT || (common > 0 && common >= SAME_BY_SHARE * small.size);
}

/** Accounts that the finding claims now. */
export function claimedAccounts(tracked: TrackedFinding): Set<string> {
  return new Set(tracked.members.filter(({ until }) => until === undefined).map(({ account }) => account));
}

/**
 * The members after this sweep: newcomers are claimed, those whose evidence no longer makes even odds are released,
 * and accounts that are silent or gone from the window stay as they were.
 */
export function updateMembers(
  finding: string,
  members: readonly Member[],
  population: Population,
  membership: Membership,
  at: string,
): Member[] {
  const called = confidences(population, membership);
  const updated = members.map((member): Member => {
    const index = population.indexOf.get(member.account);
    const confidence = called.get(member.account);
    called.delete(member.account);
    if (index === undefined) return member;
    if (confidence !== undefined) return claim({ ...member, confidence });
    return membership.held.has(index) || member.until !== undefined ? member : { ...member, until: at };
  });
  for (const [account, confidence] of called) {
    const since = isoTime(population.first[population.indexOf.get(account)!]!);
    updated.push({ finding, account, confidence, claimed: at, since });
  }
  return updated.sort((a, b) => (a.account < b.account ? -1 : 1));
}

function claim({ finding, account, confidence, claimed, since }: Member): Member {
  return { finding, account, confidence, claimed, since };
}

function confidences(population: Population, membership: Membership): Map<string, Confidence> {
  const name = (index: number) => population.names[index]!;
  return new Map<string, Confidence>([
    ...membership.probable.map((index) => [name(index), 'probable'] as const),
    ...membership.certain.map((index) => [name(index), 'certain'] as const),
  ]);
}
