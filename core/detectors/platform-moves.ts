/**
 * What moved everybody on a day: the median, over the accounts of a plan, of ln(1 + exchanges) less the account's own
 * median. A holiday is below 0, a release above; taken off every account's day, it leaves what is the account's own.
 */
import type { Population } from '../population/population.ts';
import { VolumeWalk, WALK_DAYS } from './volume-walk.ts';

/** A plan with fewer accounts active on a day is moved with everybody. */
const MIN_ACTIVE = 50;
/** Plans that have a row of their own, the largest; 100 KB each. */
const MOST_PLANS = 30;
/** An account with fewer active days has no median to be moved from. */
const MIN_DAYS = 3;
/** Accounts looked at: a median needs no more, however large the platform. */
const SAMPLE = 50_000;
/** Moves are counted in steps of 0.02 up to e^4 to either side. */
const STEP = 0.02;
const STEPS = 400;

export class PlatformMoves {
  /** Spread of a single day around an account's own mean, as ln: the median account's. */
  readonly spread: number;
  private readonly moves: Float64Array;
  /** Row of each plan; 0 is everybody. */
  private readonly rows: Int32Array;
  private readonly plans: Int32Array;
  private readonly firstDay: number;

  constructor(population: Population, lastDay: number) {
    this.plans = population.facts.plan;
    this.rows = rowsOf(this.plans);
    this.firstDay = lastDay - WALK_DAYS + 1;
    const histograms = (1 + Math.min(MOST_PLANS, this.rows.length)) * WALK_DAYS;
    const counts = new Uint32Array(histograms * STEPS);
    this.spread = this.count(new VolumeWalk(population, lastDay), population.size, counts);
    this.moves = mediansOf(counts, histograms);
  }

  rowOf(account: number): number {
    return this.rows[this.plans[account]!]!;
  }

  on(row: number, day: number): number {
    const own = this.moves[row * WALK_DAYS + day - this.firstDay]!;
    return Number.isNaN(own) ? this.moves[day - this.firstDay]! || 0 : own;
  }

  /** Fills `counts` and returns the median spread. */
  private count(walk: VolumeWalk, size: number, counts: Uint32Array): number {
    const sorted = new Float64Array(WALK_DAYS);
    const spreads: number[] = [];
    for (let account = 0; account < size; account += Math.ceil(size / SAMPLE)) {
      walk.load(account);
      const { length, logs, days } = walk;
      if (length < MIN_DAYS) continue;
      sorted.set(logs.subarray(0, length));
      const own = sorted.subarray(0, length).sort()[length >> 1]!;
      const plan = this.rowOf(account);
      const row = plan * WALK_DAYS - this.firstDay;
      for (let i = 0; i < length; i++) {
        const step = Math.round((logs[i]! - own) / STEP) + STEPS / 2;
        const bin = Math.max(0, Math.min(STEPS - 1, step));
        counts[(days[i]! - this.firstDay) * STEPS + bin]!++;
        if (plan > 0) counts[(row + days[i]!) * STEPS + bin]!++;
      }
      if (length >= 2 * MIN_DAYS) spreads.push(Math.sqrt(walk.scatter(0, length) / (length - 1)));
    }
    return spreads.sort((a, b) => a - b)[spreads.length >> 1] ?? 0;
  }
}

/** Rows from 1 for the largest plans, 0 for the others. */
function rowsOf(plans: Int32Array): Int32Array {
  const sizes = new Int32Array(1 + plans.reduce((most, plan) => Math.max(most, plan), 0));
  for (const plan of plans) sizes[plan]!++;
  const largest = [...sizes.keys()]
    .filter((plan) => sizes[plan]! >= MIN_ACTIVE)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const rows = new Int32Array(sizes.length);
  largest.slice(0, MOST_PLANS).forEach((plan, i) => {
    rows[plan] = i + 1;
  });
  return rows;
}

/** NaN where fewer than `MIN_ACTIVE` were counted. */
function mediansOf(counts: Uint32Array, histograms: number): Float64Array {
  return Float64Array.from({ length: histograms }, (_, i) => {
    const histogram = counts.subarray(i * STEPS, (i + 1) * STEPS);
    const all = histogram.reduce((sum, count) => sum + count, 0);
    if (all < MIN_ACTIVE) return Number.NaN;
    let bin = 0;
    for (let below = 0; below + histogram[bin]! <= all / 2; bin++) below += histogram[bin]!;
    return (bin - STEPS / 2) * STEP;
  });
}
