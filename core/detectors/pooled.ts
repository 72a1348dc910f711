/** What the accounts of a set do alike: estimates that heavy accounts, few exchanges and absent fields do not bias. */
import type { Part, SparseRows } from '../population/columns.ts';
import type { Population } from '../population/population.ts';
import { thinned } from './comparable.ts';
import { type CandidateView, viewOf } from './detector.ts';
import { type Draw, MIN_P, resample, type Statistic, stratifiedDraw } from './resample.ts';

/** How many of the members have the part. */
export function countWith(rows: SparseRows, part: Part, members: Int32Array): number {
  const { lengths } = rows.part(part);
  let found = 0;
  for (const member of members) if (lengths[member]! > 0) found++;
  return found;
}

/**
 * Chance that one exchange each of two different members falls into the same bin of `part`: an unbiased estimate of the
 * sum of squares of their common mix (Simpson, Nature 1949), every account of the same weight. Members without the part
 * are left out; 0 where fewer than two have it.
 */
export function betweenAccounts(rows: SparseRows, part: Part): Statistic {
  const { starts, lengths } = rows.part(part);
  const { bins } = rows;
  const pooled = new Float64Array(part.bins);
  return (members) => {
    pooled.fill(0);
    let own = 0;
    let n = 0;
    for (const member of members) {
      const from = starts[member]!;
      const to = from + lengths[member]!;
      if (from === to) continue;
      n++;
      let sum = 0;
      for (let at = from; at < to; at++) sum += rows.count(at);
      for (let at = from; at < to; at++) {
        const share = rows.count(at) / sum;
        pooled[bins[at]! - part.at]! += share;
        own += share * share;
      }
    }
    let all = 0;
    for (const share of pooled) all += share * share;
    return n < 2 ? 0 : (all - own) / (n * (n - 1));
  };
}

/** Accounts that stand for the platform where a value to one in a hundred is enough. */
const PLATFORM_SAMPLE = 2000;

const platformValues = new WeakMap<Population, Map<Part, number>>();

/** `betweenAccounts` of the platform: how alike strangers are. */
export function platformAlike(population: Population, part: Part): number {
  let known = platformValues.get(population);
  if (known === undefined) {
    known = new Map();
    platformValues.set(population, known);
  }
  let value = known.get(part);
  if (value === undefined) {
    value = betweenAccounts(population.work.shape, part)(thinned(population.strata.everybody, PLATFORM_SAMPLE));
    known.set(part, value);
  }
  return value;
}

/** Accounts that a reference is made of, and the least and most sets: a spread needs sets, a mix needs accounts. */
const PILOT_ACCOUNTS = 9000;
const PILOT_SETS = { least: 30, most: 60 };

/** The first draws as a reference, and the rest to test against: neither side has seen the other. */
export function withPilot(draw: Draw): { pilot: Int32Array[]; draw: Draw } {
  const size = Math.max(1, draw(0).length);
  const sets = Math.max(PILOT_SETS.least, Math.min(PILOT_SETS.most, Math.ceil(PILOT_ACCOUNTS / size)));
  const pilot = Array.from({ length: sets }, (_, i) => draw(i));
  return { pilot, draw: (index) => draw(sets + index) };
}

/** Members beyond which a pooled mix is no more exact than it needs to be. */
const MOST_POOLED = 500;

/** The candidate, or 500 of its members evenly through the list, which is in the order of fingerprints. */
export function pooledView(view: CandidateView): CandidateView {
  const { population, members, random } = view;
  return members.length <= MOST_POOLED ? view : viewOf(population, thinned(members, MOST_POOLED), random);
}

/** p where none of all draws reaches the statistic. */
export const UNREACHED = 1.5e-3;

/** Whether the share of members with a property is larger than among comparable accounts. */
export function shareTest(
  view: CandidateView,
  has: (account: number) => boolean,
): { p: number; observed: number; median: number } {
  const { population, members } = view;
  const share: Statistic = (set) => {
    let found = 0;
    for (const account of set) if (has(account)) found++;
    return set.length === 0 ? 0 : found / set.length;
  };
  const { p, median } = resample(share, members, stratifiedDraw(view, population.strata));
  const observed = share(members);
  const rare = median === 0 && p < UNREACHED ? rareP(view, has, Math.round(observed * members.length)) : 1;
  return { p: Math.min(p, rare), observed, median };
}

/**
 * p of `found` members doing what hardly any of the accounts drawn so far does, which leaves no tail to fit: a Poisson tail
 * at their mean number per drawn set plus, in each stratum, one in as many accounts as were drawn (rule of succession); for
 * as many `tries` as were looked at (Bonferroni).
 */
export function rareP(
  { population, members, drawn }: CandidateView,
  has: (account: number) => boolean,
  found: number,
  tries = 1,
): number {
  const sets = drawn.get(population.strata) ?? [];
  const { pool } = population.strata;
  const seen = new Set<number>();
  const seenIn = new Map<number, number>();
  let having = 0;
  for (const set of sets) {
    for (const account of set) {
      if (has(account)) having++;
      if (seen.has(account)) continue;
      seen.add(account);
      seenIn.set(pool[account]!, (seenIn.get(pool[account]!) ?? 0) + 1);
    }
  }
  let expected = having / Math.max(1, sets.length);
  for (const member of members) expected += 1 / ((seenIn.get(pool[member]!) ?? seen.size) + 1);
  return Math.min(1, Math.max(MIN_P, tries * poissonTail(expected, found)));
}

/** P(X >= count) of a Poisson number. */
function poissonTail(mean: number, count: number): number {
  let below = 0;
  let term = Math.exp(-mean);
  for (let i = 0; i < count; i++) {
    below += term;
    term *= mean / (i + 1);
  }
  return Math.max(0, 1 - below);
}
