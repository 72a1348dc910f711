/**
 * What chance gives, read from the platform's own last four weeks: every statistic on every active day of a sample of
 * accounts, as tails per volume; and, for accounts without a usual of their own, how large others began.
 */
import { GrowingFloats } from '../population/columns.ts';
import type { Population } from '../population/population.ts';
import { DAY_MS } from '../records/time.ts';
import { lowerBound } from '../sorted.ts';
import { departures, type OwnUsual, STATISTICS, usualFrom } from './own-usual.ts';
import { borrowedTail, exponentialTail, guardedTail } from './tail.ts';
import type { VolumeWalk } from './volume-walk.ts';

/** Accounts of which the null is made; 20,000 of them have some 300,000 account-days. */
const SAMPLE = 20_000;
/** The latest days are what is judged. */
export const JUDGED_DAYS = 2;
const NULL_DAYS = 28;
const BANDS = 10;
/** Values that a tail is fitted to at least: its largest 2 % are then 100. */
const BAND_VALUES = 5000;
/** With fewer nothing is said. */
const MIN_VALUES = 200;
/** Beginnings with which an account of the same plan is compared at least; else with those of any plan. */
const MIN_BEGINNINGS = 200;
/** Days after its birth during which an account is new. */
const NEW_DAYS = 7;

export type Tail = (x: number) => number;
/** Without a usual of its own: signed up within the week, or asleep for most of four weeks. */
export type Beginning = 'new' | 'waking';

export class UsualNull {
  private readonly cuts: Float64Array;
  /** Per volume band: a tail per statistic, and one of the smallest p-value over them as -ln p. */
  private readonly bands: { tails: Tail[]; smallest: Tail }[];
  private readonly beginnings = new Map<string, { tail: Tail; median: number }>();
  private readonly samples: Samples;

  constructor(samples: Samples) {
    this.samples = samples;
    const levels = samples.levels.take();
    const sorted = levels.toSorted();
    const bands = Math.max(1, Math.min(BANDS, Math.floor(levels.length / BAND_VALUES)));
    this.cuts = Float64Array.from(
      { length: bands - 1 },
      (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bands)]!,
    );
    const values = samples.statistics.map((column) => column.take());
    const bandOf = Uint8Array.from(levels, (level) => this.bandOf(level));
    this.bands = Array.from({ length: bands }, (_, band) =>
      bandTails(values.map((column) => column.filter((_, i) => bandOf[i] === band))),
    );
  }

  /** p-value of one statistic by itself. `level`: mean of the account's usual logs. */
  pOf(level: number, statistic: number, value: number): number {
    return this.bands[this.bandOf(level)]!.tails[statistic]!(value);
  }

  /** p-value of having a `p` as small as this for the best of the statistics. */
  pOfSmallest(level: number, p: number): number {
    return this.bands[this.bandOf(level)]!.smallest(-Math.log(p));
  }

  /** How large accounts begin: of the plan if it has enough of them, of any plan, or else any account on any day. */
  beginningsOf(kind: Beginning, plan: number): { tail: Tail; median: number } {
    const { all, byPlan } = this.samples.beginnings[kind];
    const own = byPlan.get(plan);
    const enough = (column: GrowingFloats | undefined) => column !== undefined && column.length >= MIN_BEGINNINGS;
    if (enough(own)) return this.keptBeginnings(`${kind} ${plan}`, own!);
    return enough(all) ? this.keptBeginnings(kind, all) : this.anyBeginnings();
  }

  private keptBeginnings(key: string, column: GrowingFloats): { tail: Tail; median: number } {
    let known = this.beginnings.get(key);
    if (known === undefined) {
      const values = column.take().sort();
      known = { tail: borrowedTail(values, this.anyBeginnings().tail), median: values[values.length >> 1]! };
      this.beginnings.set(key, known);
    }
    return known;
  }

  private anyBeginnings(): { tail: Tail; median: number } {
    let known = this.beginnings.get('any');
    if (known === undefined) {
      const values = this.samples.anyDay.take().sort();
      known = { tail: guardedTail(values), median: values[values.length >> 1] ?? 0 };
      this.beginnings.set('any', known);
    }
    return known;
  }

  private bandOf(level: number): number {
    const at = lowerBound(this.cuts, level);
    return this.cuts[at] === level ? at + 1 : at;
  }
}

