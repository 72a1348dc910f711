/** The content that a set of accounts shares, and its distance from that of others. */
import type { Population } from '../population/population.ts';
import { SHAPE, SHAPE_BINS, type Work } from '../population/work.ts';
import type { Statistic } from './resample.ts';
import { TimesIn } from './times-in.ts';

/** Parts of a row: shares of the exchanges that have the field, but marks, which are shares of all exchanges. */
const PARTS = Object.values(SHAPE);
const FLAGS_PART = PARTS.indexOf(SHAPE.flags);

/**
 * Rows of weighted shares, each made when it is first asked for: thousands of drawn sets ask for the same ones. An account
 * with `halfWeight` exchanges has half of the weight of one with very many: the variance of its shares by chance over that
 * between accounts (random-effects weights: DerSimonian & Laird, Controlled Clinical Trials 1986).
 *
 * A row is one stretch of pairs of 32 bits: for each part its weight w and how many bins follow, then of each w s, s a
 * share, and the bin. Rows beyond `mostPairs` are made each time that they are asked for.
 */
class WeightedRows {
  private readonly population: Population;
  private readonly halfWeight: number;
  /** First pair of each account's row; 0 where it is not kept. */
  private readonly places: Int32Array;
  private readonly mostPairs: number;
  private length = 1;
  floats = new Float32Array(1 << 15);
  words = new Uint32Array(this.floats.buffer);

  constructor(population: Population, halfWeight: number, mostPairs: number) {
    this.population = population;
    this.halfWeight = halfWeight;
    this.mostPairs = mostPairs;
    this.places = new Int32Array(population.size);
  }

  /** Where the row begins, in pairs, until the next is asked for. Views that were taken before may be outdated after. */
  at(account: number): number {
    return this.places[account]! || this.make(account);
  }

  private make(account: number): number {
    const { exchanges, work } = this.population;
    const { shape } = work;
    const { offsets, bins } = shape;
    let at = offsets[account]!;
    const end = offsets[account + 1]!;
    const first = this.length;
    this.reserve(PARTS.length + end - at);
    const { floats, words } = this;
    for (let part = 0; part < PARTS.length; part++) {
      const after = PARTS[part]!.at + PARTS[part]!.bins;
      const from = at;
      let total = 0;
      for (; at < end && bins[at]! < after; at++) total += shape.count(at);
      if (part === FLAGS_PART) total = exchanges[account]!;
      // What a count is divided by to be w s: a share's total cancels.
      const divisor = total + this.halfWeight;
      this.put(floats, words, total / divisor, at - from);
      for (let i = from; i < at; i++) this.put(floats, words, shape.count(i) / divisor, bins[i]!);
    }
    if (this.length <= this.mostPairs) this.places[account] = first;
    else this.length = first;
    return first;
  }

  private put(floats: Float32Array, words: Uint32Array, value: number, word: number): void {
    floats[2 * this.length] = value;
    words[2 * this.length++ + 1] = word;
  }

  private reserve(more: number): void {
    const needed = 2 * (this.length + more);
    if (needed <= this.floats.length) return;
    const larger = new Float32Array(
      Math.max(needed, Math.min(2 * this.floats.length, 2 * (this.mostPairs + MOST_IN_A_ROW))),
    );
    larger.set(this.floats);
    this.floats = larger;
    this.words = new Uint32Array(larger.buffer);
  }
}

/** Half a gigabyte: the rows of about a million accounts. */
const MOST_PAIRS = 2 ** 26;
const MOST_IN_A_ROW = SHAPE_BINS + PARTS.length;

const made = new WeakMap<Work, WeightedRows>();

/** Of one sweep: strata do not matter. All ask for the same `halfWeight` and `mostPairs`. */
function weightedRows(population: Population, halfWeight: number, mostPairs: number): WeightedRows {
  let rows = made.get(population.work);
  if (rows === undefined) {
    rows = new WeightedRows(population, halfWeight, mostPairs);
    made.set(population.work, rows);
  }
  return rows;
}

/** Sums of a bin, side by side: of w s, w^2 s, w^2 s^2, and of w s of what is to be taken out of the reference. */
const SUMS = 4;
const [SHARES, PRODUCTS, SQUARES, TAKEN_OUT] = [0, 1, 2, 3];

/** What pairs of a set's accounts need. */
class Pairs {
  readonly bins = new Float64Array(SUMS * SHAPE_BINS);
  /** Per part: sums of w, of w^2, and of w of what is to be taken out. */
  readonly weights = new Float64Array(PARTS.length);
  readonly weightSquares = new Float64Array(PARTS.length);
  readonly takenOut = new Float64Array(PARTS.length);

  clear(): void {
    for (const sums of [this.bins, this.weights, this.weightSquares, this.takenOut]) sums.fill(0);
  }

  /** `times`: how often the account is in the reference. */
  add(rows: WeightedRows, account: number, times: number): void {
    let at = 2 * rows.at(account);
    const { floats, words } = rows;
    const { bins } = this;
    for (let part = 0; part < PARTS.length; part++) {
      const weight = floats[at]!;
      const end = at + 2 + 2 * words[at + 1]!;
      this.weights[part]! += weight;
      this.weightSquares[part]! += weight * weight;
      this.takenOut[part]! += times * weight;
      for (at += 2; at < end; at += 2) {
        const value = floats[at]!;
        const bin = SUMS * words[at + 1]!;
        bins[bin]! += value;
        bins[bin + PRODUCTS]! += value * weight;
        bins[bin + SQUARES]! += value * value;
        bins[bin + TAKEN_OUT]! += times * value;
      }
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
export function shiftFrom(
  population: Population,
  reference: readonly Int32Array[],
  halfWeight: number,
  mostPairs: number = MOST_PAIRS,
): Statistic {
  const rows = weightedRows(population, halfWeight, mostPairs);
  const all = new Pairs();
  const times = new TimesIn(reference);
  for (const set of reference) for (const account of set) all.add(rows, account, 0);
  const own = new Pairs();
  return (members) => {
    own.clear();
    for (const member of members) own.add(rows, member, times.of(member));
    return distance(own, all, members.length);
  };
}

function distance(own: Pairs, all: Pairs, accounts: number): number {
  let sum = 0;
  PARTS.forEach(({ at, bins: width }, part) => {
    const weight = own.weights[part]!;
    const weightSquares = own.weightSquares[part]!;
    const others = all.weights[part]! - own.takenOut[part]!;
    const pairs = weight * weight - weightSquares;
    if (pairs <= 1e-9 || others <= 1e-9) return;
    for (let bin = SUMS * at, end = bin + SUMS * width; bin < end; bin += SUMS) {
      const q = Math.max(0, (all.bins[bin + SHARES]! - own.bins[bin + TAKEN_OUT]!) / others);
      const together = own.bins[bin + SHARES]! - weight * q;
      const alone = own.bins[bin + SQUARES]! - 2 * q * own.bins[bin + PRODUCTS]! + q * q * weightSquares;
      sum += (together * together - alone) / (pairs * (q + 1 / accounts));
    }
  });
  return sum;
}
