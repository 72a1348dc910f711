/** The content that a set of accounts shares, and its distance from that of others. */
import type { Population } from '../population/population.ts';
import { SHAPE, SHAPE_BINS } from '../population/work.ts';
import type { Statistic } from './resample.ts';

/** Parts of a row: shares of the exchanges that have the field, but marks, which are shares of all exchanges. */
const PARTS = Object.values(SHAPE);
const FLAGS_PART = PARTS.indexOf(SHAPE.flags);
const PART_OF_BIN = Uint8Array.from({ length: SHAPE_BINS }, (_, bin) =>
  PARTS.findIndex(({ at, bins }) => bin >= at && bin < at + bins),
);

/** Weighted sums over accounts: w s, w^2 s and w^2 s^2 per bin, w and w^2 per part; s a share, w a weight. */
class Sums {
  readonly shares = new Float64Array(SHAPE_BINS);
  readonly products = new Float64Array(SHAPE_BINS);
  readonly squares = new Float64Array(SHAPE_BINS);
  readonly weights = new Float64Array(PARTS.length);
  readonly weightSquares = new Float64Array(PARTS.length);

  clear(): void {
    for (const sums of [this.shares, this.products, this.squares, this.weights, this.weightSquares]) sums.fill(0);
  }
}

/**
 * Adds accounts' rows into sums. An account with `halfWeight` exchanges has half of the weight of one with very many: the
 * variance of its shares by chance over that between accounts (random-effects weights: DerSimonian & Laird, Controlled
 * Clinical Trials 1986).
 */
class Adder {
  private readonly totals = new Float64Array(PARTS.length);
  private readonly weights = new Float64Array(PARTS.length);
  private readonly population: Population;
  private readonly halfWeight: number;

  constructor(population: Population, halfWeight: number) {
    this.population = population;
    this.halfWeight = halfWeight;
  }

  /** `times`: how often the account counts, e.g. -1 to take it out. */
  add({ shares, products, squares, weights, weightSquares }: Sums, account: number, times: number): void {
    const { offsets, bins, counts } = this.population.work.shape;
    this.weigh(account);
    for (let part = 0; part < PARTS.length; part++) {
      weights[part]! += times * this.weights[part]!;
      weightSquares[part]! += times * this.weights[part]! ** 2;
    }
    for (let at = offsets[account]!, end = offsets[account + 1]!; at < end; at++) {
      const bin = bins[at]!;
      const part = PART_OF_BIN[bin]!;
      const share = counts[at]! / this.totals[part]!;
      const weighted = this.weights[part]! * share;
      shares[bin]! += times * weighted;
      products[bin]! += times * weighted * this.weights[part]!;
      squares[bin]! += times * weighted * weighted;
    }
  }

  /** Exchanges with each part, and the account's weight in it. */
  private weigh(account: number): void {
    const { exchanges, work } = this.population;
    const { offsets, bins, counts } = work.shape;
    this.totals.fill(0);
    for (let at = offsets[account]!, end = offsets[account + 1]!; at < end; at++) {
      this.totals[PART_OF_BIN[bins[at]!]!]! += counts[at]!;
    }
    this.totals[FLAGS_PART] = exchanges[account]!;
    for (let part = 0; part < PARTS.length; part++) {
      this.weights[part] = this.totals[part]! / (this.totals[part]! + this.halfWeight);
    }
  }
}

/**
 * sum over bins of d^2 / (q + 1 / n), where d^2 is the mean product of (s - q) over pairs of the n members and q the mean
 * share over the reference sets: an unbiased squared maximum mean discrepancy (Gretton et al., JMLR 2012) with an
 * exact-match kernel weighted by rarity. About zero for accounts that have nothing in common, however narrow each is.
 * An account of the set is taken out of the reference: else sets drawn from the same accounts would lie nearer to it than
 * the candidate does.
 */
export function shiftFrom(population: Population, reference: readonly Int32Array[], halfWeight: number): Statistic {
  const adder = new Adder(population, halfWeight);
  const all = new Sums();
  const times = new Uint8Array(population.size);
  for (const set of reference) {
    for (const account of set) {
      adder.add(all, account, 1);
      times[account]!++;
    }
  }
  const own = new Sums();
  const overlap = new Sums();
  return (members) => {
    own.clear();
    overlap.clear();
    for (const member of members) {
      adder.add(own, member, 1);
      if (times[member]! > 0) adder.add(overlap, member, times[member]!);
    }
    return distance(own, all, overlap, members.length);
  };
}

function distance(own: Sums, all: Sums, overlap: Sums, accounts: number): number {
  let sum = 0;
  for (let bin = 0; bin < SHAPE_BINS; bin++) {
    const part = PART_OF_BIN[bin]!;
    const weight = own.weights[part]!;
    const weightSquares = own.weightSquares[part]!;
    const others = all.weights[part]! - overlap.weights[part]!;
    const pairs = weight * weight - weightSquares;
    if (pairs <= 1e-9 || others <= 1e-9) continue;
    const q = Math.max(0, (all.shares[bin]! - overlap.shares[bin]!) / others);
    const together = own.shares[bin]! - weight * q;
    const alone = own.squares[bin]! - 2 * q * own.products[bin]! + q * q * weightSquares;
    sum += (together * together - alone) / (pairs * (q + 1 / accounts));
  }
  return sum;
}
