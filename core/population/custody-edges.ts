/**
 * Conversations that changed hands: one account gave a fingerprint out, an account of another organisation handed it in.
 *
 * Counted are fingerprints that exactly one account gave out and at most two others handed in: a transcript that many
 * paste says nothing. The same join with time reversed, handed in before it was given out, is the placebo: it has the
 * same accidents and no hand-over.
 */
import type { CustodyColumns, SightingColumns } from './custody.ts';
import { type Kept, Meetings } from './meetings.ts';
import type { Population } from './population.ts';
import { ascendingOrder } from './radix.ts';

const MOST_MINTERS = 1;
const MOST_PRESENTERS = 2;

export interface CustodyEdges {
  /** Pairs of accounts, each once: account i gave out what `to[at]` handed in, `at` in [offsets[i], offsets[i + 1]). */
  offsets: Int32Array;
  to: Int32Array;
  /** The same both ways: partners of account i are `accounts[at]`, `at` in [offsets[i], offsets[i + 1]), ascending. */
  partners: { offsets: Int32Array; accounts: Int32Array };
  /** 1 for accounts that gave out or handed in anything. */
  known: Uint8Array;
  kept: Kept;
  /** Of everybody with everybody by accident. */
  meetings: Meetings;
  /** Pairs found with time reversed. */
  placebo: number;
  /** Accounts that gave out or handed in anything. */
  accounts: number;
}

const known = new WeakMap<CustodyColumns, CustodyEdges>();

/** Joined once per population, whoever is compared. */
export function custodyEdges(population: Population): CustodyEdges {
  let edges = known.get(population.custody);
  if (edges === undefined) {
    edges = joinCustody(population);
    known.set(population.custody, edges);
  }
  return edges;
}

function joinCustody(population: Population): CustodyEdges {
  const { minted, presented, given, taken } = population.custody;
  const a = ascendingOrder(minted.key);
  const b = ascendingOrder(presented.key);
  const forward = new Map<number, [number, number]>();
  const reversed = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const key = minted.key[a[i]!]!;
    if (presented.key[b[j]!]! < key) {
      j++;
      continue;
    }
    const minters = run(a, i, minted, key);
    const presenters = run(b, j, presented, key);
    i += minters.length;
    j += presenters.length;
    if (minters.length !== MOST_MINTERS) continue;
    const others = presenters.filter((at) => foreign(population, minted.account[minters[0]!]!, presented.account[at]!));
    if (others.length > MOST_PRESENTERS) continue;
    for (const at of others) {
      const [from, to] = [minted.account[minters[0]!]!, presented.account[at]!];
      const later = presented.time[at]! - minted.time[minters[0]!]!;
      const pair = Math.min(from, to) * population.size + Math.max(from, to);
      if (later > 0) forward.set(pair, [from, to]);
      else if (later < 0) reversed.add(pair);
    }
  }
  const pairs = [...forward.values()].sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  const offsets = new Int32Array(population.size + 1);
  for (const [from] of pairs) offsets[from + 1]!++;
  for (let i = 0; i < population.size; i++) offsets[i + 1]! += offsets[i]!;
  const kept: Kept = { given, taken };
  const known = Uint8Array.from(given, (count, i) => (count + taken[i]! > 0 ? 1 : 0));
  return {
    offsets,
    to: Int32Array.from(pairs, ([, to]) => to),
    partners: partnersOf(population.size, pairs),
    known,
    kept,
    meetings: new Meetings(population, kept, known.keys()),
    placebo: reversed.size,
    accounts: known.reduce((sum, one) => sum + one, 0),
  };
}

function partnersOf(size: number, pairs: readonly (readonly [number, number])[]) {
  const both = [...pairs, ...pairs.map(([a, b]) => [b, a] as const)].sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  const offsets = new Int32Array(size + 1);
  for (const [from] of both) offsets[from + 1]!++;
  for (let i = 0; i < size; i++) offsets[i + 1]! += offsets[i]!;
  return { offsets, accounts: Int32Array.from(both, ([, to]) => to) };
}

function foreign({ facts }: Population, a: number, b: number): boolean {
  return facts.org[a] !== facts.org[b];
}

/** The places from `from` on that hold `key`. */
function run(order: Uint32Array, from: number, { key }: SightingColumns, value: number): number[] {
  const found: number[] = [];
  for (let i = from; i < order.length && key[order[i]!] === value; i++) found.push(order[i]!);
  return found;
}
