/**
 * Single-consumer anomaly: an account that runs away from its own usual volume while the platform does not, or that has
 * no usual yet and begins far above others that began.
 *
 * Its statistics have no theory that holds on real traffic, so their null is what they were on every active day of the
 * last four weeks, per volume, with a tail fit.
 */
import type { Population } from '../population/population.ts';
import { median } from '../sorted.ts';
import { type DetectorMeta, parameter } from './detector.ts';
import { departures, judgedFrom, type OwnUsual, STATISTICS, usualFrom } from './own-usual.ts';
import { PlatformMoves } from './platform-moves.ts';
import {
  type Beginning,
  beginningFrom,
  beginningOf,
  beginningSize,
  JUDGED_DAYS,
  type UsualNull,
  usualNull,
} from './usual-null.ts';
import { VolumeWalk } from './volume-walk.ts';

export const consumerAnomalyMeta: DetectorMeta = {
  slug: 'consumer-anomaly',
  title: 'Single-consumer anomaly',
  groups: ['consumer'],
  threat: 'One heavy consumer: a step or a slow rise far above its own usual, or enterprise volume from the first day.',
  inputs: ['time', 'plan', 'createdAt', 'network.asn', 'client'],
  statistic:
    'ln(1 + exchanges) of an active day less what moved its plan that day. Latest day, latest two and latest week against the four weeks before as moderated t; Mann-Kendall score over four weeks. Without a usual: mean of the first two days among accounts of the plan that began.',
  nullModel:
    'Every statistic on every active day of four weeks, per band of usual volume, with an exponential fit to the largest 2 %; the smallest p-value of a day is held against the smallest of ordinary days.',
  parameters: [
    { name: 'usual', value: 28, unit: 'days before the judged ones', source: 'four weeks' },
    { name: 'fewest', value: 3, unit: 'active days for a usual', source: 'start value: fewer have no spread' },
    { name: 'prior', value: 10, unit: 'days of the spread of the median account', source: 'start value' },
    { name: 'spread', value: 0.25, unit: 'of ln exchanges at least', source: 'start value: a robot has next to none' },
    { name: 'multiple', value: 3, unit: 'times its usual', source: 'severity below is for the digest' },
    {
      name: 'leaning',
      value: 20,
      unit: 'times the weight of a typical account at most',
      source: 'start value: weight grows with the usual volume, so that what costs more is looked at first',
    },
    {
      name: 'leastLeaning',
      value: 0.5,
      unit: 'times the weight of a typical account at least',
      source: 'start value: a small account that runs away costs little, but is not out of sight',
    },
  ],
  blindSpot: 'Low-rate pools; a rise that takes longer than four weeks to come to three times.',
  lookAlike:
    'A release, a holiday, a batch job each Monday are held; batch evaluation and a planned migration are not.',
  weight: 1,
  capNats: 6,
};

export interface ConsumerAnomaly {
  account: number;
  /** Tests of one kind share a part of the error rate. */
  family: 'usual' | Beginning;
  p: number;
  /** Against the mean of its family, from what was known before the days that are judged. */
  weight: number;
  /** `observed` over `expected`. */
  multiple: number;
  /** Exchanges a day: mean of the active days that speak, and what was to be expected of them. */
  observed: number;
  expected: number;
  unit: string;
  /** First of those days, since 1970. */
  sinceDay: number;
}

export interface ConsumerAnomalies {
  found: ConsumerAnomaly[];
  /** Accounts tested, of each family. */
  tested: Record<ConsumerAnomaly['family'], number>;
}

interface Bench {
  population: Population;
  walk: VolumeWalk;
  usual: OwnUsual;
  /** Least multiple. */
  multiple: number;
  chance: UsualNull;
  /** Exchanges per active day of the median account. */
  typical: number;
  values: Float64Array;
}

/** Accounts active on one of the two days up to `lastDay`, which is complete. `left`: accounts to leave out of the null. */
export function consumerAnomalies(population: Population, lastDay: number, left?: Uint8Array): ConsumerAnomalies {
  const bench = benchOf(population, lastDay, left);
  const { walk, usual } = bench;
  const found: ConsumerAnomaly[] = [];
  const tested = { usual: 0, new: 0, waking: 0 };
  let weights = 0;
  for (let account = 0; account < population.size; account++) {
    walk.load(account);
    const at = walk.length - 1;
    if (at < 0 || walk.days[at]! <= lastDay - JUDGED_DAYS) continue;
    const start = usualFrom(walk, at, usual);
    const hasUsual = at - start >= usual.fewest;
    const family = hasUsual ? 'usual' : beginningOf(population, account, walk.days[at]!);
    tested[family]++;
    if (family === 'usual') weights += leaning(walk.mean(start, at), bench);
    const one = family === 'usual' ? runaway(account, at, start, bench) : beginner(account, at, family, bench);
    if (one !== undefined) found.push(one);
  }
  for (const one of found) if (one.family === 'usual') one.weight /= weights / tested.usual;
  return { found, tested };
}

