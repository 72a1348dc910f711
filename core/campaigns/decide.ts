/** From what a sweep saw of one finding to its transition, if anything is worth telling. */
import { type Assessment, assess, describeFinding } from '../findings/assess.ts';
import type {
  Classification,
  ErrorControl,
  Evidence,
  Finding,
  FindingKind,
  FindingLink,
  Member,
} from '../findings/finding.ts';
import { type Change, materialChange, rememberSeverity, settleSeverity, toldNow } from '../findings/lifecycle.ts';
import type { BenignCheck, ShadowEvidence, Transition, TransitionContext } from '../findings/transition.ts';
import { DAY_MS, isoTime } from '../records/time.ts';
import { atWorkSince, isReturn } from './returns.ts';
import type { SweepScene } from './scene.ts';
import type { TrackedFinding } from './tracked.ts';

/** A consumer is cleared after this long without being let through. */
const CONSUMER_QUIET_MS = 2 * DAY_MS;

export interface Decided {
  /** Undefined where nothing is worth telling. */
  transition: Transition | undefined;
  /** The finding as this sweep saw it, told or not; undefined where it was not looked at. */
  current?: Transition;
  tracked: TrackedFinding;
}

export interface Seen {
  evidence: Evidence[];
  classification: Classification;
  error: ErrorControl;
  benign: BenignCheck[];
  candidates: number;
  /** Consumers: observed over usual volume. */
  multiple?: number;
}

export interface Opening extends Seen {
  id: string;
  kind: FindingKind;
  members: Member[];
  links: FindingLink[];
  shadow?: ShadowEvidence;
}

export function openFinding(scene: SweepScene, opening: Opening): Decided {
  const assessment = assessNow(scene, opening, opening.members);
  const finding = describeFinding({ ...opening, at: scene.iso }, assessment, 'opened', { links: opening.links });
  const tracked: TrackedFinding = {
    version: 1,
    finding,
    members: opening.members,
    openedAt: scene.iso,
    sequence: 0,
    lastActive: activeAt(assessment, scene.iso),
    lastThrough: scene.iso,
    severities: [{ at: scene.iso, severity: finding.severity }],
    told: toldNow(finding, undefined),
    ...(opening.shadow ? { shadow: opening.shadow } : {}),
  };
  return tell(scene, { tracked, seen: opening, assessment, finding, message: 'opened', change: undefined });
}

export interface Review extends Seen {
  tracked: TrackedFinding;
  /** Material by themselves, e.g. a merger. */
  reasons: string[];
  mergedInto?: string;
}

export function decide(scene: SweepScene, review: Review): Decided {
  const { finding: told, members } = review.tracked;
  const assessment = assessNow(scene, review, members);
  const rated = { at: scene.iso, severity: assessment.rated.severity };
  const severities = rememberSeverity(review.tracked.severities, rated);
  assessment.rated.severity = settleSeverity(told.severity, severities);
  const tracked = { ...review.tracked, severities, lastActive: activeAt(assessment, review.tracked.lastActive) };
  const now = (state: Finding['state'], reason: string) => {
    const described = { ...review, id: told.id, kind: told.kind, at: scene.iso, window: told.window };
    return describeFinding(described, assessment, state, { links: told.links, reason });
  };
  const step = (message: TransitionContext['message'], reason: string, change?: Change) => {
    const state = message === 'cleared' ? 'cleared' : 'updated';
    return tell(scene, { tracked, seen: review, assessment, finding: now(state, reason), message, change });
  };
  if (review.mergedInto !== undefined) {
    // Cleared is told once; the survivor's message names what it took in.
    if (tracked.clearedAt !== undefined) return { transition: undefined, tracked };
    return step('cleared', `merged into ${review.mergedInto}`);
  }
  if (tracked.clearedAt !== undefined) {
    const back = returnReason(scene, tracked, assessment, tracked.clearedAt);
    return back === undefined ? { transition: undefined, tracked } : step('reopened', `reopened: ${back}`);
  }
  const quiet = quietReason(scene, tracked);
  if (quiet !== undefined) return step('cleared', quiet);
  const change = materialChange(told, now('updated', ''));
  const reasons = [...review.reasons, ...(change ? [change.reason] : [])];
  if (reasons.length > 0) return step('updated', reasons.join('; '), change);
  return { transition: undefined, current: step('updated', '').transition!, tracked };
}

