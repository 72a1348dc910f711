/** One sweep's search for campaigns: seeds, evidence, innocent causes, error control, members. */
import { CAMPAIGN_DETECTORS } from '../detectors/index.ts';
import type { Classification, Evidence } from '../findings/finding.ts';
import type { BenignCheck } from '../findings/transition.ts';
import type { Population } from '../population/population.ts';
import type { Settings } from '../settings.ts';
import { checkBenign } from './benign.ts';
import { accountSample, isRemembered, processNats, type RememberedCandidate, remember } from './evidence-process.ts';
import {
  type Feature,
  type Membership,
  refine,
  scoreAgainst,
  uniteMemberships,
  withoutAccounts,
} from './membership.ts';
import { type Candidate, GROUP_CAP_NATS, intendsDistillation, judge, scoreSeeds, withQ } from './score.ts';
import { findSeeds } from './seeds.ts';

export interface Cluster {
  membership: Membership;
  /** Certain and probable members, as account names. */
  accounts: Set<string>;
  classification: Classification;
  evidence: Evidence[];
  benign: BenignCheck[];
  q: number;
}

/** A candidate that evidence speaks for and something else explains. */
export interface Held {
  reason: string;
  accounts: number;
}

export interface Discovery {
  clusters: Cluster[];
  held: Held[];
  /** Candidates examined, whether or not let through. */
  candidates: number;
  /** Of this sweep alone: natural log of the e-value of each candidate that passed the gate. */
  candidateNats: number[];
  remembered: RememberedCandidate[];
}

/** Verified accounts from which a candidate counts as benign, and organisations they must come from. */
const VERIFIED_SHARE = 0.3;
const VERIFIED_ORGS = 3;

interface Examined {
  candidate: Candidate;
  membership: Membership | undefined;
  benign: BenignCheck[];
}

export function discover(
  population: Population,
  features: () => readonly Feature[],
  before: readonly RememberedCandidate[],
  at: number,
  settings: Settings,
): Discovery {
  const seeds = findSeeds(population, settings.detection);
  const held: Held[] = [];
  const known: Membership[] = [];
  const examined = scoreSeeds(population, seeds, at, settings)
    .sort((a, b) => b.nats - a.nats)
    .map((candidate): Examined => {
      if (candidate.nats === Number.NEGATIVE_INFINITY) return { candidate, membership: undefined, benign: [] };
      const membership = membershipOf(population, features(), candidate, known);
      return examine(population, candidate, membership, settings, held);
    });
  const remembered = new Map(before.filter((one) => isRemembered(one, at)).map((one) => [one.key, one]));
  const candidateNats: number[] = [];
  const overTime = examined.map(({ candidate }) => {
    if (candidate.nats === Number.NEGATIVE_INFINITY) return candidate;
    const { key, members } = candidate.seed;
    const accounts = accountSample(Array.from(members, (member) => population.names[member]!));
    const process = remember(remembered.get(key), at, { key, accounts, nats: candidate.nats });
    remembered.set(key, process);
    candidateNats.push(candidate.nats);
    return { ...candidate, nats: processNats(process) };
  });
  const candidates = withQ(overTime);
  const through = examined
    .map((one, i) => ({ ...one, candidate: candidates[i]! }))
    .filter(({ candidate }) => candidate.nats > 0 && candidate.q <= settings.detection.alpha)
    .sort((a, b) => b.candidate.nats - a.candidate.nats);
  return {
    clusters: mergeClusters(population, features, through, seeds.length, settings),
    held,
    candidates: seeds.length,
    candidateNats,
    remembered: [...remembered.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** Share of a seed inside the members of a stronger one from which it proposes the same members. */
const INSIDE = 0.8;

/** A campaign has dozens of seeds; only the first of them is worth growing. */
function membershipOf(
  population: Population,
  features: readonly Feature[],
  { seed }: Candidate,
  known: Membership[],
): Membership {
  const same = known.find(({ held }) => {
    const inside = seed.members.filter((member) => held.has(member)).length;
    return inside >= INSIDE * seed.members.length;
  });
  if (same !== undefined) return same;
  const grown = refine(population, features, seed.members);
  known.push(grown);
  return grown;
}

function examine(
  population: Population,
  candidate: Candidate,
  membership: Membership,
  settings: Settings,
  held: Held[],
): Examined {
  const members = [...membership.certain, ...membership.probable];
  const reject = (reason: string): Examined => {
    held.push({ reason, accounts: members.length });
    return { candidate: { ...candidate, nats: Number.NEGATIVE_INFINITY }, membership, benign: [] };
  };
  const fault = faultOf(population, members, settings);
  if (fault !== undefined) return reject(fault);
  const { checks, explained } = checkBenign(population, members, candidate);
  const left = candidate.measurements.filter(({ group }) => !explained.has(group));
  const judged =
    left.length === candidate.measurements.length ? candidate : judge(candidate.seed, left, settings, candidate.blind);
  if (judged.nats === Number.NEGATIVE_INFINITY) {
    const causes = checks.filter(({ result }) => result === 'explains').map(({ cause }) => cause);
    return reject(`explained by ${causes.join(', ')}`);
  }
  return { candidate: judged, membership, benign: checks };
}

/** Why a set of accounts cannot be a campaign, whatever the evidence. */
function faultOf(population: Population, members: readonly number[], settings: Settings): string | undefined {
  const { minAccounts, minOrgs } = settings.detection;
  if (members.length < minAccounts) return `fewer than ${minAccounts} members`;
  const orgs = new Map<number, number>();
  for (const member of members)
    orgs.set(population.facts.org[member]!, (orgs.get(population.facts.org[member]!) ?? 0) + 1);
  if (orgs.size < minOrgs) return `fewer than ${minOrgs} organisations`;
  if (Math.max(...orgs.values()) > members.length / 2) return 'more than half in one organisation';
  const verified = members.filter((member) => population.facts.verified[member]);
  const verifiedOrgs = new Set(verified.map((member) => population.facts.org[member]!)).size;
  if (verified.length >= VERIFIED_SHARE * members.length && verifiedOrgs >= VERIFIED_ORGS)
    return 'verified accounts among them';
  return undefined;
}

const SAME_SHARE = 0.5;

type Forming = Cluster & { candidate: Candidate };

/** Candidates that are half the same accounts are one campaign, and so are two that a third joins. */
function mergeClusters(
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
      evidence: evidenceOf(candidate),
      benign,
      q: candidate.q,
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

function evidenceOf({ measurements }: Candidate): Evidence[] {
  const rows = measurements.map(({ group, detector, observed, expected, unit, nats }) => {
    const cap = CAMPAIGN_DETECTORS.find(({ meta }) => meta.slug === detector)!.meta.capNats;
    return { group, detector, observed, expected, unit, strength: Math.min(nats, cap, GROUP_CAP_NATS) };
  });
  return mergeEvidence([], rows);
}

/** The stronger row of each group and detector. */
export function mergeEvidence(a: readonly Evidence[], b: readonly Evidence[]): Evidence[] {
  const rows = new Map(a.map((row) => [`${row.group} ${row.detector}`, row]));
  for (const row of b) {
    const held = rows.get(`${row.group} ${row.detector}`);
    if (held === undefined || row.strength > held.strength) rows.set(`${row.group} ${row.detector}`, row);
  }
  return [...rows.values()];
}
