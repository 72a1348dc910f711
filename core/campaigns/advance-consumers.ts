/** Moves every consumer finding one sweep on, and opens new ones within the budget. */
import type { ErrorControl, FindingLink, Member } from '../findings/finding.ts';
import { DAY_MS, isoTime } from '../records/time.ts';
import { consumerBudget, consumerEvidence, consumersLetThrough, type LetThrough } from './consumers.ts';
import { type Decided, decide, openFinding } from './decide.ts';
import { canReturn, type SweepScene } from './scene.ts';
import { mintId } from './track.ts';
import type { TrackedFinding } from './tracked.ts';

export interface AdvancedConsumers {
  transitions: NonNullable<Decided['transition']>[];
  current: NonNullable<Decided['current']>[];
  tracked: TrackedFinding[];
  /** Consumers tested. */
  tested: number;
}

export function advanceConsumers(
  scene: SweepScene,
  tracked: readonly TrackedFinding[],
  claimed: ReadonlySet<string>,
): AdvancedConsumers {
  const { population, settings, at } = scene;
  const lastDay = Math.floor(at / DAY_MS) - 1;
  const { through, tested } = consumersLetThrough(population, lastDay, claimed, settings);
  const name = ({ anomaly }: LetThrough) => population.profiles[anomaly.account]!.account;
  const byAccount = new Map(through.map((one) => [name(one), one]));
  const results = tracked.map((finding) => {
    const one = byAccount.get(finding.members[0]!.account);
    if (one !== undefined && canReturn(scene, finding)) byAccount.delete(name(one));
    return advanceOne(scene, finding, one, tested);
  });
  const taken = new Set(tracked.map(({ finding }) => finding.id));
  const weekAgo = isoTime(at - 7 * DAY_MS);
  let budget = consumerBudget(population, settings) - tracked.filter(({ openedAt }) => openedAt > weekAgo).length;
  for (const one of byAccount.values()) {
    if (budget-- <= 0) break;
    const opened = open(scene, one, ancestorsOf(name(one), tracked), taken, tested);
    taken.add(opened.tracked.finding.id);
    results.push(opened);
  }
  return {
    transitions: results.map(({ transition }) => transition).filter((transition) => transition !== undefined),
    current: results.map(({ current }) => current).filter((current) => current !== undefined),
    tracked: results.map((result) => result.tracked),
    tested,
  };
}

function advanceOne(scene: SweepScene, tracked: TrackedFinding, one: LetThrough | undefined, tested: number): Decided {
  const known = scene.population.indexOf.has(tracked.members[0]!.account);
  if (!known || !canReturn(scene, tracked)) return { transition: undefined, tracked };
  if (tracked.clearedAt !== undefined && one === undefined) return { transition: undefined, tracked };
  return decide(scene, {
    tracked: { ...tracked, ...(one ? { lastThrough: scene.iso } : {}) },
    evidence: one ? [consumerEvidence(one)] : tracked.finding.evidence,
    classification: tracked.finding.classification,
    error: one ? errorOf(one) : tracked.finding.error,
    benign: [],
    candidates: tested,
    reasons: [],
    multiple: one?.anomaly.multiple ?? multipleOf(tracked),
  });
}

function multipleOf({ finding }: TrackedFinding): number {
  const row = finding.evidence[0];
  return row === undefined || row.expected === 0 ? 0 : row.observed / row.expected;
}

/** Earlier findings on the same account: all of them too long cleared to come back. */
function ancestorsOf(account: string, tracked: readonly TrackedFinding[]): FindingLink[] {
  return tracked
    .filter(({ members }) => members[0]!.account === account)
    .map(({ finding }) => ({ finding: finding.id, relation: 'successor_of' }));
}

function open(
  scene: SweepScene,
  one: LetThrough,
  links: FindingLink[],
  taken: ReadonlySet<string>,
  tested: number,
): Decided {
  const { population, iso } = scene;
  const profile = population.profiles[one.anomaly.account]!;
  const id = mintId('con', iso, [profile.account], taken);
  const first = profile.series.find(({ day }) => day >= one.anomaly.sinceDay)?.first ?? profile.total.first;
  const confidence = one.q <= 0.01 ? 'certain' : 'probable';
  const members: Member[] = [
    { finding: id, account: profile.account, confidence, claimed: iso, since: isoTime(first) },
  ];
  return openFinding(scene, {
    id,
    kind: 'consumer',
    members,
    links,
    classification: 'volume_anomaly',
    evidence: [consumerEvidence(one)],
    error: errorOf(one),
    benign: [],
    candidates: tested,
    multiple: one.anomaly.multiple,
  });
}

function errorOf({ q }: LetThrough): ErrorControl {
  return { q: Number(q.toPrecision(3)), method: 'BH', expectedFalse: Number(q.toPrecision(3)) };
}
