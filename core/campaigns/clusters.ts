/** From sets that got through to campaigns: which of them are one, and to which of two an account belongs. */
import type { Classification, Evidence } from '../findings/finding.ts';
import type { BenignCheck, ShadowEvidence } from '../findings/transition.ts';
import type { Population } from '../population/population.ts';
import type { Settings } from '../settings.ts';
import { checkBenign } from './benign.ts';
import { withQ } from './e-bh.ts';
import { evidenceOf, mergeEvidence } from './evidence-rows.ts';
import type { Feature } from './features.ts';
import { type Candidate, intendsDistillation } from './gate.ts';
import { type Membership, scoreAgainst, uniteMemberships, withoutAccounts } from './membership.ts';
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

const SAME_SHARE = 0.5;

type Forming = Cluster & { candidate: Candidate };

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
      accounts: namesOf(population, [...membership.certain, ...membership.probable]),
      classification: intendsDistillation(candidate, settings) ? 'distillation' : 'coordinated_abuse',
      evidence: evidenceOf(candidate.measurements),
      benign,
      q: candidate.q,
      shadow: shadowEvidence(candidate, settings),
    };
    for (;;) {
      const same = clusters.find((cluster) => areOne(population, cluster, joined));
      if (same === undefined) break;
      clusters = clusters.filter((cluster) => cluster !== same);
      joined = joinClusters(same, joined);
    }
    clusters.push(joined);
  }
  const held = campaignsLetThrough(clusters, tested, settings);
  // Told are the checks of all members, not of the part that the strongest candidate proposed.
  const whole = held.map((cluster) => judgedWhole(population, features(), cluster));
  return settleContested(population, whole)
    .filter(({ accounts }) => accounts.size >= settings.detection.minAccounts)
    .map(({ candidate, ...cluster }) => {
      const members = [...cluster.membership.certain, ...cluster.membership.probable];
      return { ...cluster, benign: checkBenign(population, members, candidate).checks };
    });
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
  const core = new Set([...cluster.membership.certain, ...cluster.membership.probable]);
  const { held } = scoreAgainst(population, features, core);
  const membership = withoutAccounts(cluster.membership, (account) => !held.has(account));
  return { ...cluster, membership, accounts: namesOf(population, [...membership.certain, ...membership.probable]) };
}

/**
 * An account belongs to one operator: where two clusters claim it, to the one at better odds, then to the stronger. A
 * cluster of which another takes the most, or the most of the set whose evidence it stands on, was a part of that.
 */
function settleContested(population: Population, clusters: readonly Forming[]): Forming[] {
  let left = clusters.toSorted((a, b) => a.q - b.q);
  for (;;) {
    const owner = ownersOf(left);
    const settled = left.map((cluster) => ownPart(population, cluster, owner));
    const emptied = settled.findLastIndex((cluster, i) => isPartOfOther(left[i]!, cluster, owner));
    if (emptied < 0) return settled;
    left = left.filter((_, i) => i !== emptied);
  }
}

type Owners = ReadonlyMap<number, { cluster: Forming; odds: number }>;

function ownersOf(clusters: readonly Forming[]): Owners {
  const owners = new Map<number, { cluster: Forming; odds: number }>();
  for (const cluster of clusters) {
    for (const account of [...cluster.membership.certain, ...cluster.membership.probable]) {
      const odds = cluster.membership.odds.get(account) ?? 0;
      if (odds > (owners.get(account)?.odds ?? Number.NEGATIVE_INFINITY)) owners.set(account, { cluster, odds });
    }
  }
  return owners;
}

function ownPart(population: Population, cluster: Forming, owners: Owners): Forming {
  const membership = withoutAccounts(cluster.membership, (account) => {
    const owner = owners.get(account);
    return owner !== undefined && owner.cluster !== cluster;
  });
  return { ...cluster, membership, accounts: namesOf(population, [...membership.certain, ...membership.probable]) };
}

function isPartOfOther(before: Forming, after: Forming, owners: Owners): boolean {
  const { members } = before.candidate.seed;
  const elsewhere = members.reduce((sum, account) => {
    const owner = owners.get(account);
    return owner === undefined || owner.cluster === before ? sum : sum + 1;
  }, 0);
  return after.accounts.size < SAME_SHARE * before.accounts.size || elsewhere > SAME_SHARE * members.length;
}

/** The stronger names it. */
function joinClusters(a: Forming, b: Forming): Forming {
  const [first, second] = a.q <= b.q ? [a, b] : [b, a];
  const distils = [a, b].some(({ classification }) => classification === 'distillation');
  return {
    ...first,
    accounts: new Set([...first.accounts, ...second.accounts]),
    membership: uniteMemberships(first.membership, second.membership),
    evidence: mergeEvidence(first.evidence, second.evidence),
    shadow: joinShadows(first.shadow, second.shadow),
    classification: distils ? 'distillation' : 'coordinated_abuse',
  };
}

function namesOf(population: Population, members: readonly number[]): Set<string> {
  return new Set(members.map((member) => population.names[member]!));
}

/** At least half of the smaller cluster is in the other, or is at even odds or better of belonging to it. */
function areOne(population: Population, a: Cluster, b: Cluster): boolean {
  const [small, large] = a.accounts.size <= b.accounts.size ? [a, b] : [b, a];
  let common = 0;
  for (const account of small.accounts)
    if (large.accounts.has(account) || large.membership.held.has(population.indexOf.get(account)!)) common++;
  return common > 0 && common >= SAME_SHARE * small.accounts.size;
}
