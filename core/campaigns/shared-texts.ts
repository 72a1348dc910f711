/**
 * Sets of accounts that use the same rare texts, each perhaps but once: coordination as it shows where nobody works with
 * a template (co-shared items: Pacheco et al., ICWSM 2021).
 *
 * One common text is an accident or a fashion; parts of the graph of common texts that hold together are not. Only one
 * half of the texts proposes, so that the other can confirm.
 */
import { TEXT_KIND } from '../population/kinds.ts';
import type { LinkTable, Population } from '../population/population.ts';
import { UnionFind } from '../population/union-find.ts';
import { communities, graphOf } from './communities.ts';
import type { Edges } from './linking.ts';

/** Accounts that may hold a text for it to link them, from wide to narrow: the first under which pairs stay few. */
const CAPS = [100, 50, 20, 8] as const;
/** Pairs per account of the platform. */
const PAIRS_PER_ACCOUNT = 50;

/** Rungs of the ladder, as shares of the bits that prove a pair among all pairs: any common text, then several. */
const RUNGS = [0, 0.5, 1] as const;

/** Parts of at least `least` accounts, ascending; those of higher rungs lie inside those of lower ones. */
export function sharedTextSets(population: Population, least: number): Int32Array[] {
  const link = population.links.find(({ kind }) => kind === TEXT_KIND);
  if (link === undefined) return [];
  const cap = capOf(link, population.size);
  const edges = commonTexts(population, link, cap);
  const proof = Math.log2((population.size * population.size) / 2 + 1);
  return RUNGS.flatMap((rung) => partsOf(population.size, atLeast(edges, rung * proof), least));
}

function partsOf(size: number, edges: Edges, least: number): Int32Array[] {
  const joined = new UnionFind(size);
  for (let i = 0; i < edges.a.length; i++) joined.join(edges.a[i]!, edges.b[i]!);
  const graph = graphOf(size, edges);
  return joined.components(least).flatMap((accounts) => {
    const component = Int32Array.from(accounts);
    const parts = communities(graph, component, least);
    return parts.length > 0 ? parts : [component];
  });
}

function atLeast({ a, b, bits }: Edges, least: number): Edges {
  if (least <= 0) return { a, b, bits };
  const kept = Int32Array.from(bits.keys()).filter((i) => bits[i]! >= least);
  return {
    a: Int32Array.from(kept, (i) => a[i]!),
    b: Int32Array.from(kept, (i) => b[i]!),
    bits: Float32Array.from(kept, (i) => bits[i]!),
  };
}

function capOf({ table }: LinkTable, size: number): number {
  for (const cap of CAPS) {
    let pairs = 0;
    for (const held of table.frequency) if (held <= cap) pairs += (held * (held - 1)) / 2;
    if (pairs <= PAIRS_PER_ACCOUNT * size) return cap;
  }
  return 0;
}

/** Every pair of accounts of different organisations, once, with the bits of all texts that they have in common. */
function commonTexts({ facts, size }: Population, { table }: LinkTable, cap: number): Edges {
  const bits = new Float32Array(size);
  const touched: number[] = [];
  const found = { a: [] as number[], b: [] as number[], bits: [] as number[] };
  for (let account = 0; account < size; account++) {
    if (facts.verified[account]) continue;
    for (const code of table.row(account)) {
      const frequency = table.frequency[code]!;
      if (frequency < 2 || frequency > cap) continue;
      const worth = Math.log2(size / frequency);
      const holders = table.accountsOf(code);
      for (let i = holders.length - 1; i >= 0 && holders[i]! > account; i--) {
        const other = holders[i]!;
        if (facts.verified[other] || facts.org[other] === facts.org[account]) continue;
        if (bits[other] === 0) touched.push(other);
        bits[other]! += worth;
      }
    }
    for (const other of touched) {
      found.a.push(account);
      found.b.push(other);
      found.bits.push(bits[other]!);
      bits[other] = 0;
    }
    touched.length = 0;
  }
  return { a: Int32Array.from(found.a), b: Int32Array.from(found.b), bits: Float32Array.from(found.bits) };
}