function benchOf(population: Population, lastDay: number, left: Uint8Array | undefined): Bench {
  const moves = new PlatformMoves(population, lastDay);
  const walk = new VolumeWalk(population, lastDay, moves);
  const usual: OwnUsual = {
    usualDays: parameter(consumerAnomalyMeta, 'usual'),
    fewest: parameter(consumerAnomalyMeta, 'fewest'),
    prior: parameter(consumerAnomalyMeta, 'prior'),
    spread: Math.max(parameter(consumerAnomalyMeta, 'spread'), moves.spread),
  };
  const typical = median(Float64Array.from({ length: population.size }, (_, account) => population.rate(account)));
  const values = new Float64Array(STATISTICS.length);
  const multiple = parameter(consumerAnomalyMeta, 'multiple');
  const chance = usualNull(population, walk, lastDay, usual, left);
  return { population, walk, usual, multiple, chance, typical, values };
}

/** What an account costs if it runs away grows with its usual volume; `level`: mean of its usual logs. */
function leaning(level: number, { typical }: Bench): number {
  const least = parameter(consumerAnomalyMeta, 'leastLeaning');
  return Math.min(parameter(consumerAnomalyMeta, 'leaning'), Math.max(least, Math.expm1(level) / typical));
}

/** Against its own usual: the statistic that says most, if the volume is a multiple and higher than ever before. */
function runaway(account: number, at: number, start: number, bench: Bench): ConsumerAnomaly | undefined {
  const { walk, values, usual, multiple, typical, chance } = bench;
  if (walk.exchanges[at]! < multiple * typical && walk.most(Math.max(0, at - 6), at) < multiple * typical) {
    return undefined;
  }
  const level = walk.mean(start, at);
  departures(walk, at, usual, values);
  let best: ConsumerAnomaly | undefined;
  for (let k = 0; k < STATISTICS.length; k++) {
    if (Number.isNaN(values[k]!)) continue;
    const p = chance.pOf(level, k, values[k]!);
    if (best !== undefined && p >= best.p) continue;
    const seen = compared(at, k, bench);
    if (seen === undefined) continue;
    best = { account, family: 'usual', p, weight: leaning(level, bench), unit: 'exchanges a day', ...seen };
  }
  return best && { ...best, p: chance.pOfSmallest(level, best.p) };
}

/** What statistic `k` compares, in exchanges a day; undefined where that is no multiple, or nothing new. */
function compared(at: number, k: number, { walk, usual, multiple, typical }: Bench) {
  const rises = k === STATISTICS.length - 1;
  const first = usualFrom(walk, at, usual);
  const from = rises ? first + Math.ceil((at - first + 1) / 3) : judgedFrom(walk, at, k);
  const start = rises ? first : usualFrom(walk, from, usual);
  const speaks = rises ? at - 1 : from;
  if (walk.most(speaks, at + 1) <= walk.most(start, speaks)) return undefined;
  const observed = meanOf(walk, speaks, at + 1);
  // What moved everybody moves what is to be expected, upwards only: a holiday makes nobody suspect.
  const moved = Math.max(0, movedOn(walk, speaks, at + 1));
  const expected = Math.max(typical, Math.expm1(walk.mean(start, from) + moved));
  if (observed < multiple * expected) return undefined;
  return { observed, expected, multiple: observed / expected, sinceDay: walk.days[from]! };
}

/** Without a usual of its own: against the first days of others. */
function beginner(account: number, at: number, family: Beginning, bench: Bench): ConsumerAnomaly | undefined {
  const { population, walk, multiple, typical, chance } = bench;
  const from = beginningFrom(walk, at);
  const observed = meanOf(walk, from, at + 1);
  if (observed < multiple * typical) return undefined;
  const others = chance.beginningsOf(family, population.facts.plan[account]!);
  const moved = Math.max(0, movedOn(walk, from, at + 1));
  const expected = Math.max(typical, Math.expm1(others.median + moved), Math.expm1(earlierLevel(walk, from) + moved));
  if (observed < multiple * expected) return undefined;
  return {
    account,
    family,
    p: others.tail(beginningSize(walk, at)),
    weight: 1,
    multiple: observed / expected,
    observed,
    expected,
    unit: family === 'new' ? 'exchanges a day of a new account' : 'exchanges a day of a waking account',
    sinceDay: walk.days[from]!,
  };
}

/** Mean of the logs more than a week before the judged days: a job that runs once a month has woken before. */
function earlierLevel(walk: VolumeWalk, from: number): number {
  const to = walk.from(walk.days[from]! - 6);
  return to === 0 ? 0 : walk.mean(0, to);
}

function meanOf({ exchanges }: VolumeWalk, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += exchanges[i]!;
  return sum / (to - from);
}

/** Mean of the platform's moves on those days. */
function movedOn({ exchanges, logs }: VolumeWalk, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.log1p(exchanges[i]!) - logs[i]!;
  return sum / (to - from);
}
