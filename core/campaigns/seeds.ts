/**
 * Seeds: sets of accounts that one kind of evidence proposes. A seed is a hypothesis; the other kinds judge it.
 *
 * Each seed says which evidence group formed it, because evidence used to find a set cannot also prove it.
 */

import type { LinkTable, Population } from '../population/population.ts';
import { UnionFind } from '../population/union-find.ts';
import { largestWithin } from '../sorted.ts';
import { cohortSeeds } from './cohort-scan.ts';
import { jaccard, onePerOrg, type Seed, type SeedLimits } from './seed.ts';

/** Distinct seeds of every kind, in a stable order. */
export function findSeeds(population: Population, limits: SeedLimits): Seed[] {
  const seeds = [
    ...familySeeds(population, limits),
    ...componentSeeds(population, 'identity', limits),
    ...componentSeeds(population, 'network', limits),
    ...cohortSeeds(population, limits),
  ];
  return withoutRepeats(seeds.sort((a, b) => b.members.length - a.members.length || (a.key < b.key ? -1 : 1)));
}

/** Accounts that work with one system prompt, template, output contract or family of near-copies. */
function familySeeds(population: Population, limits: SeedLimits): Seed[] {
  const seeds: Seed[] = [];
  for (const link of population.links) {
    if (link.group !== 'content') continue;
    link.table.postings().forEach((accounts, code) => {
      const members = onePerOrg(population, accounts);
      if (members.length < limits.minAccounts) return;
      seeds.push({ key: `${link.kind} ${link.table.values[code]}`, formedBy: 'content', members });
    });
  }
  return withFamilyTails(population, seeds);
}

const YOUNG_MS = 30 * 86_400_000;
/** Fewer families than this say nothing about how large families are. */
const MIN_FAMILIES = 20;
/** Least spread of ln(1 + size) that is believed. */
const MIN_SPREAD = 0.7;

/** Ranks each family by its accounts created within 30 days of each other: the lognormal tail over all families. */
function withFamilyTails(population: Population, seeds: Seed[]): Seed[] {
  const sizes = seeds.map(({ members }) => bornWithin(population, members, YOUNG_MS));
  if (seeds.length < MIN_FAMILIES) return seeds;
  const logs = sizes.map((size) => Math.log1p(size)).sort((a, b) => a - b);
  const middle = logs[logs.length >> 1]!;
  const deviations = logs.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const spread = Math.max(MIN_SPREAD, 1.4826 * deviations[deviations.length >> 1]!);
  return seeds.map((seed, i) => {
    const p = Math.max(1e-6, upperNormal((Math.log1p(sizes[i]!) - middle) / spread));
    const unit = 'accounts on one prompt family, created within 30 days';
    return { ...seed, tail: { p, observed: sizes[i]!, expected: Math.expm1(middle), unit } };
  });
}

function bornWithin(population: Population, members: Int32Array, span: number): number {
  const born = Float64Array.from(members, (member) => population.born[member]!);
  return largestWithin(born.filter((time) => !Number.isNaN(time)).sort(), span);
}

/** Upper tail of the normal distribution (Abramowitz & Stegun 7.1.26; absolute error below 1.5e-7). */
function upperNormal(z: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(z) / Math.SQRT2));
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * poly * Math.exp((-z * z) / 2);
  return z >= 0 ? upper : 1 - upper;
}

/** Accounts joined by values of one group below their hub caps. */
function componentSeeds(population: Population, group: 'identity' | 'network', limits: SeedLimits): Seed[] {
  const joined = new UnionFind(population.size);
  for (const link of population.links)
    if (link.group === group && link.hubCap > 0) joinByValue(population, link, joined);
  return joined
    .components(limits.minAccounts)
    .map((accounts) => ({ accounts, members: onePerOrg(population, accounts) }))
    .filter(({ members }) => members.length >= Math.max(limits.minAccounts, limits.minOrgs))
    .map(({ members }) => ({ key: `${group} ${population.profiles[members[0]!]!.account}`, formedBy: group, members }));
}

/** Values held by a larger share of the population than this join nobody: small platforms have small hubs. */
const HUB_SHARE = 0.02;

function joinByValue(population: Population, { table, hubCap }: LinkTable, joined: UnionFind): void {
  const cap = Math.min(hubCap, Math.max(20, HUB_SHARE * population.size));
  const first = new Int32Array(table.values.length).fill(-1);
  for (let account = 0; account < population.size; account++) {
    // A verified account may be linked but never carries a path onward.
    if (population.verified[account]) continue;
    for (const code of table.row(account)) {
      if (table.frequency[code]! > cap) continue;
      if (first[code] === -1) first[code] = account;
      else joined.join(first[code]!, account);
    }
  }
}

/** Of two seeds of the same group that are nearly the same set, the larger stands for both. */
function withoutRepeats(seeds: readonly Seed[]): Seed[] {
  const kept: { seed: Seed; set: Set<number> }[] = [];
  for (const seed of seeds) {
    const repeated = kept.some(({ seed: other, set }) => {
      return other.formedBy === seed.formedBy && jaccard(seed.members, set) > 0.8;
    });
    if (!repeated) kept.push({ seed, set: new Set(seed.members) });
  }
  return kept.map(({ seed }) => seed);
}
