/**
 * Parts of a large component, by weighted label propagation (Raghavan, Albert & Kumara, Physical Review E 2007) in a
 * fixed order, so that the same graph has the same parts. A part counts only if it holds together: twice as many bits
 * inside as across its border.
 */
import type { Edges } from './linking.ts';

const ROUNDS = 8;
const HOLDS_TOGETHER = 2;

interface Neighbours {
  offsets: Int32Array;
  others: Int32Array;
  bits: Float32Array;
}

/** Parts of at least `least` accounts, ascending; none where the component is one community. */
export function communities(size: number, edges: Edges, component: Int32Array, least: number): Int32Array[] {
  const place = new Int32Array(size).fill(-1);
  component.forEach((account, i) => {
    place[account] = i;
  });
  const graph = neighbours(component.length, edges, place);
  const label = propagate(graph, component.length);
  const parts = new Map<number, number[]>();
  label.forEach((of, i) => {
    const part = parts.get(of);
    if (part === undefined) parts.set(of, [i]);
    else part.push(i);
  });
  if (parts.size < 2) return [];
  return [...parts.values()]
    .filter((part) => part.length >= least && holdsTogether(graph, label, part))
    .map((part) => Int32Array.from(part, (i) => component[i]!));
}

function neighbours(size: number, { a, b, bits }: Edges, place: Int32Array): Neighbours {
  const inside = (i: number) => place[a[i]!]! >= 0 && place[b[i]!]! >= 0;
  const offsets = new Int32Array(size + 1);
  for (let i = 0; i < a.length; i++) {
    if (!inside(i)) continue;
    offsets[place[a[i]!]! + 1]!++;
    offsets[place[b[i]!]! + 1]!++;
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
    if (!inside(i)) continue;
    put(place[a[i]!]!, place[b[i]!]!, bits[i]!);
    put(place[b[i]!]!, place[a[i]!]!, bits[i]!);
  }
  return { offsets, others, bits: weights };
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
