/**
 * Bursts of sign-ups: accounts of one e-mail pattern, payment kind and programme that were born together while the
 * rest of the platform was not. The expectation of a window is the key's accounts times the share of all *other*
 * accounts born in that window, so a busy day of the platform is no burst.
 */
import { factText } from '../aggregates/account-facts.ts';
import type { Population } from '../population/population.ts';
import { HOUR_MS } from '../records/time.ts';
import { lowerBound } from '../sorted.ts';
import { onePerOrg, type Seed, type SeedLimits } from './seed.ts';

const WINDOWS_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS, 168 * HOUR_MS];
const MAX_P = 1e-4;
/** Bursts taken per key; a campaign of several refills is several. */
const BURSTS = 3;

export function cohortSeeds(population: Population, limits: SeedLimits): Seed[] {
  const groups = new Map<string, number[]>();
  for (const account of population.byBirth) {
    const key = keyOf(population, account);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [account]);
    else group.push(account);
  }
  const tested = [...groups.values()].reduce((sum, group) => sum + group.length * WINDOWS_MS.length, 0);
  const all = Float64Array.from(population.byBirth, (account) => population.born[account]!);
  const seeds: Seed[] = [];
  for (const group of groups.values()) {
    if (group.length < limits.minAccounts) continue;
    bursts(population, all, group, tested).forEach(({ accounts, p, expected }, i) => {
      const members = onePerOrg(population, accounts);
      if (members.length < Math.max(limits.minAccounts, limits.minOrgs)) return;
      const tail = { p, observed: accounts.length, expected, unit: 'sign-ups of one kind within the same window' };
      seeds.push({ key: `cohort ${nameOf(population, group[0]!)} ${i}`, formedBy: ['cohort'], members, tail });
    });
  }
  return seeds;
}

/** The kind of sign-up in words that last from sweep to sweep. */
function nameOf(population: Population, account: number): string {
  const { facts } = population.profile(account);
  return ['email.pattern', 'payment.kind', 'programme'].map((path) => factText(facts, path) ?? '').join(' ');
}

function keyOf({ facts }: Population, account: number): string {
  return `${facts.emailPattern[account]} ${facts.paymentKind[account]} ${facts.programme[account]}`;
}

interface Burst {
  accounts: number[];
  p: number;
  expected: number;
}

/** `all` births and `group` are ordered by birth. Takes the strongest burst, then the next that does not overlap it. */
function bursts(population: Population, all: Float64Array, group: readonly number[], tested: number): Burst[] {
  const born = group.map((account) => population.born[account]!);
  const before = born.map((time) => lowerBound(all, time));
  const upTo = born.map((time) => lowerBound(all, time + 1));
  const found: { p: number; expected: number; from: number; to: number }[] = [];
  for (const window of WINDOWS_MS) {
    for (let from = 0, to = 0; from < group.length; from++) {
      while (to < group.length && born[to]! <= born[from]! + window) to++;
      if (to - from < 10) continue;
      const inside = upTo[to - 1]! - before[from]! - (to - from);
      const expected = (group.length * (inside + 1)) / (all.length - group.length + 1);
      const p = Math.min(1, poissonUpper(to - from, expected) * tested);
      if (p <= MAX_P) found.push({ p: Math.max(p, 1e-6), expected, from, to });
    }
  }
  found.sort((a, b) => a.p - b.p || b.to - b.from - (a.to - a.from) || a.from - b.from);
  const taken: typeof found = [];
  for (const burst of found) {
    if (taken.length === BURSTS) break;
    if (taken.every(({ from, to }) => burst.to <= from || burst.from >= to)) taken.push(burst);
  }
  return taken.map(({ p, expected, from, to }) => ({ accounts: group.slice(from, to), p, expected }));
}

/** P(X >= k) for a Poisson of mean m, by the Chernoff bound exp(k - m - k ln(k / m)) where k > m: never too small. */
function poissonUpper(k: number, mean: number): number {
  if (k <= mean) return 1;
  return Math.exp(k - mean - k * Math.log(k / mean));
}
