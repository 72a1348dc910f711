/** Moves every campaign one sweep on: matches clusters to findings, updates members, decides transitions. */
import { AccountProfile } from '../aggregates/account-profile.ts';
import { lastWorked } from '../findings/figures.ts';
import type { ErrorControl, FindingLink, Member } from '../findings/finding.ts';
import type { Transition } from '../findings/transition.ts';
import type { Cluster } from './clusters.ts';
import { type Decided, decide, openFinding } from './decide.ts';
import type { Discovery } from './discover.ts';
import { mergeEvidence } from './evidence-rows.ts';
import { type Membership, scoreAgainst, uniteMemberships } from './membership.ts';
import { modelMoves } from './model-moves.ts';
import { atWorkSince, isReturn } from './returns.ts';
import { canReturn, type SweepScene } from './scene.ts';
import { joinShadows, withShadow } from './shadow.ts';
import { partsOf } from './split.ts';
import { claimedAccounts, mintId, sameCampaign, updateMembers } from './track.ts';
import type { TrackedFinding } from './tracked.ts';

export interface Advanced {
  transitions: Transition[];
  /** Findings looked at, as this sweep saw them. */
  current: Transition[];
  tracked: TrackedFinding[];
}

/** A core smaller than this says nothing about who is like it. */
const MIN_CORE = 3;

export function advanceCampaigns(
  scene: SweepScene,
  tracked: readonly TrackedFinding[],
  discovery: Discovery,
): Advanced {
  const taken = new Set(tracked.map(({ finding }) => finding.id));
  const { reviewed, broken } = breakUp(
    scene,
    tracked.map((finding) => review(scene, finding)),
    discovery.clusters,
  );
  const matches = matchClusters(scene, reviewed, discovery.clusters, broken);
  const merged = new Map<string, string>();
  for (const { survivors } of matches) for (const other of survivors.slice(1)) merged.set(other, survivors[0]!);
  const transitions: Transition[] = [];
  const current: Transition[] = [];
  const next: TrackedFinding[] = [];
  const keep = (result: Decided) => {
    if (result.transition !== undefined) transitions.push(result.transition);
    if (result.current !== undefined) current.push(result.current);
    next.push(result.tracked);
  };
  for (const finding of reviewed) {
    const survivor = merged.get(finding.tracked.finding.id);
    if (survivor !== undefined) keep(mergeAway(scene, finding.tracked, survivor, discovery.candidates));
    else keep(advanceOne(scene, finding, tracked, matches, discovery));
  }
  for (const { cluster, survivors, ancestors } of matches) {
    if (survivors.length > 0 || !succeeds(scene, cluster, tracked, ancestors)) continue;
    const opened = open(scene, cluster, linksOf(broken.get(cluster), ancestors), taken, discovery);
    taken.add(opened.tracked.finding.id);
    keep(opened);
  }
  return { transitions, current, tracked: next };
}

interface Match {
  cluster: Cluster;
  /** Ids of live findings that this cluster is, oldest first. */
  survivors: string[];
  /** Ids of findings too long cleared to come back. */
  ancestors: string[];
}

/**
 * A cluster is a finding where they share accounts, or where enough of its accounts are like the finding's core: a
 * second pool shares nothing but the operator. Two clusters that are one finding are one.
 */
function matchClusters(
  scene: SweepScene,
  reviewed: readonly Reviewed[],
  clusters: readonly Cluster[],
  broken: ReadonlyMap<Cluster, string>,
): Match[] {
  const byAge = reviewed.toSorted((a, b) => ageOrder(a.tracked, b.tracked));
  const matches: Match[] = [];
  for (const cluster of clusters) {
    if (broken.has(cluster)) {
      matches.push({ cluster, survivors: [], ancestors: [] });
      continue;
    }
    const same = byAge.filter(({ tracked, claimed, alike }) => {
      if (isMerged(tracked)) return false;
      return sameCampaign(claimed, cluster.accounts) || mostlyIn(cluster.accounts, alike);
    });
    const ids = (live: boolean) =>
      same.filter(({ tracked }) => canReturn(scene, tracked) === live).map(({ tracked }) => tracked.finding.id);
    const survivors = ids(true);
    const held = matches.find((match) => match.survivors.some((id) => survivors.includes(id)));
    if (held === undefined) matches.push({ cluster, survivors, ancestors: ids(false) });
    else join(held, cluster, survivors);
  }
  const age = new Map(byAge.map(({ tracked }, i) => [tracked.finding.id, i]));
  for (const { survivors } of matches) survivors.sort((a, b) => age.get(a)! - age.get(b)!);
  return matches;
}

