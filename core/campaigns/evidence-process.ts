/**
 * The evidence for one candidate over its life: an e-process, so that looking every day costs nothing.
 *
 * E = sum over checkpoints reached of w_j E_j, with E_j the e-value of all data at checkpoint j. The weights sum to one
 * and each E_j is an e-value, so the expectation of E never exceeds 1 under the null, and E only grows: whenever one
 * looks, its present value is the largest so far. A plain product of daily factors would count one lasting coincidence
 * every day (Tavyrikov, Goeman & de Heide, arXiv 2501.19360, 2025).
 */
import { hashText, lanes } from '../aggregates/hash.ts';
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
  /** The 16 lowest 32-bit hashes of its accounts, ascending: a name may come to mean another set. */
  accounts: number[];
  /** Natural log of the e-value at each checkpoint that a sweep fell on, by its number. */
  terms: Record<number, number>;
}

/** Days after which a candidate is forgotten: after that it may only come back on fresh evidence. */
const REMEMBERED_DAYS = 90;

/** What one sweep found of a candidate. */
export interface Sighted {
  key: string;
  /** As `accountSample` gives them. */
  accounts: number[];
  /** Of this sweep alone. */
  nats: number;
}

/**
 * The candidate after a sweep at `at` (ms). Only the first sweep at or after a checkpoint counts. Evidence for another
 * set of the same name is evidence for another hypothesis: it starts anew.
 */
export function remember(
  held: RememberedCandidate | undefined,
  at: number,
  { key, accounts, nats }: Sighted,
): RememberedCandidate {
  if (held === undefined || !isSameSet(held.accounts, accounts))
    return { key, discovered: isoTime(at), accounts, terms: { 0: nats } };
  const reached = lastReached((at - Date.parse(held.discovered)) / DAY_MS);
  const terms = reached in held.terms ? held.terms : { ...held.terms, [reached]: nats };
  return { ...held, accounts, terms };
}

const SAMPLE = 16;
/** Share of the lowest hashes of both sets that must be in both (Broder, Compression and Complexity 1997). */
const SAME_SET = 0.25;

/** The 16 lowest 32-bit hashes of the names: any two samples estimate how much their sets have in common. */
export function accountSample(names: Iterable<string>): number[] {
  const hashes: number[] = [];
  for (const name of names) {
    hashText(name);
    hashes.push(lanes.low >>> 0);
  }
  return hashes.sort((a, b) => a - b).slice(0, SAMPLE);
}

function isSameSet(a: readonly number[], b: readonly number[]): boolean {
  const lowest = [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, SAMPLE);
  const [inA, inB] = [new Set(a), new Set(b)];
  return lowest.filter((hash) => inA.has(hash) && inB.has(hash)).length >= SAME_SET * lowest.length;
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
