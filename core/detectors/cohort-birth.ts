import type { Random } from '../population/random.ts';
import { DAY_MS, HOUR_MS } from '../records/time.ts';
import { type Births, birthsOf } from './births.ts';
import { sharesNewSystem } from './common-cause.ts';
import { meanOfE } from './comparable.ts';
import type { CampaignDetector, CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { parameter } from './detector.ts';
import { type Draw, manifoldRate, manifoldShare, natsOfP, resample, type Statistic } from './resample.ts';

const MONTH_MS = 30.4375 * DAY_MS;

const meta: DetectorMeta = {
  slug: 'cohort-birth',
  title: 'Cohort birth',
  groups: ['cohort'],
  threat: 'Accounts are registered in bulk, and again after each ban.',
  inputs: ['createdAt', 'time', 'prompt.system'],
  statistic:
    'Mean of the e-values of two statistics. T1: share of members born within w of another member, w = 5 % of the span of the months they cover over their number, between one second and one hour. T2: divergence of their births per day from those of accounts born within 15 days of them, sum q ln(q / s). Both for sign-ups and for first exchanges where records go back far enough. First exchanges do not count where a system prompt that most members work with is itself new: they cluster by that cause.',
  nullModel:
    'T1: for each member another of the 500 accounts nearest by birth, so that a young set is compared with the young. T2: for each member another account born within 15 days of it.',
  parameters: [
    {
      name: 'minBorn',
      value: 10,
      unit: 'members',
      source: 'power at n = 10 where half come in batches, by simulation',
    },
    { name: 'windowShare', value: 0.05, unit: 'share of the mean gap', source: 'keeps the null near 0.1 for any size' },
    {
      name: 'usual',
      value: 0.05,
      unit: 'of strangers born together',
      source: 'below what any draw has, by simulation',
    },
    { name: 'neighbours', value: 500, unit: 'accounts', source: 'start value' },
    { name: 'around', value: 15, unit: 'days', source: 'a month, as the strata have' },
    { name: 'newSystem', value: 3, unit: 'days before the members', source: 'start value' },
  ],
  blindSpot: 'Accounts without a common birth: bought one by one, or aged.',
  lookAlike: 'A class that enrols in one evening, a launch: the check of innocent causes.',
  weight: 1,
  capNats: 6,
};

type Part = Pick<Measurement, 'nats' | 'observed' | 'expected' | 'unit'>;

function measure(view: CandidateView): Measurement[] {
  const { signUp, firstUse } = birthsOf(view.population);
  const parts = partsOf(view, signUp, 'signed up');
  if (!sharesNewSystem(view.population, view.members, parameter(meta, 'newSystem') * DAY_MS))
    parts.push(...partsOf(view, firstUse, 'first used'));
  const strongest = parts.toSorted((a, b) => b.nats - a.nats)[0];
  if (strongest === undefined) return [];
  const nats = meanOfE(
    parts.map((part) => ({ nats: part.nats, weight: 1 })),
    meta.capNats,
  );
  return [{ group: 'cohort', detector: meta.slug, ...strongest, nats }];
}

function partsOf({ members, random }: CandidateView, births: Births, verb: string): Part[] {
  const born = births.known(members);
  if (born.length < parameter(meta, 'minBorn')) return [];
  return [...bornTogether(births, born, random, verb), ...bornOnFewDays(births, born, random, verb)];
}

/** Where hardly anybody else is that old, there is nobody to compare with. */
function isFull(draw: Draw, born: Int32Array): boolean {
  return draw(0).length >= 0.9 * born.length;
}

function bornTogether(births: Births, born: Int32Array, random: Random, verb: string): Part[] {
  const share = shareBornTogether(births.times, windowOf(births.times, born));
  const observed = share(born);
  const unit = `share of accounts ${verb} within minutes of another`;
  const usual = parameter(meta, 'usual');
  // No draw of strangers has less, so the excess would not be manifold.
  if (!manifoldShare(observed, usual)) return [{ nats: natsOfP(1), observed, expected: usual, unit }];
  const width = Math.max(parameter(meta, 'neighbours'), 5 * born.length);
  const draw = births.drawNearest(born, width, random);
  if (!isFull(draw, born)) return [];
  const { p, median } = resample(share, born, draw, manifoldShare);
  return [{ nats: natsOfP(manifoldShare(observed, median) ? p : 1), observed, expected: median, unit }];
}

function windowOf(times: Float64Array, born: Int32Array): number {
  const months = new Set(Array.from(born, (member) => Math.floor(times[member]! / MONTH_MS)));
  const gap = (months.size * MONTH_MS) / born.length;
  return Math.min(HOUR_MS, Math.max(1000, parameter(meta, 'windowShare') * gap));
}

function shareBornTogether(births: Float64Array, window: number): Statistic {
  let times = new Float64Array(0);
  return (members) => {
    if (times.length !== members.length) times = new Float64Array(members.length);
    for (let i = 0; i < members.length; i++) times[i] = births[members[i]!]!;
    times.sort();
    let together = 0;
    for (let i = 0; i < times.length; i++) {
      const before = i > 0 && times[i]! - times[i - 1]! <= window;
      const after = i + 1 < times.length && times[i + 1]! - times[i]! <= window;
      if (before || after) together++;
    }
    return times.length === 0 ? 0 : together / times.length;
  };
}

/** Nats by which the divergence of one draw lies above their median at most, ten accounts and more. */
const SPREAD_OF_DRAWS = 0.5;

function bornOnFewDays(births: Births, born: Int32Array, random: Random, verb: string): Part[] {
  const divergence = divergenceOfDays(births, born, parameter(meta, 'around'));
  const observed = divergence(born);
  const unit = `nats between the days on which accounts ${verb} and the platform’s days`;
  // A divergence is never below zero: an excess that is not manifold over none is not over any draw.
  if (!manifoldRate(Math.exp(observed), 1)) return [{ nats: natsOfP(1), observed, expected: 0, unit }];
  const draw = births.drawAround(born, parameter(meta, 'around'), random);
  if (!isFull(draw, born)) return [];
  const one = divergence(draw(0));
  if (!manifoldRate(Math.exp(observed), Math.exp(one - SPREAD_OF_DRAWS)))
    return [{ nats: natsOfP(1), observed, expected: one, unit }];
  const { p, median } = resample(divergence, born, draw, (own, usual) => manifoldRate(Math.exp(own), Math.exp(usual)));
  return [
    { nats: natsOfP(manifoldRate(Math.exp(observed), Math.exp(median)) ? p : 1), observed, expected: median, unit },
  ];
}

/** sum over days of q ln(q / s); s is the platform's births per day around the candidate's, with one more each day. */
function divergenceOfDays(births: Births, born: Int32Array, around: number): Statistic {
  const due = daysAround(births, born, around);
  let days = new Int32Array(0);
  return (members) => {
    if (days.length !== members.length) days = new Int32Array(members.length);
    for (let i = 0; i < members.length; i++) days[i] = births.dayOf[members[i]!]!;
    days.sort();
    let divergence = 0;
    for (let from = 0, to = 0; from < days.length; from = to) {
      const day = days[from]!;
      while (to < days.length && days[to] === day) to++;
      const share = (to - from) / days.length;
      divergence += share * Math.log(share / due(day));
    }
    return divergence;
  };
}

/** Share of each day in the births of accounts about as old as the candidate's, mixed as those are. */
function daysAround(births: Births, born: Int32Array, reach: number): (day: number) => number {
  const birthDays = new Map<number, number>();
  for (const member of born) {
    const day = births.dayOf[member]!;
    birthDays.set(day, (birthDays.get(day) ?? 0) + 1);
  }
  const centres = Array.from(birthDays, ([day, count]) => {
    const all = births.onDays(day - reach, day + reach + 1) + 2 * reach + 1;
    return { day, weight: count / born.length, all };
  });
  const known = new Map<number, number>();
  return (day) => {
    let share = known.get(day);
    if (share === undefined) {
      const onDay = births.onDays(day, day + 1) + 1;
      share = 0;
      for (const { day: centre, weight, all } of centres)
        if (Math.abs(day - centre) <= reach) share += weight * (onDay / all);
      if (share === 0) share = 1e-6;
      known.set(day, share);
    }
    return share;
  };
}

export const cohortBirth: CampaignDetector = { meta, measure };