function join(match: Match, cluster: Cluster, survivors: readonly string[]): void {
  const distils = [match.cluster, cluster].some(({ classification }) => classification === 'distillation');
  match.survivors = [...new Set([...match.survivors, ...survivors])];
  match.cluster = {
    ...match.cluster,
    accounts: new Set([...match.cluster.accounts, ...cluster.accounts]),
    membership: uniteMemberships(match.cluster.membership, cluster.membership),
    evidence: mergeEvidence(match.cluster.evidence, cluster.evidence),
    shadow: joinShadows(match.cluster.shadow, cluster.shadow),
    classification: distils ? 'distillation' : match.cluster.classification,
  };
}

function ageOrder(a: TrackedFinding, b: TrackedFinding): number {
  if (a.openedAt !== b.openedAt) return a.openedAt < b.openedAt ? -1 : 1;
  return a.finding.id < b.finding.id ? -1 : 1;
}

/** Accounts of a cluster that must be like a finding's core, and their share of it. */
const ALIKE_COUNT = 10;
const ALIKE_SHARE = 0.5;

function mostlyIn(accounts: ReadonlySet<string>, alike: ReadonlySet<string>): boolean {
  let common = 0;
  for (const account of accounts) if (alike.has(account)) common++;
  return common >= ALIKE_COUNT && common >= ALIKE_SHARE * accounts.size;
}

/** Evidence outlives a campaign in memory: a cluster succeeds findings that are over only where its accounts work again. */
function succeeds(
  { population, settings }: SweepScene,
  { membership: { certain, probable } }: Cluster,
  tracked: readonly TrackedFinding[],
  ancestors: readonly string[],
): boolean {
  if (ancestors.length === 0) return true;
  const over = tracked.filter(({ finding }) => ancestors.includes(finding.id));
  const clearedAt = over.reduce((latest, one) => (one.clearedAt! > latest ? one.clearedAt! : latest), '');
  const held = certain.length > 0 ? certain : probable;
  const scratch = new AccountProfile('');
  const last = held
    .map((account) => lastWorked(population.profile(account, scratch)))
    .filter((time) => time !== undefined);
  return isReturn({ working: atWorkSince(clearedAt, last), held: held.length, through: true }, settings);
}

function isMerged({ finding }: TrackedFinding): boolean {
  return finding.links.some(({ relation }) => relation === 'merged_into');
}

function advanceOne(
  scene: SweepScene,
  reviewed: Reviewed,
  all: readonly TrackedFinding[],
  matches: readonly Match[],
  discovery: Discovery,
): Decided {
  const { tracked } = reviewed;
  if (isMerged(tracked) || !canReturn(scene, tracked)) return { transition: undefined, tracked };
  const match = matches.find(({ survivors }) => survivors[0] === tracked.finding.id);
  const absorbed = all.filter(({ finding }) => match?.survivors.slice(1).includes(finding.id));
  const { cluster } = match ?? {};
  const members = absorb(membersNow(scene, reviewed, cluster), tracked.finding.id, absorbed);
  if (members.every(({ account }) => !scene.population.indexOf.has(account))) return { transition: undefined, tracked };
  const { finding } = tracked;
  const evidence = cluster ? mergeEvidence(finding.evidence, cluster.evidence) : finding.evidence;
  const classification =
    finding.classification === 'distillation' ? 'distillation' : (cluster?.classification ?? finding.classification);
  const error = cluster ? errorOf(cluster.q, discovery) : finding.error;
  const reasons = [
    ...absorbed.map((other) => `${other.finding.id} merged into it`),
    ...(reviewed.lost > 0 ? [`split: ${reviewed.lost} accounts are another campaign`] : []),
    ...modelMoves(scene, tracked, members),
  ];
  return decide(scene, {
    tracked: {
      ...withShadow(tracked, cluster?.shadow, scene.settings),
      members,
      ...(cluster ? { lastThrough: scene.iso } : {}),
    },
    evidence,
    classification,
    error,
    benign: cluster?.benign ?? [],
    candidates: discovery.candidates,
    reasons,
  });
}

/** A finding and what its core says of the population. */
interface Reviewed {
  tracked: TrackedFinding;
  claimed: Set<string>;
  judged: Membership | undefined;
  /** Accounts at even odds or better. */
  alike: Set<string>;
  /** Accounts that left with a part in this sweep. */
  lost: number;
}

/**
 * A finding whose accounts fall into parts in two sweeps running is split: the largest part stays, the others become
 * findings of their own.
 */