/** Where no exchange succeeded, or nobody is held, the quiet time runs on from `otherwise`. */
function activeAt({ figures }: Assessment, otherwise: string): string {
  const last = figures.active.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  return last === Number.NEGATIVE_INFINITY ? otherwise : isoTime(last);
}

/** Why a cleared finding is back; undefined while it is not. */
function returnReason(
  { settings, iso }: SweepScene,
  { finding, lastActive, lastThrough }: TrackedFinding,
  { figures }: Assessment,
  clearedAt: string,
): string | undefined {
  if (lastActive <= clearedAt) return undefined;
  if (finding.kind === 'consumer') return `exchanges again at ${lastActive}`;
  const held = figures.accounts.certain || figures.accounts.probable;
  const working = atWorkSince(clearedAt, figures.active);
  if (!isReturn({ working, held, through: lastThrough === iso }, settings)) return undefined;
  return `${working.toLocaleString('en-US')} accounts at work since it was cleared`;
}

function assessNow(scene: SweepScene, seen: Seen, members: readonly Member[]): Assessment {
  const { population, days, at, settings } = scene;
  const { classification, multiple } = seen;
  const input = { population, days, members, classification, q: seen.error.q, at, prices: settings.listPrices };
  return assess(multiple === undefined ? input : { ...input, multiple });
}

/** Why the finding is over; undefined while it is not, or while the watch could not see. */
function quietReason(scene: SweepScene, tracked: TrackedFinding): string | undefined {
  const { at, settings } = scene;
  const campaign = tracked.finding.kind === 'campaign';
  if (campaign && tracked.members.every(({ until }) => until !== undefined)) return 'no account is held any more';
  const since = Date.parse(campaign ? tracked.lastActive : tracked.lastThrough);
  if (at - since < (campaign ? settings.lifecycle.quietDays * DAY_MS : CONSUMER_QUIET_MS)) return undefined;
  const watched = scene.coverageSince(since);
  if (watched < settings.lifecycle.coverage) return undefined;
  const whose = tracked.finding.accounts.certain > 0 ? 'certain account' : 'member';
  const what = campaign ? `no exchange of a ${whose}` : 'volume back to its usual';
  return `${what} since ${isoTime(since)}, coverage ${(watched * 100).toFixed(1)}%`;
}

interface Telling {
  tracked: TrackedFinding;
  seen: Seen;
  assessment: Assessment;
  finding: Finding;
  message: TransitionContext['message'];
  change: Change | undefined;
}

function tell(scene: SweepScene, { tracked, seen, assessment, finding, message, change }: Telling): Decided {
  const { figures, rated, compare, profile, throttle, worth } = assessment;
  const { clearedAt: _, ...open } = tracked;
  const sequence = tracked.sequence + 1;
  const context: TransitionContext = {
    message,
    sequence,
    severityWhy: rated.why,
    ranges: {
      accounts: [figures.accounts.certain, figures.accounts.certain + figures.accounts.probable],
      exchanges: [figures.certain.exchanges, figures.exchanges],
      outputTokens: [figures.certain.outputTokens, figures.outputTokens],
      ...(worth
        ? { replacementUsd: worth.usd, ...(worth.unpriced > 0 ? { unpricedTokens: worth.unpriced } : {}) }
        : {}),
    },
    compare,
    ...(message === 'opened' ? {} : { since: { ...tracked.told, ...addedBy(change) } }),
    benign: seen.benign,
    data: { to: scene.dataTo, ...scene.seenSince(scene.at - 7 * DAY_MS) },
    profile,
    throttle,
    daily: figures.daily,
    candidates: seen.candidates,
    ...(tracked.shadow ? { shadow: tracked.shadow } : {}),
  };
  const transition = { finding, context };
  return {
    transition,
    current: transition,
    tracked: {
      ...open,
      finding,
      sequence,
      told: toldNow(finding, change),
      ...(message === 'cleared' ? { clearedAt: scene.iso } : {}),
    },
  };
}

function addedBy(change: Change | undefined) {
  return { capabilitiesAdded: change?.capabilitiesAdded ?? [], groupsAdded: change?.groupsAdded ?? [] };
}
