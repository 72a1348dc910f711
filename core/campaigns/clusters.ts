/** From sets that got through to campaigns: which of them are one, and to which of two an account belongs. */
import type { Classification, Evidence } from '../findings/finding.ts';
import type { BenignCheck, ShadowEvidence } from '../findings/transition.ts';
import type { Population } from '../population/population.ts';
import type { Settings } from '../settings.ts';
import { checkBenign } from './benign.ts';
import { MemberFigures } from './benign-members.ts';
import { withQ } from './e-bh.ts';
import { evidenceOf, mergeEvidence } from './evidence-rows.ts';
import type { Feature } from './features.ts';
import { type Candidate, intendsDistillation } from './gate.ts';
import { addMembership, type Membership, scoreAgainst, uniteMemberships, withoutAccounts } from './membership.ts';
import { joinShadows, shadowEvidence } from './shadow.ts';

export interface Cluster {
  membership: Membership;
  /** Certain and probable members, as account names. */
  accounts: Set<string>;
  classification: Classification;
  evidence: Evidence[];
  benign: BenignCheck[];
  q: number;
  /** Of detectors in shadow. */
  shadow?: ShadowEvidence | undefined;
}

export interface Examined {
  candidate: Candidate;
  membership: Membership | undefined;
  benign: BenignCheck[];
}

/** Share of the smaller set of accounts in the larger from which both are one campaign. */
export const SAME_SHARE = 0.5;

type Forming = Omit<Cluster, 'accounts'> & {
  candidate: Candidate;
  /** Of which the membership is the union: most candidates of one campaign come to the same members. */
  parts: readonly Membership[];
};

/** Candidates that are half the same accounts are one campaign, and so are two that a third joins. */
export function mergeClusters(
  population: Population,
  features: () => readonly Feature[],
  through: readonly Examined[],
  tested: number,
  settings: Settings,
): Cluster[] {
  let clusters: Forming[] = [];
  for (const { candidate, membership, benign } of through) {
    if (membership === undefined) continue;
    let joined: Forming = {
      candidate,
      membership,
      parts: [membership],
      classification: intendsDistillation(candidate, settings) ? 'distillation' : 'coordinated_abuse',
      evidence: evidenceOf(candidate.measurements),
      benign,
      q: candidate.q,
      shadow: shadowEvidence(candidate, settings),
    };
    for (;;) {
      const same = clusters.find((cluster) => areOne(cluster, joined));
      if (same === undefined) break;
      clusters = clusters.filter((cluster) => cluster !== same);
      joined = joinClusters(same, joined);
    }
    clusters.push(joined);
  }
  const held = campaignsLetThrough(clusters, tested, settings);
  // Told are the checks of all members, not of the part that the strongest candidate proposed.
  const whole = held.map((cluster) => judgedWhole(population, features(), cluster));
  return settleContested(whole)
    .filter((cluster) => sizeOf(cluster) >= settings.detection.minAccounts)
    .map(({ candidate, parts: _, ...cluster }) => {
      const members = membersOf(cluster);
      const { checks } = checkBenign(population, new MemberFigures(population, members), candidate);
      const accounts = new Set(members.map((member) => population.names[member]!));
      return { ...cluster, accounts, benign: checks };
    });
}

/** Certain and probable. */
function membersOf({ membership: { certain, probable } }: Pick<Cluster, 'membership'>): number[] {
  return [...certain, ...probable];
}

function sizeOf({ membership: { certain, probable } }: Forming): number {
  return certain.length + probable.length;
}

/**
 * e-BH over campaigns, each with the e-value of its strongest set: the forty sets that propose one campaign are one
 * discovery, and must not buy a weak one its way through.
 */
function campaignsLetThrough(clusters: readonly Forming[], tested: number, { detection }: Settings): Forming[] {
  const judged = withQ(
    clusters.map(({ candidate }) => candidate),
    tested,
  );
  return clusters.map((cluster, i) => ({ ...cluster, q: judged[i]!.q })).filter(({ q }) => q <= detection.alpha);
}

