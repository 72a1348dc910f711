/**
 * The known innocent causes, checked by name on every candidate that passes the gate.
 *
 * A cause that explains a candidate takes away the evidence it explains, and the candidate is judged again: a check can
 * lower a finding, never raise one. Intent and custody are never explained away except by an hour-bound class.
 */
import { COUNTER } from '../aggregates/account-day.ts';
import { type AccountFacts, factText } from '../aggregates/account-facts.ts';
import { viewOf } from '../detectors/detector.ts';
import { entityLinks } from '../detectors/entity-links.ts';
import { testedMembers } from '../detectors/resample.ts';
import { measureSharing } from '../detectors/shared-values.ts';
import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import type { BenignCheck } from '../findings/transition.ts';
import { custodyEdges } from '../population/custody-edges.ts';
import type { LinkTable, Population } from '../population/population.ts';
import { seededRandom } from '../population/random.ts';
import { NETWORK_KINDS } from '../records/format.ts';
import { DAY_MS } from '../records/time.ts';
import { largestWithin } from '../sorted.ts';
import { type Candidate, showsControl } from './gate.ts';
import { onePerOrg } from './seed.ts';

export interface BenignReport {
  checks: BenignCheck[];
  /** Evidence groups that a cause explains. */
  explained: Set<EvidenceGroup>;
}

interface Case {
  population: Population;
  members: readonly number[];
  candidate: Candidate;
  known: MembersRead;
}

/** What the checks need of the members' profiles, each of which is read once. */
interface MembersRead {
  /** In the order of the members. */
  facts: AccountFacts[];
  /** Exchanges per kind of network, in the order of `NETWORK_KINDS`. */
  networks: Float64Array;
  /** Exchanges that failed or were throttled. */
  failed: number;
  /** Exchanges per hour of the week. */
  week: Float64Array;
}

function readMembers(population: Population, members: readonly number[]): MembersRead {
  const networks = new Float64Array(NETWORK_KINDS.length);
  const week = new Float64Array(168);
  let failed = 0;
  const facts = members.map((member) => {
    const profile = population.profile(member);
    const { counters } = profile.total;
    for (let i = 0; i < networks.length; i++) networks[i]! += counters[COUNTER.networks + i]!;
    failed += counters[COUNTER.error]! + counters[COUNTER.throttled]!;
    for (let hour = 0; hour < week.length; hour++) week[hour]! += profile.week[hour]!;
    return profile.facts;
  });
  return { facts, networks, failed, week };
}

interface Verdict {
  check: BenignCheck;
  explains?: readonly EvidenceGroup[];
}

const COMMON_CAUSE: readonly EvidenceGroup[] = ['identity', 'network', 'cohort', 'content', 'schedule'];

export function checkBenign(population: Population, members: readonly number[], candidate: Candidate): BenignReport {
  const known = readMembers(population, members);
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
  ].map((check) => check({ population, members, candidate, known }));
  return {
    checks: verdicts.map(({ check }) => check),
    explained: new Set(
      verdicts.flatMap(({ check, explains }) => (check.result === 'explains' ? (explains ?? []) : [])),
    ),
  };
}

/** Nats of a positive group. */
const POSITIVE = 2.3;

/** Fewer members than this share with a needed field: the cause cannot be checked. */
const KNOWN_SHARE = 0.5;

function shareWhere(members: readonly number[], holds: (account: number) => boolean): number {
  return members.length === 0 ? 0 : members.filter(holds).length / members.length;
}

