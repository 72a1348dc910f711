/**
 * The known innocent causes, checked by name on every candidate that passes the gate.
 *
 * A cause that explains a candidate takes away the evidence it explains, and the candidate is judged again: a check can
 * lower a finding, never raise one. Intent and custody are never explained away except by an hour-bound class.
 */
import { viewOf } from '../detectors/detector.ts';
import { entityLinks } from '../detectors/entity-links.ts';
import { testedMembers } from '../detectors/resample.ts';
import { measureSharing } from '../detectors/shared-values.ts';
import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import type { BenignCheck } from '../findings/transition.ts';
import type { Population } from '../population/population.ts';
import { seededRandom } from '../population/random.ts';
import { exitLinks, type MemberFigures } from './benign-members.ts';
import { type Candidate, showsControl } from './gate.ts';
import { onePerOrg } from './seed.ts';

export interface BenignReport {
  checks: BenignCheck[];
  /** Evidence groups that a cause explains. */
  explained: Set<EvidenceGroup>;
}

interface Case {
  members: MemberFigures;
  candidate: Candidate;
  /** Nats of shared exits: the network evidence without client builds. */
  exitsShared: () => number;
}

interface Verdict {
  check: BenignCheck;
  explains?: readonly EvidenceGroup[];
}

const COMMON_CAUSE: readonly EvidenceGroup[] = ['identity', 'network', 'cohort', 'content', 'schedule'];

export function checkBenign(population: Population, members: MemberFigures, candidate: Candidate): BenignReport {
  let nats: number | undefined;
  const exitsShared = () => (nats ??= exitNats(population, members.members, candidate));
  const verdicts = [
    corporateNat,
    carrierNat,
    vpn,
    reseller,
    loadTest,
    retryStorm,
    classOrHackathon,
    productLaunch,
    sdkUpgrade,
    newModelRush,
    orgMove,
  ].map((check) => check({ members, candidate, exitsShared }));
  return {
    checks: verdicts.map(({ check }) => check),
    explained: new Set(
      verdicts.flatMap(({ check, explains }) => (check.result === 'explains' ? (explains ?? []) : [])),
    ),
  };
}

/** Nats of a positive group. */
const POSITIVE = 2.3;

function corporateNat({ members, candidate }: Case): Verdict {
  const unit = 'share of members in three organisations or domains, on corporate networks';
  const oneDomain = members.concentration('email.domain', 1) ?? 0;
  if (oneDomain >= 0.8 && worksAsPeople(candidate)) {
    const of = 'share of members in one e-mail domain, with no scheduler of their own';
    return measured('corporate_nat', oneDomain, 0.8, of, [...COMMON_CAUSE, 'intent']);
  }
  const corporate = members.networkShare('corporate');
  const domains = Math.max(members.concentration('email.domain', 3) ?? 0, members.concentration('org', 3) ?? 0);
  if (corporate === undefined) return unchecked('corporate_nat', 'the kind of network is not known');
  const value = Math.min(corporate, domains);
  // An office explains what colleagues share, but not one scheduler that asks for written-out reasoning.
  const { schedule = 0, intent = 0 } = candidate.groups;
  const scheduled = schedule >= POSITIVE && intent >= POSITIVE;
  return measured('corporate_nat', value, 0.8, unit, scheduled ? ['network'] : COMMON_CAUSE);
}

/**
 * Colleagues keep office hours and have a mix of work of their own; they do not share out a load, hand conversations on,
 * or ask for written-out reasoning.
 */
function worksAsPeople({ groups, measurements }: Candidate): boolean {
  const speaks = measurements.some(
    ({ group, detector, nats }) =>
      nats >= POSITIVE && (detector === 'load-balancing' || (group === 'intent' && SHOWS_INTENT.includes(detector))),
  );
  return !speaks && (groups.custody ?? 0) < POSITIVE;
}

/** A mix of work, a narrow interest and a move to a new model are a customer's as well as an operator's. */
const SHOWS_INTENT: readonly DetectorSlug[] = ['reasoning-elicitation', 'rubric-grading', 'coverage-sweep'];

function carrierNat({ members }: Case): Verdict {
  const mobile = members.networkShare('mobile');
  if (mobile === undefined) return unchecked('carrier_nat', 'the kind of network is not known');
  return measured('carrier_nat', mobile, 0.8, 'share of exchanges on mobile networks', ['network']);
}

/**
 * Strangers behind one exit share nothing else, so what matters is the evidence that is left without the network. Exits
 * that carry more others than members are those of a host or a VPN: whoever rents there shares them.
 */
function vpn({ members, candidate, exitsShared }: Case): Verdict {
  const crowd = members.othersOnExits;
  if (crowd > CROWDED)
    return measured('vpn', crowd, CROWDED, 'share of others on the exits that members share', ['network']);
  const exits = exitsShared();
  if (exits < POSITIVE) return measured('vpn', exits, POSITIVE, 'nats of shared exits', ['network']);
  const left = Object.entries(candidate.groups).filter(([group, nats]) => group !== 'network' && nats >= POSITIVE);
  const nats = left.reduce((sum, [, value]) => sum + value, 0);
  const joined = left.some(([group]) => ['custody', 'identity', 'intent'].includes(group));
  const result = left.length >= 3 && joined ? 'ruled_out' : 'explains';
  return {
    check: { cause: 'vpn', result, value: nats, unit: 'nats without network evidence' },
    explains: ['network'],
  };
}

const CROWDED = 0.5;

function reseller(): Verdict {
  return unchecked('reseller', 'no register of resellers is kept');
}

