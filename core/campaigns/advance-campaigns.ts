/** Moves every campaign one sweep on: matches clusters to findings, updates members, decides transitions. */
import type { ErrorControl, FindingLink, Member } from '../findings/finding.ts';
import type { Transition } from '../findings/transition.ts';
import { type Decided, decide, openFinding } from './decide.ts';
import { type Cluster, type Discovery, mergeEvidence } from './discover.ts';
import { type Membership, scoreAgainst } from './membership.ts';
import { canReturn, type SweepScene } from './scene.ts';
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
  const matches = matchClusters(scene, tracked, discovery.clusters);
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
  for (const finding of tracked) {
    const survivor = merged.get(finding.finding.id);
    if (survivor !== undefined) keep(mergeAway(scene, finding, survivor, discovery.candidates));
    else keep(advanceOne(scene, finding, tracked, matches, discovery));
  }
  const taken = new Set(tracked.map(({ finding }) => finding.id));
  for (const { cluster, survivors, ancestors } of matches) {
    if (survivors.length > 0) continue;
    const opened = open(scene, cluster, ancestors, taken, discovery);
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

function matchClusters(scene: SweepScene, tracked: readonly TrackedFinding[], clusters: readonly Cluster[]): Match[] {
  const byAge = tracked.toSorted((a, b) =>
    a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.finding.id < b.finding.id ? -1 : 1,
  );
  const claims = byAge.map((finding) => ({ finding, accounts: claimedAccounts(finding) }));
  const used = new Set<string>();
  return clusters.map((cluster) => {
    const same = claims.filter(
      ({ finding, accounts }) =>
        !used.has(finding.finding.id) && !isMerged(finding) && sameCampaign(accounts, cluster.accounts),
    );
    const live = same.filter(({ finding }) => canReturn(scene, finding)).map(({ finding }) => finding.finding.id);
    for (const id of live) used.add(id);
    const ancestors = same.filter(({ finding }) => !canReturn(scene, finding)).map(({ finding }) => finding.finding.id);
    return { cluster, survivors: live, ancestors };
  });
}

function isMerged({ finding }: TrackedFinding): boolean {
  return finding.links.some(({ relation }) => relation === 'merged_into');
}

function advanceOne(
  scene: SweepScene,
  tracked: TrackedFinding,
  all: readonly TrackedFinding[],
  matches: readonly Match[],
  discovery: Discovery,
): Decided {
  if (isMerged(tracked) || !canReturn(scene, tracked)) return { transition: undefined, tracked };
  const match = matches.find(({ survivors }) => survivors[0] === tracked.finding.id);
  const absorbed = all.filter(({ finding }) => match?.survivors.slice(1).includes(finding.id));
  const { cluster } = match ?? {};
  const members = absorb(membersNow(scene, tracked, cluster), tracked.finding.id, absorbed);
  if (members.every(({ account }) => !scene.population.indexOf.has(account))) return { transition: undefined, tracked };
  const { finding } = tracked;
  const evidence = cluster ? mergeEvidence(finding.evidence, cluster.evidence) : finding.evidence;
  const classification =
    finding.classification === 'distillation' ? 'distillation' : (cluster?.classification ?? finding.classification);
  const error = cluster ? errorOf(cluster.q, discovery) : finding.error;
  const reasons = absorbed.map((other) => `${other.finding.id} merged into it`);
  return decide(scene, {
    tracked: { ...tracked, members, ...(cluster ? { lastThrough: scene.iso } : {}) },
    evidence,
    classification,
    error,
    benign: cluster?.benign ?? [],
    candidates: discovery.candidates,
    reasons,
  });
}

/** The core's own judgement of the population, joined with the cluster that matched it. */
function membersNow(scene: SweepScene, tracked: TrackedFinding, cluster: Cluster | undefined): Member[] {
  const { population } = scene;
  const claimed = tracked.members.filter(({ until }) => until === undefined);
  const certain = claimed.filter(({ confidence }) => confidence === 'certain');
  const core = (certain.length >= MIN_CORE ? certain : claimed)
    .map(({ account }) => population.indexOf.get(account))
    .filter((index) => index !== undefined);
  if (core.length < MIN_CORE) return tracked.members;
  const judged = scoreAgainst(population, scene.features(), new Set(core));
  const membership = cluster ? union(judged, cluster.membership) : judged;
  return updateMembers(tracked.finding.id, tracked.members, population, membership, scene.iso);
}

function union(a: Membership, b: Membership): Membership {
  const certain = new Set([...a.certain, ...b.certain]);
  return {
    certain: [...certain],
    probable: [...new Set([...a.probable, ...b.probable])].filter((account) => !certain.has(account)),
    held: new Set([...a.held, ...b.held]),
  };
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
  ancestors: readonly string[],
  taken: ReadonlySet<string>,
  discovery: Discovery,
): Decided {
  const id = mintId('cmp', scene.iso, [...cluster.accounts], taken);
  const links = ancestors.map((finding): FindingLink => ({ finding, relation: 'successor_of' }));
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
  });
}