function breakUp(
  scene: SweepScene,
  reviewed: readonly Reviewed[],
  clusters: readonly Cluster[],
): { reviewed: Reviewed[]; broken: Map<Cluster, string> } {
  const broken = new Map<Cluster, string>();
  const nameOf = (account: number) => scene.population.names[account]!;
  const after = reviewed.map((one): Reviewed => {
    const { apartAt, ...rest } = one.tracked;
    const own = clusters.filter(({ accounts }) => sameCampaign(one.claimed, accounts));
    const parts = isMerged(one.tracked) ? [] : partsOf(one.claimed, own, nameOf);
    if (parts.length < 2) return apartAt === undefined ? one : { ...one, tracked: rest };
    if (apartAt === undefined) return { ...one, tracked: { ...one.tracked, apartAt: scene.iso } };
    const leaving = new Set(parts.slice(1).flatMap(({ accounts }) => [...accounts]));
    for (const part of parts.slice(1)) broken.set(part, one.tracked.finding.id);
    const members = rest.members.map((member) =>
      leaving.has(member.account) && member.until === undefined ? { ...member, until: scene.iso } : member,
    );
    return { ...review(scene, { ...rest, members }), lost: leaving.size };
  });
  return { reviewed: after, broken };
}

function linksOf(parent: string | undefined, ancestors: readonly string[]): FindingLink[] {
  const split: FindingLink[] = parent === undefined ? [] : [{ finding: parent, relation: 'split_from' }];
  return [...split, ...ancestors.map((finding): FindingLink => ({ finding, relation: 'successor_of' }))];
}

function review(scene: SweepScene, tracked: TrackedFinding): Reviewed {
  const judged = isMerged(tracked) || !canReturn(scene, tracked) ? undefined : judgedByCore(scene, tracked);
  const alike = Array.from(judged?.held ?? [], (index) => scene.population.names[index]!);
  return { tracked, claimed: claimedAccounts(tracked), judged, alike: new Set(alike), lost: 0 };
}

function judgedByCore(scene: SweepScene, tracked: TrackedFinding): Membership | undefined {
  const { population } = scene;
  const claimed = tracked.members.filter(({ until }) => until === undefined);
  const certain = claimed.filter(({ confidence }) => confidence === 'certain');
  const core = (certain.length >= MIN_CORE ? certain : claimed)
    .map(({ account }) => population.indexOf.get(account))
    .filter((index) => index !== undefined);
  return core.length < MIN_CORE ? undefined : scoreAgainst(population, scene.features(), new Set(core));
}

function membersNow(scene: SweepScene, { tracked, judged }: Reviewed, cluster: Cluster | undefined): Member[] {
  const seen = [judged, cluster?.membership].filter((one) => one !== undefined);
  if (seen.length === 0) return tracked.members;
  const membership = seen.reduce(uniteMemberships);
  return updateMembers(tracked.finding.id, tracked.members, scene.population, membership, scene.iso);
}

function absorb(members: Member[], id: string, absorbed: readonly TrackedFinding[]): Member[] {
  const known = new Set(members.map(({ account }) => account));
  const more = absorbed.flatMap((other) => other.members.filter(({ account }) => !known.has(account)));
  return [...members, ...more.map((member) => ({ ...member, finding: id }))].sort((a, b) =>
    a.account < b.account ? -1 : 1,
  );
}

function errorOf(q: number, { clusters }: Discovery): ErrorControl {
  return { q: Number(q.toPrecision(3)), method: 'e-BH', expectedFalse: Number((q * clusters.length).toPrecision(3)) };
}

function mergeAway(scene: SweepScene, tracked: TrackedFinding, survivor: string, candidates: number): Decided {
  const links: FindingLink[] = [...tracked.finding.links, { finding: survivor, relation: 'merged_into' }];
  return decide(scene, {
    tracked: { ...tracked, finding: { ...tracked.finding, links } },
    evidence: tracked.finding.evidence,
    classification: tracked.finding.classification,
    error: tracked.finding.error,
    benign: [],
    candidates,
    reasons: [],
    mergedInto: survivor,
  });
}

function open(
  scene: SweepScene,
  cluster: Cluster,
  links: FindingLink[],
  taken: ReadonlySet<string>,
  discovery: Discovery,
): Decided {
  const id = mintId('cmp', scene.iso, [...cluster.accounts], taken);
  const members = updateMembers(id, [], scene.population, cluster.membership, scene.iso);
  return openFinding(scene, {
    id,
    kind: 'campaign',
    members,
    links,
    classification: cluster.classification,
    evidence: cluster.evidence,
    error: errorOf(cluster.q, discovery),
    benign: cluster.benign,
    candidates: discovery.candidates,
    ...(cluster.shadow ? { shadow: cluster.shadow } : {}),
  });
}