/**
 * The statistics of one day hang together, so the smallest p-value is held against the smallest p-values of ordinary
 * days instead of being multiplied by their number (Westfall & Young, Resampling-Based Multiple Testing, 1993).
 */
function bandTails(columns: readonly Float64Array[]): { tails: Tail[]; smallest: Tail } {
  const tails = columns.map((column) => {
    const known = column.filter((value) => !Number.isNaN(value));
    return known.length < MIN_VALUES ? () => 1 : exponentialTail(known);
  });
  const smallest = new Float64Array(columns[0]?.length ?? 0);
  columns.forEach((column, k) => {
    for (let i = 0; i < column.length; i++) {
      if (!Number.isNaN(column[i]!)) smallest[i] = Math.max(smallest[i]!, -Math.log(tails[k]!(column[i]!)));
    }
  });
  return { tails, smallest: smallest.length < MIN_VALUES ? () => 1 : exponentialTail(smallest) };
}

interface Samples {
  levels: GrowingFloats;
  statistics: GrowingFloats[];
  beginnings: Record<Beginning, { all: GrowingFloats; byPlan: Map<number, GrowingFloats> }>;
  anyDay: GrowingFloats;
}

/** `left`: accounts that are known not to be ordinary. */
export function usualNull(
  population: Population,
  walk: VolumeWalk,
  lastDay: number,
  usual: OwnUsual,
  left: Uint8Array | undefined,
): UsualNull {
  const none = () => ({ all: new GrowingFloats(), byPlan: new Map<number, GrowingFloats>() });
  const samples: Samples = {
    levels: new GrowingFloats(),
    statistics: STATISTICS.map(() => new GrowingFloats()),
    beginnings: { new: none(), waking: none() },
    anyDay: new GrowingFloats(),
  };
  const out = new Float64Array(STATISTICS.length);
  const step = Math.max(1, Math.ceil(population.size / SAMPLE));
  for (let account = 0; account < population.size; account += step) {
    if (left?.[account] || population.facts.gone[account]) continue;
    walk.load(account);
    for (let at = walk.from(lastDay - NULL_DAYS + 1); at < walk.length; at++) {
      if (walk.days[at]! > lastDay - JUDGED_DAYS) break;
      sample(population, account, walk, at, usual, samples, out);
    }
  }
  return new UsualNull(samples);
}

function sample(
  population: Population,
  account: number,
  walk: VolumeWalk,
  at: number,
  usual: OwnUsual,
  { levels, statistics, beginnings, anyDay }: Samples,
  out: Float64Array,
): void {
  const size = beginningSize(walk, at);
  anyDay.push(size);
  const start = usualFrom(walk, at, usual);
  if (at - start >= usual.fewest) {
    levels.push(walk.mean(start, at));
    departures(walk, at, usual, out);
    statistics.forEach((column, k) => {
      column.push(out[k]!);
    });
    return;
  }
  const { all, byPlan } = beginnings[beginningOf(population, account, walk.days[at]!)];
  all.push(size);
  const plan = population.facts.plan[account]!;
  const own = byPlan.get(plan) ?? new GrowingFloats();
  byPlan.set(plan, own);
  own.push(size);
}

/** Mean of the logs of the last two active days of a stretch. */
export function beginningSize(walk: VolumeWalk, at: number): number {
  return walk.mean(beginningFrom(walk, at), at + 1);
}

export function beginningFrom({ days }: VolumeWalk, at: number): number {
  return at > 0 && days[at]! - days[at - 1]! <= JUDGED_DAYS ? at - 1 : at;
}

export function beginningOf({ born }: Population, account: number, day: number): Beginning {
  return day - Math.floor(born[account]! / DAY_MS) < NEW_DAYS ? 'new' : 'waking';
}
