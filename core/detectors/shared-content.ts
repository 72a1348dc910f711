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

/** Of a set of accounts: sums of w s per bin and of w per part; s a share, w a weight. */
class Shares {
  readonly shares = new Float64Array(SHAPE_BINS);
  readonly weights = new Float64Array(PARTS.length);

  clear(): void {
    this.shares.fill(0);
    this.weights.fill(0);
  }
}

/** The same, with sums of w^2 s and w^2 s^2 per bin and of w^2 per part: what pairs of accounts need. */
class Pairs extends Shares {
  readonly products = new Float64Array(SHAPE_BINS);
  readonly squares = new Float64Array(SHAPE_BINS);
  readonly weightSquares = new Float64Array(PARTS.length);

  override clear(): void {
    super.clear();
    for (const sums of [this.products, this.squares, this.weightSquares]) sums.fill(0);
  }
}

/**
 * Rows of weighted shares, worked out whenever they are asked for: a row that is kept is as far away as its counts are. An
 * account with `halfWeight` exchanges has half of the weight of one with very many: the variance of its shares by chance
 * over that between accounts (random-effects weights: DerSimonian & Laird, Controlled Clinical Trials 1986).
 */
class WeightedRows {
  private readonly population: Population;
  private readonly halfWeight: number;
  /** Of the account at hand, per part: where its bins end, w, and what a count is divided by to be w s: a share's total cancels. */
  private readonly ends = new Int32Array(PARTS.length);
  private readonly ownWeights = new Float32Array(PARTS.length);
  private readonly divisors = new Float64Array(PARTS.length);

  constructor(population: Population, halfWeight: number) {
    this.population = population;
    this.halfWeight = halfWeight;
  }

  /** `times`: how often the account counts. */
  addShares({ shares, weights }: Shares, account: number, times: number): void {
    this.weigh(account);
    const { offsets, bins, counts } = this.population.work.shape;
    for (let part = 0, at = offsets[account]!; part < PARTS.length; part++) {
      weights[part]! += times * this.ownWeights[part]!;
      const divisor = this.divisors[part]!;
      for (const end = this.ends[part]!; at < end; at++)
        shares[bins[at]!]! += times * Math.fround(counts[at]! / divisor);
    }
  }

  addPairs({ shares, products, squares, weights, weightSquares }: Pairs, account: number): void {
    this.weigh(account);
    const { offsets, bins, counts } = this.population.work.shape;
    for (let part = 0, at = offsets[account]!; part < PARTS.length; part++) {
      const weight = this.ownWeights[part]!;
      weights[part]! += weight;
      weightSquares[part]! += weight * weight;
      const divisor = this.divisors[part]!;
      for (const end = this.ends[part]!; at < end; at++) {
        const bin = bins[at]!;
        const value = Math.fround(counts[at]! / divisor);
        shares[bin]! += value;
        products[bin]! += value * weight;
        squares[bin]! += value * value;
      }
    }
  }

  private weigh(account: number): void {
    const { exchanges, work } = this.population;
    const { offsets, bins, counts } = work.shape;
    const end = offsets[account + 1]!;
    for (let part = 0, at = offsets[account]!; part < PARTS.length; part++) {
      const after = PARTS[part]!.at + PARTS[part]!.bins;
      let total = 0;
      for (; at < end && bins[at]! < after; at++) total += counts[at]!;
      if (part === FLAGS_PART) total = exchanges[account]!;
      this.ends[part] = at;
      this.divisors[part] = total + this.halfWeight;
      this.ownWeights[part] = total / this.divisors[part]!;
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
  const rows = new WeightedRows(population, halfWeight);
  const all = new Shares();
  const times = new Map<number, number>();
  for (const set of reference) {
    for (const account of set) {
      rows.addShares(all, account, 1);
      times.set(account, (times.get(account) ?? 0) + 1);
    }
  }
  const own = new Pairs();
  const overlap = new Shares();
  return (members) => {
    own.clear();
    overlap.clear();
    for (const member of members) {
      rows.addPairs(own, member);
      const held = times.get(member);
      if (held !== undefined) rows.addShares(overlap, member, held);
    }
    return distance(own, all, overlap, members.length);
  };
}

function distance(own: Pairs, all: Shares, overlap: Shares, accounts: number): number {
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
