/**
 * The evidence for one candidate over its life: an e-process, so that looking every day costs nothing.
 *
 * E = sum over checkpoints reached of w_j E_j, with E_j the e-value of all data at checkpoint j. The weights sum to one
 * and each E_j is an e-value, so the expectation of E never exceeds 1 under the null, and E only grows: whenever one
 * looks, its present value is the largest so far. A plain product of daily factors would count one lasting coincidence
 * every day (Tavyrikov, Goeman & de Heide, arXiv 2501.19360, 2025).
 */
import { DAY_MS, isoTime } from '../records/time.ts';

/** Days after discovery, and the weight of each. */
const CHECKPOINTS = [
  { days: 0, weight: 1 / 4 },
  { days: 1, weight: 1 / 4 },
  { days: 2, weight: 1 / 8 },
  { days: 4, weight: 1 / 8 },
  { days: 8, weight: 1 / 8 },
  { days: 16, weight: 1 / 16 },
  { days: 32, weight: 1 / 16 },
] as const;

/** Plain JSON: kept between sweeps. */
export interface RememberedCandidate {
  /** Name of the seed. */
  key: string;
  /** Sweep in which it first passed the gate, RFC 3339. */
  discovered: string;
  /** Natural log of the e-value at each checkpoint that a sweep fell on, by its number. */
  terms: Record<number, number>;
}

/** Days after which a candidate is forgotten: after that it may only come back on fresh evidence. */
const REMEMBERED_DAYS = 90;

/** The candidate after a sweep at `at` (ms) that gave it `nats`. Only the first sweep at or after a checkpoint counts. */
export function remember(
  held: RememberedCandidate | undefined,
  key: string,
  at: number,
  nats: number,
): RememberedCandidate {
  if (held === undefined) return { key, discovered: isoTime(at), terms: { 0: nats } };
  const reached = lastReached((at - Date.parse(held.discovered)) / DAY_MS);
  return reached in held.terms ? held : { ...held, terms: { ...held.terms, [reached]: nats } };
}

function lastReached(days: number): number {
  return CHECKPOINTS.findLastIndex((checkpoint) => days >= checkpoint.days);
}

/** Natural log of E. */
export function processNats({ terms }: RememberedCandidate): number {
  const sum = Object.entries(terms).reduce(
    (total, [j, nats]) => total + CHECKPOINTS[Number(j)]!.weight * Math.exp(nats),
    0,
  );
  return Math.log(sum);
}

export function isRemembered({ discovered }: RememberedCandidate, at: number): boolean {
  return at - Date.parse(discovered) <= REMEMBERED_DAYS * DAY_MS;
}
