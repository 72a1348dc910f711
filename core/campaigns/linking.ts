/**
 * Pairs of accounts that share rare values, and the components they make.
 *
 * A shared value is worth log2(m / u) bits, m = 0.5 the chance that two accounts of one operator agree on it and u its
 * prevalence (Fellegi & Sunter, JASA 1969, with term frequencies); a group gives at most 20 bits, and a pair counts
 * only with two groups. One pair among N accounts is one in N^2 / 2, so a pair is proven at log2(N^2 / 2) bits.
 */
import type { EvidenceGroup } from '../findings/finding.ts';
import type { CodeTable } from '../population/code-table.ts';
import { custodyEdges } from '../population/custody-edges.ts';
import type { LinkTable, Population } from '../population/population.ts';
import { UnionFind } from '../population/union-find.ts';
import { communities, type Graph, graphOf } from './communities.ts';

/** Chance that two accounts of one operator hold the same value of a kind. */
const AGREE = 0.5;
const GROUP_CAP_BITS = 20;
const MIN_GROUPS = 2;
/** Values of content are common by nature: above this many accounts they propose families, not pairs. */
const PAIR_CAP = 200;
/** One fingerprint that changed hands. */
const CUSTODY_BITS = 15;
/** Rungs of the ladder, as shares of the bits that prove a pair. */
const RUNGS = [0.5, 0.75, 1] as const;
/** A component larger than this share of the population is a crowd that chains. */
const LARGEST_SHARE = 0.05;
/** Components above this size are looked at for parts. */
const SPLIT_ABOVE = 500;

export interface Edges {
  a: Int32Array;
  b: Int32Array;
  bits: Float32Array;
}

/**
 * Sets of accounts linked by pairs of at least two groups: on the first rung on which none is a crowd, and the sets of
 * higher rungs inside them.
 */
export function linkedSets(population: Population, least: number): Int32Array[] {
  const proof = Math.log2((population.size * population.size) / 2 + 1);
  const edges = linkedPairs(population, RUNGS[0] * proof);
  const sets: Int32Array[] = [];
  let graph: Graph | undefined;
  for (const rung of RUNGS) {
    const components = componentsOf(population, edges, rung * proof, least);
    const largest = components.reduce((most, { length }) => Math.max(most, length), 0);
    const crowded = largest > LARGEST_SHARE * population.size;
    if (crowded && rung !== RUNGS.at(-1)) continue;
    for (const component of components) {
      sets.push(component);
      if (component.length <= SPLIT_ABOVE) continue;
      graph ??= graphOf(population.size, edges);
      sets.push(...communities(graph, component, least));
    }
  }
  return sets;
}

function componentsOf({ size }: Population, { a, b, bits }: Edges, atLeast: number, least: number): Int32Array[] {
  const joined = new UnionFind(size);
  for (let i = 0; i < a.length; i++) if (bits[i]! >= atLeast) joined.join(a[i]!, b[i]!);
  return joined.components(least).map((set) => Int32Array.from(set));
}

interface PairKind {
  group: EvidenceGroup;
  link: LinkTable;
  cap: number;
}

/** Every pair of at least `atLeast` bits from two groups, once. Bounded by the hub caps: sum over values of df^2. */
function linkedPairs(population: Population, atLeast: number): Edges {
  const kinds = population.links
    .filter(({ hubCap }) => hubCap > 0)
    .map((link): PairKind => ({ group: link.group, link, cap: Math.min(link.hubCap, PAIR_CAP) }));
  const groups = [...new Set(kinds.map(({ group }) => group))].map((group) =>
    kinds.filter((one) => one.group === group),
  );
  const { size } = population;
  const total = new Float32Array(size);
  const inGroup = new Float32Array(size);
  const many = new Uint8Array(size);
  const touched: number[] = [];
  const ofGroup: number[] = [];
  const found = { a: [] as number[], b: [] as number[], bits: [] as number[] };
  const custody = custodyEdges(population).partners;
  const settle = () => {
    for (const other of ofGroup) {
      if (many[other] === 0) touched.push(other);
      total[other]! += Math.min(GROUP_CAP_BITS, inGroup[other]!);
      many[other]!++;
      inGroup[other] = 0;
    }
    ofGroup.length = 0;
  };
  const couldPair = (account: number) => {
    let [sum, holding] = [0, 0];
    if (custody.offsets[account + 1]! > custody.offsets[account]!) [sum, holding] = [GROUP_CAP_BITS, 1];
    for (const group of groups) {
      let bits = 0;
      for (const { link, cap } of group) bits += bitsOfRow(link.table, cap, account, size);
      if (bits > 0) holding++;
      sum += Math.min(GROUP_CAP_BITS, bits);
    }
    return holding >= MIN_GROUPS && sum >= atLeast - ROUNDING;
  };
  // A verified account may be linked but never carries a path onward.
  const possible = Uint8Array.from({ length: size }, (_, i) => (population.facts.verified[i] || !couldPair(i) ? 0 : 1));
  for (let account = 0; account < size; account++) {
    if (!possible[account]) continue;
    for (const group of groups) {
      for (const { link, cap } of group) addNeighbours(population, link, cap, account, possible, inGroup, ofGroup);
      settle();
    }
    for (let at = custody.offsets[account]!; at < custody.offsets[account + 1]!; at++) {
      const other = custody.accounts[at]!;
      if (other <= account) continue;
      if (inGroup[other] === 0) ofGroup.push(other);
      inGroup[other]! += CUSTODY_BITS;
    }
    settle();
    for (const other of touched) {
      if (many[other]! >= MIN_GROUPS && total[other]! >= atLeast) {
        found.a.push(account);
        found.b.push(other);
        found.bits.push(total[other]!);
      }
      total[other] = 0;
      many[other] = 0;
    }
    touched.length = 0;
  }
  return { a: Int32Array.from(found.a), b: Int32Array.from(found.b), bits: Float32Array.from(found.bits) };
}

/** Sums are of 32 bits. */
const ROUNDING = 1e-3;

/** Bits of all values of an account that could make a pair: what it could share at most. */
function bitsOfRow(table: CodeTable, cap: number, account: number, size: number): number {
  let bits = 0;
  for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++)
    bits += worthOf(table.frequency[table.codes[at]!]!, cap, size);
  return bits;
}

/** Bits that a value held by so many accounts is worth; 0 where it makes no pairs. */
function worthOf(frequency: number, cap: number, size: number): number {
  if (frequency < 2 || frequency > cap) return 0;
  return Math.max(0, Math.log2(AGREE / ((frequency + 1) / (size + 2))));
}

/** Adds the bits of each value of `account` to the later accounts of other organisations that hold it too and could pair. */
function addNeighbours(
  { facts, size }: Population,
  { table }: LinkTable,
  cap: number,
  account: number,
  possible: Uint8Array,
  bits: Float32Array,
  touched: number[],
): void {
  for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) {
    const code = table.codes[at]!;
    const worth = worthOf(table.frequency[code]!, cap, size);
    if (worth === 0) continue;
    const holders = table.accountsOf(code);
    for (let i = holders.length - 1; i >= 0 && holders[i]! > account; i--) {
      const other = holders[i]!;
      if (!possible[other] || facts.org[other] === facts.org[account]) continue;
      if (bits[other] === 0) touched.push(other);
      bits[other]! += worth;
    }
  }
}
