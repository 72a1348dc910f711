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
 * Rows of weighted shares, made when an account is first asked for: it is drawn for many candidates. An account with
 * `halfWeight` exchanges has half of the weight of one with very many: the variance of its shares by chance over that
 * between accounts (random-effects weights: DerSimonian & Laird, Controlled Clinical Trials 1986).
 */
class WeightedRows {
  private readonly population: Population;
  private readonly halfWeight: number;
  /** w s, in the places of the population's counts. */
  private readonly weighted: Float32Array;
  /** w per part, `PARTS.length` per account. */
  private readonly weights: Float32Array;
  private readonly made: Uint8Array;
  private readonly totals = new Float64Array(PARTS.length);

  constructor(population: Population, halfWeight: number) {
    this.population = population;
    this.halfWeight = halfWeight;
    this.weighted = new Float32Array(population.work.shape.counts.length);
    this.weights = new Float32Array(population.size * PARTS.length);
    this.made = new Uint8Array(population.size);
  }

  /** `times`: how often the account counts. */
  addShares({ shares, weights }: Shares, account: number, times: number): void {
    if (this.made[account] === 0) this.make(account);
    const { offsets, bins } = this.population.work.shape;
    const { weighted } = this;
    const own = account * PARTS.length;
    for (let part = 0; part < PARTS.length; part++) weights[part]! += times * this.weights[own + part]!;
    for (let at = offsets[account]!, end = offsets[account + 1]!; at < end; at++)
      shares[bins[at]!]! += times * weighted[at]!;
  }

  addPairs({ shares, products, squares, weights, weightSquares }: Pairs, account: number): void {
    if (this.made[account] === 0) this.make(account);
    const { offsets, bins } = this.population.work.shape;
    const { weighted } = this;
    const own = account * PARTS.length;
    for (let part = 0; part < PARTS.length; part++) {
      const weight = this.weights[own + part]!;
      weights[part]! += weight;
      weightSquares[part]! += weight * weight;
    }
    for (let at = offsets[account]!, end = offsets[account + 1]!; at < end; at++) {
      const bin = bins[at]!;
      const value = weighted[at]!;
      shares[bin]! += value;
      products[bin]! += value * this.weights[own + PART_OF_BIN[bin]!]!;
      squares[bin]! += value * value;
    }
  }

  private make(account: number): void {
    const { exchanges, work } = this.population;
    const { offsets, bins, counts } = work.shape;
    const { totals, halfWeight } = this;
    const [from, end] = [offsets[account]!, offsets[account + 1]!];
    totals.fill(0);
    for (let at = from; at < end; at++) totals[PART_OF_BIN[bins[at]!]!]! += counts[at]!;
    totals[FLAGS_PART] = exchanges[account]!;
    const own = account * PARTS.length;
    for (let part = 0; part < PARTS.length; part++)
      this.weights[own + part] = totals[part]! / (totals[part]! + halfWeight);
    // A share times its weight: the total cancels.
    for (let at = from; at < end; at++)
      this.weighted[at] = counts[at]! / (totals[PART_OF_BIN[bins[at]!]!]! + halfWeight);
    this.made[account] = 1;
  }
}

const rowsOfPopulation = new WeakMap<Population, Map<number, WeightedRows>>();

function rowsOf(population: Population, halfWeight: number): WeightedRows {
  const known = rowsOfPopulation.get(population) ?? new Map<number, WeightedRows>();
  rowsOfPopulation.set(population, known);
  const rows = known.get(halfWeight) ?? new WeightedRows(population, halfWeight);
  known.set(halfWeight, rows);
  return rows;
}

/**
 * sum over bins of d^2 / (q + 1 / n), where d^2 is the mean product of (s - q) over pairs of the n members and q the mean
 * share over the reference sets: an unbiased squared maximum mean discrepancy (Gretton et al., JMLR 2012) with an
 * exact-match kernel weighted by rarity. About zero for accounts that have nothing in common, however narrow each is.
 * An account of the set is taken out of the reference: else sets drawn from the same accounts would lie nearer to it than
 * the candidate does.
 */
export function shiftFrom(population: Population, reference: readonly Int32Array[], halfWeight: number): Statistic {
  const rows = rowsOf(population, halfWeight);
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