/** Share of members in the `top` most common values of a field; undefined where too few have the field. */
function concentration({ members, known: { facts } }: Case, path: string, top: number): number | undefined {
  const counts = new Map<string, number>();
  for (const one of facts) {
    const value = factText(one, path);
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const known = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (known < KNOWN_SHARE * members.length) return undefined;
  const largest = [...counts.values()].sort((a, b) => b - a).slice(0, top);
  return largest.reduce((sum, count) => sum + count, 0) / members.length;
}

/** Share of the members' exchanges on one kind of network; undefined where too few say. */
function networkShare(subject: Case, kind: (typeof NETWORK_KINDS)[number]): number | undefined {
  const { networks } = subject.known;
  const known = networks.reduce((sum, count) => sum + count, 0);
  return known < KNOWN_SHARE * exchangesOf(subject) ? undefined : networks[NETWORK_KINDS.indexOf(kind)]! / known;
}

function exchangesOf({ population, members }: Case): number {
  let all = 0;
  for (const member of members) all += population.exchanges[member]!;
  return all;
}

function corporateNat(subject: Case): Verdict {
  const unit = 'share of members in three organisations or domains, on corporate networks';
  const oneDomain = concentration(subject, 'email.domain', 1) ?? 0;
  if (oneDomain >= 0.8 && worksAsPeople(subject.candidate)) {
    const of = 'share of members in one e-mail domain, with no scheduler of their own';
    return measured('corporate_nat', oneDomain, 0.8, of, [...COMMON_CAUSE, 'intent']);
  }
  const corporate = networkShare(subject, 'corporate');
  const domains = Math.max(concentration(subject, 'email.domain', 3) ?? 0, concentration(subject, 'org', 3) ?? 0);
  if (corporate === undefined) return unchecked('corporate_nat', 'the kind of network is not known');
  const value = Math.min(corporate, domains);
  // An office explains what colleagues share, but not one scheduler that asks for written-out reasoning.
  const { schedule = 0, intent = 0 } = subject.candidate.groups;
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

function carrierNat(subject: Case): Verdict {
  const mobile = networkShare(subject, 'mobile');
  if (mobile === undefined) return unchecked('carrier_nat', 'the kind of network is not known');
  return measured('carrier_nat', mobile, 0.8, 'share of exchanges on mobile networks', ['network']);
}

/**
 * Strangers behind one exit share nothing else, so what matters is the evidence that is left without the network. Exits
 * that carry more others than members are those of a host or a VPN: whoever rents there shares them.
 */
function vpn(subject: Case): Verdict {
  const { candidate } = subject;
  const crowd = shareOfOthers(subject);
  if (crowd > CROWDED)
    return measured('vpn', crowd, CROWDED, 'share of others on the exits that members share', ['network']);
  const exits = exitsShared(subject);
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

/** Of the accounts on exits that two members or more share, hubs left out; 0 where there are none. */
function shareOfOthers({ population, members }: Case): number {
  let [inside, all] = [0, 0];
  for (const { table, hubCap } of exitLinks(population)) {
    const held = new Map<number, number>();
    for (const member of members) for (const code of table.row(member)) held.set(code, (held.get(code) ?? 0) + 1);
    for (const [code, count] of held) {
      const frequency = table.frequency[code]!;
      if (count < 2 || (hubCap > 0 && frequency > hubCap)) continue;
      inside += count;
      all += frequency;
    }
  }
  return all === 0 ? 0 : 1 - inside / all;
}

function reseller(): Verdict {
  return unchecked('reseller', 'no register of resellers is kept');
}

/** A test of one team hands no conversation on. Plans that people announce are kept with the cases, not here. */
function loadTest({ population, members, candidate }: Case): Verdict {
  const orgs = new Set(members.map((member) => population.facts.org[member]!)).size;
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

function retryStorm(subject: Case): Verdict {
  const all = exchangesOf(subject);
  return measured(
    'retry_storm',
    all === 0 ? 0 : subject.known.failed / all,
    0.5,
    'share of exchanges failed or throttled',
    ['schedule', 'content'],
  );
}

/** Hours of the week of 168 that a class may fill. */
const CLASS_HOURS = 15;
const CLASS_SHARE = 0.8;

/**
 * One cause put the members there: an education programme, one e-mail domain, one referral, or one room. It explains
 * everything they share where they also keep class hours; and, but for the room, everything but intent where no
 * scheduler shows.
 */
function classOrHackathon(subject: Case): Verdict {
  const { members, candidate, known } = subject;
  const learners = known.facts.filter((facts) =>
    /educat|academ|student|universit|school/i.test(factText(facts, 'programme') ?? ''),
  );
  const programme = members.length === 0 ? 0 : learners.length / members.length;
  const together = bornWithin(subject, 48 * 3_600_000) >= CLASS_SHARE;
  const oneSource = Math.max(
    concentration(subject, 'email.domain', 1) ?? 0,
    concentration(subject, 'referral', 1) ?? 0,
  );
  const keepsHours = classHourShare(subject) >= CLASS_SHARE;
  // Where nothing says who or where they are, their hours are all there is to tell a class by.
  const room = candidate.blind ? 1 : shareOfOneSubnet(subject);
  const cause = Math.max(programme, together ? oneSource : 0, keepsHours ? room : 0);
  const unit = 'share of members with one enrolment';
  const noScheduler = (candidate.groups.schedule ?? 0) < POSITIVE && (candidate.groups.intent ?? 0) < POSITIVE;
  if (cause < CLASS_SHARE || !(keepsHours || noScheduler)) {
    const result = cause >= CLASS_SHARE ? 'partly' : 'ruled_out';
    return { check: { cause: 'class', result, value: cause, limit: CLASS_SHARE, unit } };
  }
  const explains: readonly EvidenceGroup[] = keepsHours ? [...COMMON_CAUSE, 'intent'] : COMMON_CAUSE;
  return { check: { cause: 'class', result: 'explains', value: cause, limit: CLASS_SHARE, unit }, explains };
}

/** Hubs count here: a room full of people is one. */
function shareOfOneSubnet({ population, members }: Case): number {
  const { table } = population.links.find(({ kind }) => kind === 'subnet')!;
  const held = new Map<number, number>();
  for (const member of members) for (const code of table.row(member)) held.set(code, (held.get(code) ?? 0) + 1);
  return Math.max(0, ...held.values()) / Math.max(1, members.length);
}

function bornWithin({ population, members }: Case, span: number): number {
  const born = Float64Array.from(members, (member) => population.born[member]!);
  const together = largestWithin(born.filter((time) => !Number.isNaN(time)).sort(), span);
  return members.length === 0 ? 0 : together / members.length;
}

/** Share of the members' exchanges in their 15 busiest hours of the week. */
function classHourShare({ known: { week } }: Case): number {
  const all = week.reduce((sum, count) => sum + count, 0);
  const busiest = week.toSorted().slice(-CLASS_HOURS);
  return all === 0 ? 0 : busiest.reduce((sum, count) => sum + count, 0) / all;
}

/**
 * People who come for a product use it as people do: volume is heavy-tailed, cards and exits are their own. What they
 * share comes with the product: its prompt, its client build, the day it came out.
 */
function productLaunch(subject: Case): Verdict {
  const { groups, measurements } = subject.candidate;
  const unit = 'Gini';
  const gini = giniOfVolume(subject);
  const besidesNetwork = measurements.filter(({ group }) => group !== 'network');
  const ownWays = (groups.intent ?? 0) < POSITIVE && !showsControl(besidesNetwork);
  const ownMeans = ownWays && (groups.network === undefined || exitsShared(subject) < POSITIVE);
  const result = gini >= 0.5 && ownMeans ? 'explains' : gini >= 0.5 ? 'partly' : 'ruled_out';
  return {
    check: { cause: 'product_launch', result, value: gini, limit: 0.5, unit },
    explains: ['cohort', 'content', 'network'],
  };
}

function exitLinks({ links }: Population): LinkTable[] {
  return links.filter(({ group, kind }) => group === 'network' && kind !== 'client' && kind !== 'asn');
}

/** Nats of shared exits: the network evidence without client builds. */
function exitsShared({ population, members, candidate }: Case): number {
  const random = seededRandom(`exits ${candidate.seed.key}`);
  const view = viewOf(population, testedMembers(onePerOrg(population, members)), random);
  return Math.max(0, ...measureSharing(view, entityLinks.meta, exitLinks(population), 10, 2).map(({ nats }) => nats));
}

function giniOfVolume({ population, members }: Case): number {
  const volumes = members.map((member) => population.exchanges[member]!).sort((a, b) => a - b);
  const sum = volumes.reduce((total, volume) => total + volume, 0);
  const weighted = volumes.reduce((total, volume, i) => total + (i + 1) * volume, 0);
  const n = volumes.length;
  return sum === 0 ? 0 : (2 * weighted) / (n * sum) - (n + 1) / n;
}

/** Kinds of content that software brings with it. */
const DEFAULTS = ['system', 'template', 'contract', 'sketch'];

/** Share of the members that hold the value which most of them hold. */
function shareOfOneValue(population: Population, members: readonly number[]): number {
  const most = population.links
    .filter(({ kind }) => DEFAULTS.includes(kind))
    .map(({ table }) => {
      const held = new Map<number, number>();
      for (const member of members) for (const code of table.row(member)) held.set(code, (held.get(code) ?? 0) + 1);
      return Math.max(0, ...held.values());
    });
  return Math.max(0, ...most) / Math.max(1, members.length);
}

const AGED_MS = 30 * DAY_MS;

/** A new default prompt reaches accounts that were there long before it: one value that most of them work with. */
function sdkUpgrade({ population, members }: Case): Verdict {
  const firsts = members.map((member) => population.first[member]!).sort((a, b) => a - b);
  const start = firsts[firsts.length >> 1] ?? 0;
  const known = members.filter((member) => !Number.isNaN(population.born[member]!));
  if (known.length < KNOWN_SHARE * members.length) return unchecked('sdk_upgrade', 'the age of accounts is not known');
  const carried = shareOfOneValue(population, members);
  if (carried < 0.5) {
    const unit = 'share of members that work with one prompt';
    return measured('sdk_upgrade', carried, 0.5, unit, ['content']);
  }
  const aged = known.filter((member) => population.born[member]! < start - AGED_MS).length / known.length;
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
function orgMove({ population, members }: Case): Verdict {
  const { offsets, to, known } = custodyEdges(population);
  if (shareWhere(members, (member) => known[member] === 1) < KNOWN_SHARE) {
    return unchecked('org_move', 'what conversations carried in is not known');
  }
  const inside = new Set(members);
  const pairs = members.flatMap((from) =>
    [...to.subarray(offsets[from], offsets[from + 1])]
      .filter((taker) => inside.has(taker))
      .map((taker) => [from, taker]),
  );
  if (pairs.length === 0) {
    return { check: { cause: 'org_move', result: 'ruled_out', why: 'no conversation changed hands' } };
  }
  const { org } = population.facts;
  const ways = new Set(pairs.map(([from, taker]) => `${org[from!]} ${org[taker!]}`));
  const moved = pairs.filter(([from, taker]) => {
    const back = ways.has(`${org[taker!]} ${org[from!]}`);
    return !back && population.last[from!]! <= population.first[taker!]! + DAY_MS;
  });
  const value = moved.length / pairs.length;
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
