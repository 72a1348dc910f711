/**
 * Seeds: sets of accounts that one kind of evidence proposes. A seed is a hypothesis; the other kinds judge it.
 *
 * Each seed says which evidence group formed it, because evidence used to find a set cannot also prove it.
 */

import type { EvidenceGroup } from '../findings/finding.ts';
import { custodyEdges } from '../population/custody-edges.ts';
import { HELD_OUT_TEXT_KIND, TEXT_KIND } from '../population/kinds.ts';
import { SeedIndex } from '../population/overlap.ts';
import type { LinkTable, Population } from '../population/population.ts';
import { UnionFind } from '../population/union-find.ts';
import { largestWithin } from '../sorted.ts';
import { cohortSeeds } from './cohort-scan.ts';
import { linkedSets } from './linking.ts';
import { onePerOrg, type Seed, type SeedLimits, type Tail } from './seed.ts';
import { sharedTextSets } from './shared-texts.ts';

/** Distinct seeds of every kind, largest first. */
export function findSeeds(population: Population, limits: SeedLimits): Seed[] {
  const seeds = [
    ...familySeeds(population, limits),
    ...componentSeeds(population, 'identity', limits),
    ...componentSeeds(population, 'network', limits),
    ...linkedSeeds(population, limits),
    ...custodySeeds(population, limits),
    ...sharedTextSeeds(population, limits),
    ...cohortSeeds(population, limits),
  ];
  const order = seeds.sort((a, b) => b.members.length - a.members.length || (a.key < b.key ? -1 : 1));
  return withoutRepeats(order, population.size);
}

/** Accounts that work with one system prompt, template, output contract or family of near-copies. */
function familySeeds(population: Population, limits: SeedLimits): Seed[] {
  const seeds: Seed[] = [];
  for (const link of population.links) {
    if (link.group !== 'content' || HALVES.includes(link.kind)) continue;
    for (let code = 0; code < link.table.keys.length; code++) {
      if (link.table.frequency[code]! < limits.minAccounts) continue;
      const members = onePerOrg(population, link.table.accountsOf(code));
      if (members.length < limits.minAccounts) continue;
      seeds.push({ key: `${link.kind} ${link.table.keys[code]}`, formedBy: ['content'], members });
    }
  }
  return withFamilyTails(population, seeds);
}

/** Texts used once make no family; `sharedTextSeeds` looks at what many of them have in common. */
const HALVES = [TEXT_KIND, HELD_OUT_TEXT_KIND];

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

/** Values held by more accounts than this share of the population join nobody: small platforms have small hubs. */
const HUB_SHARE = 0.02;
/** Hub caps of the ladder, from wide to narrow: of a chain of strangers the rarer values are left. */
const CAPS = [Infinity, 50, 20, 8] as const;
/** A component larger than this share of the population is a crowd that chains. */
const CROWD_SHARE = 0.05;

/** Accounts joined by values of one group below their hub caps; the caps fall until no component is a crowd. */
function componentSeeds(population: Population, group: 'identity' | 'network', limits: SeedLimits): Seed[] {
  for (const cap of CAPS) {
    const joined = new UnionFind(population.size);
    for (const link of population.links)
      if (link.group === group && link.joins) joinByValue(population, link, cap, joined);
    const components = joined.components(limits.minAccounts);
    const largest = components.reduce((most, { length }) => Math.max(most, length), 0);
    if (largest > CROWD_SHARE * population.size && cap !== CAPS.at(-1)) continue;
    return components.flatMap((accounts) => seedOf(population, group, [group], accounts, limits));
  }
  return [];
}

function joinByValue(population: Population, { table, hubCap }: LinkTable, most: number, joined: UnionFind): void {
  const cap = Math.min(hubCap, most, Math.max(20, HUB_SHARE * population.size));
  const first = new Int32Array(table.keys.length).fill(-1);
  for (let account = 0; account < population.size; account++) {
    // A verified account may be linked but never carries a path onward.
    if (population.facts.verified[account]) continue;
    for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) {
      const code = table.codes[at]!;
      if (table.frequency[code]! > cap) continue;
      if (first[code] === -1) first[code] = account;
      else joined.join(first[code]!, account);
    }
  }
}

