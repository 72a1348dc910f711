/**
 * Parts of a large component, by weighted label propagation (Raghavan, Albert & Kumara, Physical Review E 2007) in a
 * fixed order, so that the same graph has the same parts. A part counts only if it holds together: twice as many bits
 * inside as across its border.
 */
import type { Edges } from './linking.ts';

const ROUNDS = 8;
const HOLDS_TOGETHER = 2;

/** Neighbours of account i are `others[at]`, `at` in [offsets[i], offsets[i + 1]). */
export interface Graph {
  offsets: Int32Array;
  others: Int32Array;
  bits: Float32Array;
  /** Place of each account in the component that is looked at; -1 for all others, and between calls for everybody. */
  places: Int32Array;
}

/** The edges both ways. Made once for all components: a component must not cost the size of the platform. */
export function graphOf(size: number, { a, b, bits }: Edges): Graph {
  const offsets = new Int32Array(size + 1);
  for (let i = 0; i < a.length; i++) {
    offsets[a[i]! + 1]!++;
    offsets[b[i]! + 1]!++;
  }
  for (let i = 0; i < size; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice();
  const others = new Int32Array(offsets[size]!);
  const weights = new Float32Array(offsets[size]!);
  const put = (from: number, to: number, weight: number) => {
    const at = next[from]!;
    next[from] = at + 1;
    others[at] = to;
    weights[at] = weight;
  };
  for (let i = 0; i < a.length; i++) {
    put(a[i]!, b[i]!, bits[i]!);
    put(b[i]!, a[i]!, bits[i]!);
  }
  return { offsets, others, bits: weights, places: new Int32Array(size).fill(-1) };
}

/** Parts of at least `least` accounts, ascending; none where the component is one community. */
export function communities(graph: Graph, component: Int32Array, least: number): Int32Array[] {
  component.forEach((account, i) => {
    graph.places[account] = i;
  });
  const within = neighboursWithin(graph, component);
  for (const account of component) graph.places[account] = -1;
  const label = propagate(within, component.length);
  const parts = new Map<number, number[]>();
  label.forEach((of, i) => {
    const part = parts.get(of);
    if (part === undefined) parts.set(of, [i]);
    else part.push(i);
  });
  if (parts.size < 2) return [];
  return [...parts.values()]
    .filter((part) => part.length >= least && holdsTogether(within, label, part))
    .map((part) => Int32Array.from(part, (i) => component[i]!));
}

type Neighbours = Omit<Graph, 'places'>;

/** The graph between the accounts of the component, numbered by their places in it. */
function neighboursWithin({ offsets, others, bits, places }: Graph, component: Int32Array): Neighbours {
  const starts = new Int32Array(component.length + 1);
  const near: number[] = [];
  const weights: number[] = [];
  component.forEach((account, i) => {
    for (let at = offsets[account]!; at < offsets[account + 1]!; at++) {
      const place = places[others[at]!]!;
      if (place < 0) continue;
      near.push(place);
      weights.push(bits[at]!);
    }
    starts[i + 1] = near.length;
  });
  return { offsets: starts, others: Int32Array.from(near), bits: Float32Array.from(weights) };
}

/** Each account takes the label of most bits around it; of equals the lowest. */
function propagate({ offsets, others, bits }: Neighbours, size: number): Int32Array {
  const label = Int32Array.from({ length: size }, (_, i) => i);
  const weight = new Float64Array(size);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = 0;
    for (let i = 0; i < size; i++) {
      let best = label[i]!;
      for (let at = offsets[i]!; at < offsets[i + 1]!; at++) weight[label[others[at]!]!]! += bits[at]!;
      for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
        const candidate = label[others[at]!]!;
        const more = weight[candidate]! - weight[best]!;
        if (more > 0 || (more === 0 && candidate < best)) best = candidate;
      }
      for (let at = offsets[i]!; at < offsets[i + 1]!; at++) weight[label[others[at]!]!] = 0;
      if (best === label[i]) continue;
      label[i] = best;
      moved++;
    }
    if (moved === 0) break;
  }
  return label;
}

function holdsTogether({ offsets, others, bits }: Neighbours, label: Int32Array, part: readonly number[]): boolean {
  let inside = 0;
  let across = 0;
  for (const i of part) {
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      if (label[others[at]!] === label[i]) inside += bits[at]! / 2;
      else across += bits[at]!;
    }
  }
  return inside >= HOLDS_TOGETHER * across;
}
