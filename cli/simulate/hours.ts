/** When in a day people and machines are at it: 24 weights by local hour, and draws from them. */
import { HOUR } from './clock.ts';
import type { Random } from './random.ts';

export type Curve = keyof typeof CURVES;

/** Relative activity from local midnight on. Shapes only: office hours, evenings, users of a service, nightly jobs. */
const CURVES = {
  office: [0.4, 0.2, 0.1, 0.1, 0.1, 0.3, 1, 3, 7, 10, 11, 10, 7, 9, 11, 10, 9, 7, 4, 2.5, 2.2, 2, 1.5, 0.8],
  evening: [3, 1.8, 1, 0.5, 0.3, 0.3, 0.6, 1.2, 2, 2.5, 3, 3.2, 3.6, 3.4, 3.4, 3.6, 4, 4.6, 5.5, 7, 8, 8, 7, 5],
  service: [
    3, 2.2, 1.8, 1.6, 1.6, 1.9, 2.6, 3.6, 4.8, 5.6, 6, 6, 5.8, 5.9, 6, 5.9, 5.7, 5.5, 5.3, 5.2, 5, 4.7, 4.2, 3.6,
  ],
  nightly: [6, 9, 10, 8, 6, 4, 2, 1, 1, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.2, 1.2, 1.5, 2, 3, 4],
  flat: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
} as const;

/** Hours from UTC with their share of the population. */
export const ZONES: readonly (readonly [number, number])[] = [
  [-8, 10],
  [-7, 3],
  [-6, 7],
  [-5, 16],
  [-3, 7],
  [0, 9],
  [1, 16],
  [2, 7],
  [3, 5],
  [5.5, 10],
  [8, 6],
  [9, 8],
  [10, 3],
];

const tables = new Map<string, Float64Array>();

/** Cumulative weights by UTC hour for somebody `zone` hours ahead of UTC. */
function table(curve: Curve, zone: number): Float64Array {
  const key = `${curve}${zone}`;
  const known = tables.get(key);
  if (known) return known;
  const edges = new Float64Array(24);
  let sum = 0;
  for (let hour = 0; hour < 24; hour++) {
    sum += CURVES[curve][(((hour + Math.floor(zone)) % 24) + 24) % 24] as number;
    edges[hour] = sum;
  }
  tables.set(key, edges);
  return edges;
}

/** Milliseconds into the UTC day. */
export function moment(curve: Curve, zone: number, random: Random): number {
  const edges = table(curve, zone);
  const target = random.next() * (edges[23] as number);
  let hour = 0;
  while ((edges[hour] as number) <= target) hour++;
  const half = zone % 1;
  return Math.floor(((hour + random.next() - half + 24) % 24) * HOUR);
}
