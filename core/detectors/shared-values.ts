/** How often members hold equal values, against comparable accounts: the measure behind links and families. */
import type { CodeTable } from '../population/code-table.ts';
import type { LinkTable } from '../population/population.ts';
import type { CandidateView, DetectorMeta, Measurement } from './detector.ts';
import { MIN_P, manifoldRate, natsOfP, resample, type Statistic, stratifiedDraw } from './resample.ts';

/** One row for the group of `links`: the mean e-value over kinds, shown by its strongest kind. */
export function measureSharing(
  view: CandidateView,
  meta: DetectorMeta,
  links: readonly LinkTable[],
  minWithField: number,
  minPairs: number,
): Measurement[] {
  const found = links
    .map((link) => measureKind(view, meta, link, minWithField, minPairs))
    .filter((result) => result !== undefined);
  const strongest = found.toSorted((a, b) => b.nats - a.nats)[0];
  if (strongest === undefined) return [];
  const { joins: _, ...row } = strongest;
  const tellingNats = meanNats(
    found.filter(({ joins }) => joins),
    meta.capNats,
  );
  return [{ ...row, nats: meanNats(found, meta.capNats), tellingNats }];
}

/** Log of the mean e-value; -Infinity of none. */
function meanNats(rows: readonly { nats: number }[], cap: number): number {
  return Math.log(rows.reduce((sum, { nats }) => sum + Math.exp(Math.min(nats, cap)), 0) / Math.max(1, rows.length));
}

/**
 * Most nats that the mean e-value over the kinds could have, by a bound that needs no draws: exact where none of them is
 * worth drawing, `least` where the mean cannot be as much. Pairs are at least as spread as a Poisson count, so the p of k
 * pairs is at least the Poisson chance of k, at two thirds of the platform's rate because a stratum may share less than
 * the platform does.
 */
export function mostShared(
  { population, members }: CandidateView,
  links: readonly LinkTable[],
  minWithField: number,
  minPairs: number,
  least: number,
): number {
  let [sum, kinds, drawing] = [0, 0, false];
  for (const link of links) {
    const { withField, rate } = sharedAmong(link, population.size)(members);
    if (withField < minWithField) continue;
    kinds++;
    const pairs = rate * ((withField * (withField - 1)) / 2);
    const whole = Math.round(pairs);
    const usual = usualPairs(platformRate(link), withField);
    if (worthDrawing(pairs, usual, minPairs)) drawing = true;
    const p = worthDrawing(whole, usual, minPairs) ? poissonAt(whole, usual.mean / LEAST_RATIO) : 1;
    sum += 0.5 / Math.sqrt(Math.max(MIN_P, p));
  }
  if (kinds === 0) return 0;
  if (sum >= Math.exp(least) * kinds) return Infinity;
  return drawing ? least : natsOfP(1);
}

/** P(X = k) of a Poisson variable, k >= 1, with ln k! by Stirling's series (error below 1 in 1,000). */
function poissonAt(k: number, mean: number): number {
  if (mean <= 0) return 0;
  const logFactorial = k * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI * k) + 1 / (12 * k);
  return Math.exp(k * Math.log(mean) - mean - logFactorial);
}

function measureKind(
  view: CandidateView,
  meta: DetectorMeta,
  link: LinkTable,
  minWithField: number,
  minPairs: number,
): (Measurement & { joins: boolean }) | undefined {
  const { population, members } = view;
  const withField = members.filter((member) => link.table.has(member)).length;
  if (withField < minWithField) return undefined;
  const pairs = pairsSharing(link, population.size);
  const observed = pairs(members);
  const row = {
    group: link.group,
    detector: meta.slug,
    joins: link.joins,
    observed: observed * 1000,
    unit: `matches in 1,000 pairs on ${link.phrase}`,
  };
  const usual = platformRate(link);
  const pairsAmong = (withField * (withField - 1)) / 2;
  if (!worthDrawing(observed * pairsAmong, usualPairs(usual, withField), minPairs))
    return { ...row, nats: natsOfP(1), expected: usual.pair * 1000 };
  const { p, median } = resample(pairs, members, stratifiedDraw(view, population.strata), manifoldRate);
  return { ...row, nats: natsOfP(manifoldRate(observed, median) ? p : 1), expected: median * 1000 };
}

/** Of the pairs that `n` strangers share: how many to expect, and their standard deviation. */
interface Usual {
  mean: number;
  deviation: number;
}

/**
 * A set that shares little more than strangers do needs no draws: its excess would be neither manifold nor beyond
 * chance.
 */