/** What a part vouched for must hold against the whole: a household in a small seed is a stranger to the campaign. */
function judgedWhole(population: Population, features: readonly Feature[], cluster: Forming): Forming {
  const { held } = scoreAgainst(population, features, new Set(membersOf(cluster)));
  return { ...cluster, membership: withoutAccounts(cluster.membership, (account) => !held.has(account)) };
}

/**
 * An account belongs to one operator: where two clusters claim it, to the one at better odds, then to the stronger. A
 * cluster of which another takes the most, or the most of the set whose evidence it stands on, was a part of that.
 */
function settleContested(clusters: readonly Forming[]): Forming[] {
  let left = clusters.toSorted((a, b) => a.q - b.q);
  for (;;) {
    const owner = ownersOf(left);
    const settled = left.map((cluster) => ownPart(cluster, owner));
    const emptied = settled.findLastIndex((cluster, i) => isPartOfOther(left[i]!, cluster, owner));
    if (emptied < 0) return settled;
    left = left.filter((_, i) => i !== emptied);
  }
}

type Owners = ReadonlyMap<number, { cluster: Forming; odds: number }>;

function ownersOf(clusters: readonly Forming[]): Owners {
  const owners = new Map<number, { cluster: Forming; odds: number }>();
  for (const cluster of clusters) {
    for (const account of membersOf(cluster)) {
      const odds = cluster.membership.odds.get(account) ?? 0;
      if (odds > (owners.get(account)?.odds ?? Number.NEGATIVE_INFINITY)) owners.set(account, { cluster, odds });
    }
  }
  return owners;
}

function ownPart(cluster: Forming, owners: Owners): Forming {
  const membership = withoutAccounts(cluster.membership, (account) => {
    const owner = owners.get(account);
    return owner !== undefined && owner.cluster !== cluster;
  });
  return { ...cluster, membership };
}

function isPartOfOther(before: Forming, after: Forming, owners: Owners): boolean {
  const { members } = before.candidate.seed;
  const elsewhere = members.reduce((sum, account) => {
    const owner = owners.get(account);
    return owner === undefined || owner.cluster === before ? sum : sum + 1;
  }, 0);
  return sizeOf(after) < SAME_SHARE * sizeOf(before) || elsewhere > SAME_SHARE * members.length;
}

/** The stronger names it. */
function joinClusters(a: Forming, b: Forming): Forming {
  const [first, second] = a.q <= b.q ? [a, b] : [b, a];
  const distils = [a, b].some(({ classification }) => classification === 'distillation');
  return {
    ...first,
    parts: [...first.parts, ...second.parts],
    membership: unionOf(first, second),
    evidence: mergeEvidence(first.evidence, second.evidence),
    shadow: joinShadows(first.shadow, second.shadow),
    classification: distils ? 'distillation' : 'coordinated_abuse',
  };
}

function unionOf(a: Forming, b: Forming): Membership {
  if (b.parts.every((part) => a.parts.includes(part))) return a.membership;
  if (a.parts.every((part) => b.parts.includes(part))) return b.membership;
  const [large, small] = a.membership.held.size >= b.membership.held.size ? [a, b] : [b, a];
  // Of two different parts at least it is a union already, and nobody else's.
  const unite = new Set(large.parts).size > 1 ? addMembership : uniteMemberships;
  return unite(large.membership, small.membership);
}

/** At least half of the smaller cluster is in the other, or is at even odds or better of belonging to it. */
function areOne(a: Forming, b: Forming): boolean {
  const [small, large] = sizeOf(a) <= sizeOf(b) ? [a, b] : [b, a];
  let common = 0;
  // Members are held as well.
  for (const account of membersOf(small)) if (large.membership.held.has(account)) common++;
  return common > 0 && common >= SAME_SHARE * sizeOf(small);
}
