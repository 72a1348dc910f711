/** Moves every consumer finding one sweep on, and opens new ones within the budget. */
import type { Classification, ErrorControl, Evidence, FindingLink, Member } from '../findings/finding.ts';
import { DAY_MS, isoTime } from '../records/time.ts';
import { admitted, consumerBudget } from './consumer-queue.ts';
import { recentVolume, stillThrough } from './consumer-quiet.ts';
import { consumerEvidence, consumersLetThrough, type LetThrough } from './consumers.ts';
import { type Decided, decide, openFinding } from './decide.ts';
import { canReturn, type SweepScene } from './scene.ts';
import { mintId } from './track.ts';
import type { TrackedFinding } from './tracked.ts';

export interface AdvancedConsumers {
  transitions: NonNullable<Decided['transition']>[];
  current: NonNullable<Decided['current']>[];
  tracked: TrackedFinding[];
  /** Tests of consumers. */
  tested: number;
}

/** What every finding of this sweep is told with. */
interface Round {
  scene: SweepScene;
  lastDay: number;
  /** Consumers that the error control let through, and tests. */
  through: number;
  tested: number;
}

export function advanceConsumers(
  scene: SweepScene,
  tracked: readonly TrackedFinding[],
  claimed: ReadonlySet<string>,
): AdvancedConsumers {
  const { population, settings, at } = scene;
  const lastDay = Math.floor(at / DAY_MS) - 1;
  const open = tracked.filter(({ clearedAt }) => clearedAt === undefined).map(accountOf);
  const { through, tested } = consumersLetThrough(population, lastDay, claimed, settings, new Set(open));
  const round: Round = { scene, lastDay, through: through.length, tested };
  const waiting = new Map(through.map((one) => [population.names[one.account]!, one]));
  const results = tracked.map((finding) => {
    const one = waiting.get(accountOf(finding));
    if (one !== undefined && canReturn(scene, finding)) waiting.delete(accountOf(finding));
    return advanceOne(round, finding, one);
  });
  const taken = new Set(tracked.map(({ finding }) => finding.id));
  const weekAgo = isoTime(at - 7 * DAY_MS);
  const openedInWeek = tracked.filter(({ openedAt }) => openedAt > weekAgo).length;
  for (const one of admitted(waiting.values(), openedInWeek, consumerBudget(population, settings))) {
    const opened = openOne(round, one, ancestorsOf(population.names[one.account]!, tracked), taken);
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

const accountOf = ({ members }: TrackedFinding) => members[0]!.account;

function advanceOne(round: Round, tracked: TrackedFinding, one: LetThrough | undefined): Decided {
  const { scene, lastDay } = round;
  const account = scene.population.indexOf.get(accountOf(tracked));
  if (account === undefined || !canReturn(scene, tracked)) return { transition: undefined, tracked };
  if (tracked.clearedAt !== undefined && !returns(round, tracked, account, one))
    return { transition: undefined, tracked };
  const lastThrough = stillThrough(scene, tracked, account, lastDay, one);
  const held = { ...tracked, lastThrough, members: surer(tracked.members, one) };
  return decide(scene, {
    tracked: held,
    evidence: one ? consumerEvidence(one) : tracked.finding.evidence,
    classification: graver(tracked.finding.classification, one?.classification),
    error: one ? errorOf(one, round) : tracked.finding.error,
    benign: [],
    candidates: round.tested,
    reasons: [],
    ...multipleOf(one?.anomaly?.multiple ?? lastMultiple(tracked, recentVolume(scene.population, account, lastDay))),
  });
}

/** Times what was expected at which a cleared volume is back: as much as a finding opens at. */
const BACK_MULTIPLE = 3;

/**
 * A week's mean remembers the days before it was cleared, so only the latest days bring it back; and the same height
 * again is no news to the account's own history, but it is the same problem again.
 */
function returns({ scene, lastDay }: Round, tracked: TrackedFinding, account: number, one?: LetThrough): boolean {
  const expected = volumeRow(tracked.finding.evidence)?.expected;
  if (expected === undefined || one?.sharing !== undefined) return one !== undefined;
  return recentVolume(scene.population, account, lastDay) >= BACK_MULTIPLE * expected;
}

const GRAVITY: readonly Classification[] = ['volume_anomaly', 'key_sharing', 'account_takeover'];

/** A class is never taken back while the finding lives: what was seen was seen. */
function graver(held: Classification, seen: Classification | undefined): Classification {
  return seen !== undefined && GRAVITY.indexOf(seen) > GRAVITY.indexOf(held) ? seen : held;
}

/** Probable becomes certain with more evidence, never the other way. */
function surer(members: readonly Member[], one: LetThrough | undefined): Member[] {
  const sure = one !== undefined && confidenceOf(one) === 'certain';
  return members.map((member) => (sure ? { ...member, confidence: 'certain' } : member));
}

/** Of latest volume over what was expected; undefined for a finding that is not about volume. */
function lastMultiple({ finding }: TrackedFinding, volume: number): number | undefined {
  const row = volumeRow(finding.evidence);
  return row === undefined || row.expected === 0 ? undefined : volume / row.expected;
}

function volumeRow(evidence: readonly Evidence[]): Evidence | undefined {
  return evidence.find(({ detector }) => detector === 'consumer-anomaly');
}

const multipleOf = (multiple: number | undefined) => (multiple === undefined ? {} : { multiple });

/** Earlier findings on the same account: all of them too long cleared to come back. */
function ancestorsOf(account: string, tracked: readonly TrackedFinding[]): FindingLink[] {
  return tracked
    .filter((finding) => accountOf(finding) === account)
    .map(({ finding }) => ({ finding: finding.id, relation: 'successor_of' }));
}

function openOne(round: Round, one: LetThrough, links: FindingLink[], taken: ReadonlySet<string>): Decided {
  const { population, iso } = round.scene;
  const profile = population.profile(one.account);
  const id = mintId('con', iso, [profile.account], taken);
  // All that a shared key ever did belongs to it: counts of its users are not kept per day.
  const sinceDay = one.sharing === undefined ? one.anomaly!.sinceDay : 0;
  const first = profile.series.find(({ day }) => day >= sinceDay)?.first ?? profile.total.first;
  const members: Member[] = [
    { finding: id, account: profile.account, confidence: confidenceOf(one), claimed: iso, since: isoTime(first) },
  ];
  return openFinding(round.scene, {
    id,
    kind: 'consumer',
    members,
    links,
    classification: one.classification,
    evidence: consumerEvidence(one),
    error: errorOf(one, round),
    benign: [],
    candidates: round.tested,
    ...multipleOf(one.anomaly?.multiple),
  });
}

/** As a campaign's members: at most one in a hundred wrong. */
const CERTAIN_Q = 0.01;

function confidenceOf({ q }: LetThrough): Member['confidence'] {
  return q <= CERTAIN_Q ? 'certain' : 'probable';
}

function errorOf({ q }: LetThrough, { through }: Round): ErrorControl {
  return { q: Number(q.toPrecision(3)), method: 'BH', expectedFalse: Number((q * through).toPrecision(3)) };
}