/** Accounts linked in pairs by rare values of two groups. */
function linkedSeeds(population: Population, limits: SeedLimits): Seed[] {
  return linkedSets(population, limits.minAccounts).flatMap((accounts, i) =>
    seedOf(population, `linked ${i}`, ['identity', 'network', 'content', 'custody'], accounts, limits),
  );
}

/** Accounts between which conversations moved. Hand-overs are strong, so five accounts are enough. */
const MIN_CUSTODY = 5;

function custodySeeds(population: Population, limits: SeedLimits): Seed[] {
  const { offsets, to } = custodyEdges(population);
  const joined = new UnionFind(population.size);
  for (let from = 0; from < population.size; from++)
    for (let at = offsets[from]!; at < offsets[from + 1]!; at++) joined.join(from, to[at]!);
  const least = Math.min(MIN_CUSTODY, limits.minAccounts);
  return joined
    .components(least)
    .flatMap((accounts) => seedOf(population, 'custody', ['custody'], accounts, { ...limits, minAccounts: least }))
    .map((seed) => ({ ...seed, tail: custodyTail(population, seed.members) }));
}

/**
 * Expected components at least this large if all hand-overs but the seed's own, and those found with time reversed, fell
 * on pairs at random: sum over k of N k^(k-2) c^(k-1) e^(-kc) / k!, c hand-overs per account times two (Bollobas,
 * Random Graphs, 2001). It bounds the chance of one, over all components that could have been.
 */
function custodyTail(population: Population, members: Int32Array): Tail {
  const { offsets, to, placebo, accounts } = custodyEdges(population);
  const inside = new Set(members);
  let own = 0;
  for (const member of members)
    for (let at = offsets[member]!; at < offsets[member + 1]!; at++) if (inside.has(to[at]!)) own++;
  const others = Math.max(1, to.length - own + placebo);
  const c = Math.min(1, (2 * others) / Math.max(accounts, 1));
  let expected = 0;
  let factorials = 0;
  for (let k = 2; k <= accounts; k++) {
    factorials += Math.log(k);
    if (k < members.length) continue;
    const term = Math.exp(Math.log(accounts) + (k - 2) * Math.log(k) + (k - 1) * Math.log(c) - k * c - factorials);
    expected += term;
    if (term < 1e-12 * expected || expected >= 1) break;
  }
  const pairs = (size: number) => (size * (size - 1)) / 2;
  return {
    p: Math.min(1, Math.max(1e-6, expected)),
    observed: own,
    expected: (others * pairs(members.length)) / Math.max(1, pairs(accounts)),
    unit: 'pairs of accounts between which a conversation moved',
  };
}

/** Accounts that use the same rare texts. */
function sharedTextSeeds(population: Population, limits: SeedLimits): Seed[] {
  return sharedTextSets(population, limits.minAccounts)
    .flatMap((accounts) => seedOf(population, 'texts', ['content'], accounts, limits))
    .map((seed) => ({ ...seed, halved: true }));
}

function seedOf(
  population: Population,
  kind: string,
  formedBy: readonly EvidenceGroup[],
  accounts: ArrayLike<number>,
  { minAccounts, minOrgs }: SeedLimits,
): Seed[] {
  const members = onePerOrg(population, accounts);
  if (members.length < Math.max(minAccounts, minOrgs)) return [];
  return [{ key: `${kind} ${population.names[members[0]!]}`, formedBy, members }];
}

/** Of two seeds of the same groups that are nearly the same set, the larger stands for both. */
const REPEATED = 0.8;

function withoutRepeats(seeds: readonly Seed[], size: number): Seed[] {
  const index = new SeedIndex(
    seeds.map(({ members }) => members),
    size,
  );
  const dropped = new Uint8Array(seeds.length);
  seeds.forEach((seed, i) => {
    if (dropped[i]) return;
    for (const other of index.near(i, REPEATED)) if (other > i && sameGroups(seed, seeds[other]!)) dropped[other] = 1;
  });
  return seeds.filter((_, i) => !dropped[i]);
}

function sameGroups(a: Seed, b: Seed): boolean {
  return a.formedBy.length === b.formedBy.length && a.formedBy.every((group) => b.formedBy.includes(group));
}