function worthDrawing(pairs: number, { mean, deviation }: Usual, least: number): boolean {
  return pairs >= Math.max(least, LEAST_RATIO * mean, mean + LEAST_DEVIATIONS * deviation);
}

/** Below these an excess over the platform is not twice that over any stratum's draws, nor e = 10 of any chance. */
const LEAST_RATIO = 1.5;
const LEAST_DEVIATIONS = 2;

/** Chance that two accounts share a value, and that three share one. */
interface PlatformRate {
  pair: number;
  triple: number;
}

const platformRates = new WeakMap<CodeTable, PlatformRate>();

/** Among all accounts that have the field; hub values left out. */
function platformRate({ table, hubCap }: LinkTable): PlatformRate {
  let rate = platformRates.get(table);
  if (rate === undefined) {
    let [pairs, triples] = [0, 0];
    for (const held of table.frequency) {
      if (hubCap > 0 && held > hubCap) continue;
      pairs += held * (held - 1);
      triples += held * (held - 1) * (held - 2);
    }
    const n = table.holders;
    rate = {
      pair: n < 2 ? 0 : pairs / (n * (n - 1)),
      triple: n < 3 ? 0 : triples / (n * (n - 1) * (n - 2)),
    };
    platformRates.set(table, rate);
  }
  return rate;
}

/**
 * The number of pairs among `n` strangers is a U-statistic: C(n, 2) (r - r^2) + 6 C(n, 3) (t - r^2) is its variance, r
 * the chance of a pair and t of three alike (Hoeffding, Annals of Mathematical Statistics 1948). A Poisson count has the
 * first term alone, and a fashion, which many share, far more.
 */
function usualPairs({ pair, triple }: PlatformRate, n: number): Usual {
  const pairs = (n * (n - 1)) / 2;
  const variance = pairs * (pair - pair * pair) + pairs * 2 * (n - 2) * Math.max(0, triple - pair * pair);
  return { mean: pairs * pair, deviation: Math.sqrt(variance) };
}

/** Rows of the values that can make a pair: no hub, and not one that nobody else holds, as most exits, cards and prompts. */
interface Joining {
  /** Where the row of each account begins, doubled, and one more where the account has the field: one look for both. */
  rows: Int32Array;
  /** Numbered without gaps, so that what is counted of them lies close together. */
  codes: Int32Array;
  /** Zeros, one per code; whoever counts in them sets them back. A candidate is tested on 500 members at most. */
  held: Uint16Array;
}

const joining = new WeakMap<CodeTable, Joining>();

/** A table belongs to one kind, which has one hub cap. */
function joiningRows({ table, hubCap }: LinkTable, size: number): Joining {
  let rows = joining.get(table);
  if (rows === undefined) {
    const cap = hubCap > 0 ? hubCap : size;
    let numbered = 0;
    const numbers = table.frequency.map((frequency) => (frequency > 1 && frequency <= cap ? numbered++ : -1));
    const begins = new Int32Array(size + 1);
    const codes = new Int32Array(table.codes.length);
    let length = 0;
    for (let account = 0; account < size; account++) {
      begins[account] = 2 * length + (table.has(account) ? 1 : 0);
      for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) {
        const number = numbers[table.codes[at]!]!;
        if (number >= 0) codes[length++] = number;
      }
    }
    begins[size] = 2 * length;
    rows = { rows: begins, codes: codes.slice(0, length), held: new Uint16Array(numbered) };
    joining.set(table, rows);
  }
  return rows;
}

/** sum over values of n(n - 1), over the ordered pairs of accounts that have the field; hub values left out. */
function pairsSharing(link: LinkTable, size: number): Statistic {
  const shared = sharedAmong(link, size);
  return (members) => shared(members).rate;
}

/** The same, and how many of the members have the field. Good until the next call. */
function sharedAmong(link: LinkTable, size: number): (members: Int32Array) => { rate: number; withField: number } {
  const { rows, codes, held } = joiningRows(link, size);
  const shared = { rate: 0, withField: 0 };
  return (members) => {
    let withField = 0;
    let pairs = 0;
    let most = 0;
    for (const member of members) {
      const from = rows[member]!;
      withField += from & 1;
      const end = rows[member + 1]! >>> 1;
      for (let at = from >>> 1; at < end; at++, most++) pairs += held[codes[at]!]!++;
    }
    for (let i = 0; most > 0; i++) {
      const end = rows[members[i]! + 1]! >>> 1;
      for (let at = rows[members[i]!]! >>> 1; at < end; at++, most--) held[codes[at]!] = 0;
    }
    shared.rate = withField < 2 ? 0 : (2 * pairs) / (withField * (withField - 1));
    shared.withField = withField;
    return shared;
  };
}