/** A test of one team hands no conversation on. Plans that people announce are kept with the cases, not here. */
function loadTest({ members: { orgs }, candidate }: Case): Verdict {
  const alone = orgs === 1 && (candidate.groups.custody ?? 0) < POSITIVE;
  return {
    check: {
      cause: 'load_test',
      result: alone ? 'explains' : 'ruled_out',
      value: orgs,
      limit: 1,
      unit: 'organisations',
    },
    explains: COMMON_CAUSE,
  };
}

function retryStorm({ members }: Case): Verdict {
  const unit = 'share of exchanges failed or throttled';
  return measured('retry_storm', members.failedShare, 0.5, unit, ['schedule', 'content']);
}

const CLASS_SHARE = 0.8;

/**
 * One cause put the members there: an education programme, one e-mail domain, one referral, or one room. It explains
 * everything they share where they also keep class hours; and, but for the room, everything but intent where no
 * scheduler shows.
 */
function classOrHackathon({ members, candidate }: Case): Verdict {
  const together = members.bornTogether >= CLASS_SHARE;
  const oneSource = Math.max(members.concentration('email.domain', 1) ?? 0, members.concentration('referral', 1) ?? 0);
  const keepsHours = members.classHourShare >= CLASS_SHARE;
  // Where nothing says who or where they are, their hours are all there is to tell a class by.
  const room = candidate.blind ? 1 : members.oneSubnet;
  const cause = Math.max(members.learners, together ? oneSource : 0, keepsHours ? room : 0);
  const unit = 'share of members with one enrolment';
  const noScheduler = (candidate.groups.schedule ?? 0) < POSITIVE && (candidate.groups.intent ?? 0) < POSITIVE;
  if (cause < CLASS_SHARE || !(keepsHours || noScheduler)) {
    const result = cause >= CLASS_SHARE ? 'partly' : 'ruled_out';
    return { check: { cause: 'class', result, value: cause, limit: CLASS_SHARE, unit } };
  }
  const explains: readonly EvidenceGroup[] = keepsHours ? [...COMMON_CAUSE, 'intent'] : COMMON_CAUSE;
  return { check: { cause: 'class', result: 'explains', value: cause, limit: CLASS_SHARE, unit }, explains };
}

/**
 * People who come for a product use it as people do: volume is heavy-tailed, cards and exits are their own. What they
 * share comes with the product: its prompt, its client build, the day it came out.
 */
function productLaunch({ members: { gini }, candidate, exitsShared }: Case): Verdict {
  const { groups, measurements } = candidate;
  const unit = 'Gini';
  const besidesNetwork = measurements.filter(({ group }) => group !== 'network');
  const ownWays = (groups.intent ?? 0) < POSITIVE && !showsControl(besidesNetwork);
  const ownMeans = ownWays && (groups.network === undefined || exitsShared() < POSITIVE);
  const result = gini >= 0.5 && ownMeans ? 'explains' : gini >= 0.5 ? 'partly' : 'ruled_out';
  return {
    check: { cause: 'product_launch', result, value: gini, limit: 0.5, unit },
    explains: ['cohort', 'content', 'network'],
  };
}

function exitNats(population: Population, members: readonly number[], candidate: Candidate): number {
  const random = seededRandom(`exits ${candidate.seed.key}`);
  const view = viewOf(population, testedMembers(onePerOrg(population, members)), random);
  return Math.max(0, ...measureSharing(view, entityLinks.meta, exitLinks(population), 10, 2).map(({ nats }) => nats));
}

/** A new default prompt reaches accounts that were there long before it: one value that most of them work with. */
function sdkUpgrade({ members }: Case): Verdict {
  const aged = members.agedShare;
  if (aged === undefined) return unchecked('sdk_upgrade', 'the age of accounts is not known');
  const carried = members.oneDefault;
  if (carried < 0.5) {
    const unit = 'share of members that work with one prompt';
    return measured('sdk_upgrade', carried, 0.5, unit, ['content']);
  }
  return measured('sdk_upgrade', aged, 0.5, 'share of members active or enrolled 30 days before', ['content']);
}

/** The detector compares with accounts of the same strata: what the whole population did as well is no evidence to it. */
function newModelRush({ candidate }: Case): Verdict {
  const pivot = candidate.measurements.find(({ detector }) => detector === 'release-pivot');
  if (pivot === undefined || pivot.nats < POSITIVE) {
    return { check: { cause: 'new_model_rush', result: 'ruled_out', why: 'no pivot is claimed' } };
  }
  const unit = 'nats beyond the move of comparable accounts';
  return { check: { cause: 'new_model_rush', result: 'ruled_out', value: pivot.nats, unit } };
}

/** Share of hand-overs that a move would make: one way, out of an account that was silent from then on. */
const MOVE_SHARE = 0.8;

/** It takes nothing away: a pool that is replaced hands over and falls silent as well. */
function orgMove({ members: { moved: value } }: Case): Verdict {
  if (value === 'unknown') return unchecked('org_move', 'what conversations carried in is not known');
  if (value === 'none')
    return { check: { cause: 'org_move', result: 'ruled_out', why: 'no conversation changed hands' } };
  const result = value >= MOVE_SHARE ? 'partly' : 'ruled_out';
  const unit = 'share of hand-overs one way, out of an account then silent';
  return { check: { cause: 'org_move', result, value, limit: MOVE_SHARE, unit } };
}

function measured(
  cause: BenignCheck['cause'],
  value: number,
  limit: number,
  unit: string,
  explains: readonly EvidenceGroup[],
): Verdict {
  return { check: { cause, result: value >= limit ? 'explains' : 'ruled_out', value, limit, unit }, explains };
}

function unchecked(cause: BenignCheck['cause'], why: string): Verdict {
  return { check: { cause, result: 'not_checked', why } };
}
