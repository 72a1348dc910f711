/** One sweep's search for campaigns among its seeds: evidence, innocent causes, error control, members. */
import type { Population } from '../population/population.ts';
import type { Settings } from '../settings.ts';
import { checkBenign } from './benign.ts';
import { MemberFigures } from './benign-members.ts';
import { type Cluster, type Examined, mergeClusters } from './clusters.ts';
import { withQ } from './e-bh.ts';
import { accountSample, isRemembered, processNats, type RememberedCandidate, remember } from './evidence-process.ts';
import type { Feature } from './features.ts';
import { type Candidate, judge } from './gate.ts';
import { type Membership, refine } from './membership.ts';
import { scoreSeeds } from './score.ts';
import type { Seed } from './seed.ts';

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

/**
 * Whom a campaign lets through in this very sweep it must not be compared with, nor must anybody else: beside a thousand
 * accounts of one operator a thousand strangers look like a campaign of their own. So where there are two, the search is
 * made again without the stronger among those compared, as the next sweep will be.
 */
export function discover(
  population: Population,
  seeds: readonly Seed[],
  features: () => readonly Feature[],
  before: readonly RememberedCandidate[],
  at: number,
  settings: Settings,
): Discovery {
  const grown: Grown = { memberships: new Map(), figures: new Map() };
  let compared = population;
  for (let aside = 0; ; aside++) {
    const found = search(compared, seeds, features, before, at, settings, grown);
    const strongest = found.clusters.length < 2 ? undefined : strongestAmong(compared, found.clusters);
    if (strongest === undefined || aside === MAX_ASIDE) return found;
    compared = compared.without(strongest.accounts);
  }
}

/** What does not depend on who is compared, and so is worked out once for all searches of a sweep. */
interface Grown {
  memberships: Map<Seed, Membership>;
  figures: Map<Membership, MemberFigures>;
}

/** Campaigns set aside one after the other in one sweep, at most. */
const MAX_ASIDE = 3;

/** Share of those compared from which a cluster moves what is usual. */
const MOVING_SHARE = 0.01;

/** The surest cluster with enough accounts among those compared. */
function strongestAmong({ strata, indexOf }: Population, clusters: readonly Cluster[]): Cluster | undefined {
  const compared = new Set(strata.everybody);
  return clusters
    .filter(({ accounts }) => {
      let inside = 0;
      for (const account of accounts) if (compared.has(indexOf.get(account)!)) inside++;
      return inside >= MOVING_SHARE * compared.size;
    })
    .reduce<Cluster | undefined>((best, one) => (best === undefined || one.q < best.q ? one : best), undefined);
}

function search(
  population: Population,
  seeds: readonly Seed[],
  features: () => readonly Feature[],
  before: readonly RememberedCandidate[],
  at: number,
  settings: Settings,
  grown: Grown,
): Discovery {
  const held: Held[] = [];
  const known: Membership[] = [];
  const asked = new Map<Candidate, { membership: Membership; examined: Examined; faults: Held[] }>();
  const claim = (candidate: Candidate) => {
    const membership = grow(population, features(), candidate.seed, grown);
    const faults: Held[] = [];
    const figures = figuresOf(population, membership, grown);
    const examined = examine(population, candidate, membership, settings, faults, figures);
    asked.set(candidate, { membership, examined, faults });
    return faults.length > 0 ? undefined : membership.held;
  };
  const examined = scoreSeeds(population, seeds, at, settings, claim)
    .sort((a, b) => b.nats - a.nats)
    .map((candidate): Examined => {
      if (candidate.nats === Number.NEGATIVE_INFINITY) return { candidate, membership: undefined, benign: [] };
      const membership = membershipOf(population, features(), candidate, known, grown);
      const before = asked.get(candidate);
      if (before?.membership === membership) {
        held.push(...before.faults);
        return before.examined;
      }
      return examine(population, candidate, membership, settings, held, figuresOf(population, membership, grown));
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
  grown: Grown,
): Membership {
  const same = known.find(({ held }) => {
    let inside = 0;
    for (const member of seed.members) if (held.has(member)) inside++;
    return inside >= INSIDE * seed.members.length;
  });
  if (same !== undefined) return same;
  const membership = grow(population, features, seed, grown);
  known.push(membership);
  return membership;
}

function grow(population: Population, features: readonly Feature[], seed: Seed, { memberships }: Grown): Membership {
  let membership = memberships.get(seed);
  if (membership === undefined) {
    membership = refine(population, features, seed.members);
    memberships.set(seed, membership);
  }
  return membership;
}

function figuresOf(population: Population, membership: Membership, { figures }: Grown): MemberFigures {
  let its = figures.get(membership);
  if (its === undefined) {
    its = new MemberFigures(population, [...membership.certain, ...membership.probable]);
    figures.set(membership, its);
  }
  return its;
}

function examine(
  population: Population,
  candidate: Candidate,
  membership: Membership,
  settings: Settings,
  held: Held[],
  figures: MemberFigures,
): Examined {
  const { members } = figures;
  const reject = (reason: string): Examined => {
    held.push({ reason, accounts: members.length });
    return { candidate: { ...candidate, nats: Number.NEGATIVE_INFINITY }, membership, benign: [] };
  };
  const fault = faultOf(population, members, settings);
  if (fault !== undefined) return reject(fault);
  const { checks, explained } = checkBenign(population, figures, candidate);
  const left = candidate.measurements.filter(({ group }) => !explained.has(group));
  const judged =
    left.length === candidate.measurements.length ? candidate : judge(candidate.seed, left, settings, candidate.blind);
  const shadow = candidate.shadow?.filter(({ group }) => !explained.has(group));
  if (judged.nats === Number.NEGATIVE_INFINITY) {
    const causes = checks.filter(({ result }) => result === 'explains').map(({ cause }) => cause);
    return reject(`explained by ${causes.join(', ')}`);
  }
  return { candidate: shadow ? { ...judged, shadow } : judged, membership, benign: checks };
}

/** Why a set of accounts cannot be a campaign, whatever the evidence. */
export function faultOf(
  population: Pick<Population, 'facts'>,
  members: readonly number[],
  settings: Settings,
): string | undefined {
  const { minAccounts, minOrgs } = settings.detection;
  if (members.length < minAccounts) return `fewer than ${minAccounts} members`;
  const orgs = new Map<number, number>();
  for (const member of members)
    orgs.set(population.facts.org[member]!, (orgs.get(population.facts.org[member]!) ?? 0) + 1);
  if (orgs.size < minOrgs) return `fewer than ${minOrgs} organisations`;
  let largest = 0;
  for (const accounts of orgs.values()) largest = Math.max(largest, accounts);
  if (largest > members.length / 2) return 'more than half in one organisation';
  const verified = members.filter((member) => population.facts.verified[member]);
  const verifiedOrgs = new Set(verified.map((member) => population.facts.org[member]!)).size;
  if (verified.length >= VERIFIED_SHARE * members.length && verifiedOrgs >= VERIFIED_ORGS)
    return 'verified accounts among them';
  return undefined;
}
