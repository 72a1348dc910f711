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

/** A kind of values that make pairs. */
interface PairKind {
  group: EvidenceGroup;
  table: CodeTable;
  /** Bits of each value; 0 where it makes no pairs. */
  worth: Float64Array;
}

/**
 * Every pair of at least `atLeast` bits from two groups, once. Bounded by the hub caps: sum over values of df^2. Since a
 * pair needs two groups, the one in which an account has most neighbours adds to those of the others and proposes none.
 */
function linkedPairs(population: Population, atLeast: number): Edges {
  const { facts, size, links } = population;
  const kinds = links.filter(({ hubCap }) => hubCap > 0).map((link) => pairKind(link, size));
  const custody = custodyEdges(population).partners;
  const groups = [...new Set(kinds.map(({ group }) => group))].map((group) =>
    kinds.filter((one) => one.group === group),
  );
  // A verified account may be linked but never carries a path onward.
  const possible = Uint8Array.from({ length: size }, (_, i) => (facts.verified[i] || !couldPair(i) ? 0 : 1));
  const paired = groups.map((group) => group.map((kind) => ({ ...kind, ...holdersAmong(kind, possible) })));
  /** Bits with each account, a place for each group and the last for custody: zeros between accounts. */
  const width = groups.length + 1;
  const bits = new Float32Array(size * width);
  const met = new Uint8Array(size);
  const touched: number[] = [];
  const found = { a: [] as number[], b: [] as number[], bits: [] as number[] };
  for (let account = 0; account < size; account++) {
    if (!possible[account]) continue;
    let dearest = 0;
    for (let place = 0, most = 0; place < paired.length; place++) {
      let neighbours = 0;
      for (const kind of paired[place]!) neighbours += pass(kind, account);
      if (neighbours > most) [dearest, most] = [place, neighbours];
    }
    for (let place = 0; place < paired.length; place++)
      if (place !== dearest) for (const kind of paired[place]!) meetNeighbours(kind, account, place);
    for (let at = custody.offsets[account]!; at < custody.offsets[account + 1]!; at++)
      if (custody.accounts[at]! > account) add(custody.accounts[at]!, width - 1, CUSTODY_BITS);
    if (touched.length > 0) for (const kind of paired[dearest]!) addToMet(kind, account, dearest);
    for (const other of touched) {
      const total = facts.org[other] === facts.org[account] ? 0 : totalWith(other);
      if (total >= atLeast) {
        found.a.push(account);
        found.b.push(other);
        found.bits.push(total);
      }
      for (let at = other * width; at < other * width + width; at++) bits[at] = 0;
      met[other] = 0;
    }
    touched.length = 0;
  }
  return { a: Int32Array.from(found.a), b: Int32Array.from(found.b), bits: Float32Array.from(found.bits) };

  function couldPair(account: number): boolean {
    let [sum, holding] = [0, 0];
    if (custody.offsets[account + 1]! > custody.offsets[account]!) [sum, holding] = [GROUP_CAP_BITS, 1];
    for (const group of groups) {
      let bits = 0;
      for (const kind of group) bits += bitsOfRow(kind, account);
      if (bits > 0) holding++;
      sum += Math.min(GROUP_CAP_BITS, bits);
    }
    return holding >= MIN_GROUPS && sum >= atLeast - ROUNDING;
  }

  /** Adds the bits of each value of `account` to the later accounts that hold it too and could pair. */
  function meetNeighbours({ table, worth, ends, holders, passed }: PairKind & Holders, account: number, place: number) {
    for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) {
      const code = table.codes[at]!;
      const own = worth[code]!;
      if (own > 0) for (let i = passed[code]!; i < ends[code]!; i++) add(holders[i]!, place, own);
    }
  }

  function add(other: number, place: number, more: number): void {
    bits[other * width + place]! += more;
    if (met[other]) return;
    met[other] = 1;
    touched.push(other);
  }

  /** The same for those that are met already. */
  function addToMet({ table, worth, ends, holders, passed }: PairKind & Holders, account: number, place: number) {
    for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) {
      const code = table.codes[at]!;
      const own = worth[code]!;
      if (own === 0) continue;
      for (let i = passed[code]!; i < ends[code]!; i++) {
        const other = holders[i]!;
        if (met[other]) bits[other * width + place]! += own;
      }
    }
  }

  /** 0 where fewer than two groups speak. */
  function totalWith(other: number): number {
    let [total, speaking] = [0, 0];
    for (let at = other * width; at < other * width + width; at++) {
      if (bits[at] === 0) continue;
      total = Math.fround(total + Math.min(GROUP_CAP_BITS, bits[at]!));
      speaking++;
    }
    return speaking >= MIN_GROUPS ? total : 0;
  }
}

/** Steps over `account`, whose turn it is; the accounts after it that hold its values, each once per value. */
function pass({ table, worth, ends, passed }: PairKind & Holders, account: number): number {
  let later = 0;
  for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) {
    const code = table.codes[at]!;
    if (worth[code]! > 0) later += ends[code]! - ++passed[code]!;
  }
  return later;
}

/** Sums are of 32 bits. */
const ROUNDING = 1e-3;

function pairKind({ group, table, hubCap }: LinkTable, size: number): PairKind {
  const cap = Math.min(hubCap, PAIR_CAP);
  const worth = Float64Array.from(table.frequency, (frequency) => worthOf(frequency, cap, size));
  return { group, table, worth };
}

/** Bits that a value held by so many accounts is worth; 0 where it makes no pairs. */
function worthOf(frequency: number, cap: number, size: number): number {
  if (frequency < 2 || frequency > cap) return 0;
  return Math.max(0, Math.log2(AGREE / ((frequency + 1) / (size + 2))));
}

/** Bits of all values of an account that could make a pair: what it could share at most. */
function bitsOfRow({ table, worth }: PairKind, account: number): number {
  let bits = 0;
  for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) bits += worth[table.codes[at]!]!;
  return bits;
}

/** Of the values that make pairs: which accounts hold them. */
interface Holders {
  /** Those of each value end here. */
  ends: Int32Array;
  /** Ascending for each value. */
  holders: Int32Array;
  /** Where those begin that a pass over the accounts has still to come to. */
  passed: Int32Array;
}

/** Accounts that are not `possible` are left out. */
function holdersAmong({ table, worth }: PairKind, possible: Uint8Array): Holders {
  const { offsets, codes } = table;
  const begins = new Int32Array(worth.length + 1);
  for (let account = 0; account < possible.length; account++) {
    if (!possible[account]) continue;
    for (let at = offsets[account]!; at < offsets[account + 1]!; at++)
      if (worth[codes[at]!]! > 0) begins[codes[at]! + 1]!++;
  }
  for (let code = 0; code < worth.length; code++) begins[code + 1]! += begins[code]!;
  const ends = begins.slice(0, -1);
  const holders = new Int32Array(begins[worth.length]!);
  for (let account = 0; account < possible.length; account++) {
    if (!possible[account]) continue;
    for (let at = offsets[account]!; at < offsets[account + 1]!; at++) {
      const code = codes[at]!;
      if (worth[code]! > 0) holders[ends[code]!++] = account;
    }
  }
  return { ends, holders, passed: begins };
}
