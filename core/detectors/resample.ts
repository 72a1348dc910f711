/**
 * The resample test: is a statistic of a candidate larger than for sets of comparable accounts?
 *
 * Draws sets of the candidate's size, stratum by stratum, and counts how many reach its statistic. Stops early where
 * the answer is plain (sequential Monte Carlo: Besag & Clifford, Biometrika 1991), draws on where it is close, and
 * reads the tail from a generalised Pareto fit where no draw reaches it (Knijnenburg et al., Bioinformatics 2009).
 */
import type { FactColumns } from '../population/facts.ts';
import type { Population } from '../population/population.ts';
import type { Strata } from '../population/strata.ts';
import type { CandidateView } from './detector.ts';

/** Draws after which to look, and the p-value below which to go on: a set that is no evidence is soon let go. */
const STAGES = [
  { draws: 4, below: 0.4 },
  { draws: 16, below: 0.12 },
  { draws: 60, below: 0.03 },
  { draws: 300, below: 0.007 },
  { draws: 1000, below: 0 },
] as const;
/** Share of the draws to which the tail is fitted. */
const TAIL_SHARE = 0.05;
export const MIN_P = 1e-6;
/** Larger candidates are tested on this many members. */
export const MAX_TESTED = 500;

export interface ResampleResult {
  p: number;
  /** Median of the statistic over the draws. */
  median: number;
}

export type Statistic = (members: Int32Array) => number;
/** The i-th drawn set. */
export type Draw = (index: number) => Int32Array;

/** Whether an excess over the median of the draws would be evidence at all, however small its p. */
export type Worth = (observed: number, median: number) => boolean;

/** Fewer draws than this say too little of their median. */
const MEDIAN_DRAWS = 16;

/** `worth`: where it says no, the answer is not needed and no more is drawn. */
export function resample(
  statistic: Statistic,
  members: Int32Array,
  draw: Draw,
  worth: Worth = () => true,
): ResampleResult {
  const observed = statistic(members);
  const draws: number[] = [];
  let reached = 0;
  for (const stage of STAGES) {
    while (draws.length < stage.draws) {
      const value = statistic(draw(draws.length));
      if (value >= observed) reached++;
      draws.push(value);
    }
    if ((reached + 1) / (draws.length + 1) >= stage.below) break;
    if (draws.length >= MEDIAN_DRAWS && !worth(observed, medianOf(draws))) break;
  }
  draws.sort((a, b) => a - b);
  const median = draws[draws.length >> 1]!;
  const p = (reached + 1) / (draws.length + 1);
  return { p: reached === 0 ? Math.max(MIN_P, Math.min(p, tailP(draws, observed))) : p, median };
}

function medianOf(draws: readonly number[]): number {
  return draws.toSorted((a, b) => a - b)[draws.length >> 1]!;
}

/**
 * Upper tail beyond all draws by a generalised Pareto fit to the largest, with probability-weighted moments (Hosking &
 * Wallis, Technometrics 1987). A bounded tail (positive k) is read as exponential, which errs towards larger p.
 */
function tailP(sorted: readonly number[], observed: number): number {
  const size = Math.floor(sorted.length * TAIL_SHARE);
  if (size < 20) return 1;
  const threshold = sorted[sorted.length - size - 1]!;
  const excess = sorted.slice(-size).map((value) => value - threshold);
  const mean = excess.reduce((sum, value) => sum + value, 0) / size;
  if (mean <= 0) return 1;
  const weighted = excess.reduce((sum, value, i) => sum + (1 - (i + 0.65) / size) * value, 0) / size;
  const k = Math.min(0, mean / (mean - 2 * weighted) - 2);
  const scale = k === 0 ? mean : (2 * mean * weighted) / (mean - 2 * weighted);
  const y = observed - threshold;
  const survival = k > -1e-9 ? Math.exp(-y / mean) : (1 - (k * y) / scale) ** (1 / k);
  return TAIL_SHARE * survival;
}

/**
 * A crowd differs from the platform in a hundred small ways, all of them significant where it is large; an operator's
 * mark is manifold. Below these an excess is no evidence.
 */
const MIN_RATIO = 2;
const MIN_ODDS = 3;

export function manifoldRate(observed: number, expected: number): boolean {
  return observed >= MIN_RATIO * expected;
}

/** For shares between 0 and 1: whether the odds are at least so many times those expected. */
export function manifoldShare(observed: number, expected: number, times = MIN_ODDS): boolean {
  return observed * (1 - expected) >= times * expected * (1 - observed);
}

/** e = 0.5 / sqrt(p) is an e-value (Vovk & Wang, Annals of Statistics 2021). In nats. */
export function natsOfP(p: number): number {
  return Math.log(0.5 / Math.sqrt(p));
}

/**
 * Draws sets with as many accounts of each stratum as the candidate has, one per organisation and none of its members: a
 * large candidate must not be compared with itself. Drawn once per candidate: its statistics are computed on the same
 * sets.
 */
export function stratifiedDraw(view: CandidateView, strata: Strata): Draw {
  let sets = view.drawn.get(strata);
  if (sets === undefined) {
    sets = [];
    view.drawn.set(strata, sets);
  }
  const known = sets;
  const next = freshSets(view, strata);
  return (index) => {
    while (known.length <= index) known.push(next());
    return known[index]!;
  };
}

/** Marks of the candidate and of the set that is being drawn: shared by all draws of a population. */
interface Marks {
  /**
   * One bit per account: whether it may not be drawn, as one of `of`, or drawn already. Small enough for the cache, which
   * a draw at random else misses.
   */
  barred: Uint32Array;
  of: Int32Array;
  /** One bit per account: whether nobody else is of its organisation. Then its own bit says whether that was drawn. */
  alone: Uint32Array;
  /** Organisations of the set that is being drawn: an account of it has its own organisation marked. */
  org: Int32Array;
  round: number;
}

const marks = new WeakMap<FactColumns, Marks>();

function marksOf({ facts, size }: Population): Marks {
  let held = marks.get(facts);
  if (held === undefined) {
    // Organisations are numbered from 1, and there are at most as many as accounts.
    const org = new Int32Array(size + 1);
    const [barred, alone] = [new Uint32Array(Math.ceil(size / 32)), new Uint32Array(Math.ceil(size / 32))];
    for (const its of facts.org) org[its]!++;
    for (let account = 0; account < size; account++) if (org[facts.org[account]!] === 1) setBit(alone, account);
    held = { barred, of: new Int32Array(0), alone, org: org.fill(0), round: 0 };
    marks.set(facts, held);
  }
  return held;
}

function setBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5]! |= 1 << (at & 31);
}

function clearBit(bits: Uint32Array, at: number): void {
  bits[at >>> 5]! &= ~(1 << (at & 31));
}

function barMembers(held: Marks, members: Int32Array): void {
  if (held.of === members) return;
  for (const member of held.of) clearBit(held.barred, member);
  for (const member of members) setBit(held.barred, member);
  held.of = members;
}

function freshSets({ population, members, random }: CandidateView, strata: Strata): () => Int32Array {
  const held = marksOf(population);
  const { org } = population.facts;
  const sources = sourcesOf(strata, members, SPARE);
  const room = new Room(members.length);
  return () => {
    barMembers(held, members);
    const round = ++held.round;
    const { barred, alone, org: taken } = held;
    const drawn = room.next();
    let filled = 0;
    for (const { pool, count } of sources) {
      for (let left = count, tries = count * 20; left > 0 && tries > 0 && pool.length > 0; tries--) {
        const account = pool[random.below(pool.length)]!;
        const word = account >>> 5;
        const bit = 1 << (account & 31);
        if (barred[word]! & bit) continue;
        if ((alone[word]! & bit) === 0) {
          const its = org[account]!;
          if (taken[its] === round) continue;
          taken[its] = round;
        }
        barred[word]! |= bit;
        drawn[filled++] = account;
        left--;
      }
    }
    for (let i = 0; i < filled; i++) clearBit(barred, drawn[i]!);
    return filled === members.length ? drawn : drawn.subarray(0, filled);
  };
}

/** Room for the sets of a candidate, made for one stage at a time: an array of its own for each is most of what they cost. */
class Room {
  private readonly size: number;
  private stage = 0;
  private made = 0;
  private left = 0;
  private block = new Int32Array(0);

  constructor(size: number) {
    this.size = size;
  }

  next(): Int32Array {
    if (this.left === 0) {
      const last = STAGES[Math.min(this.stage++, STAGES.length - 1)]!.draws;
      this.left = Math.max(1, Math.min(MOST_AT_ONCE, last - this.made));
      this.block = new Int32Array(this.left * this.size);
      this.made += this.left;
    }
    const at = this.block.length - this.left-- * this.size;
    return this.block.subarray(at, at + this.size);
  }
}

/** Half a megabyte of the largest. */
const MOST_AT_ONCE = 256;

/** Accounts besides the candidate's that a stratum must have for each of its members there. */
const SPARE = 8;
/** The draws are more alike then, by sqrt(1 - 1 / 4), but of accounts as busy. */
const WIDER_SPARE = 3;

/** How many to draw from which accounts. */
interface Source {
  pool: Int32Array;
  count: number;
}

function sourcesOf({ pool, pools, everybody, wider }: Strata, members: Iterable<number>, spare: number): Source[] {
  return [...Map.groupBy(members, (member) => pool[member]!)].flatMap(([id, group]) => {
    const count = group.length;
    if (pools[id]!.length - count >= spare * count) return [{ pool: pools[id]!, count }];
    return wider === undefined ? [{ pool: everybody, count }] : sourcesOf(wider, group, WIDER_SPARE);
  });
}

/** At most `MAX_TESTED` members, evenly through the list (which is sorted by account, a fingerprint). */
export function testedMembers(members: Int32Array): Int32Array {
  if (members.length <= MAX_TESTED) return members;
  const step = members.length / MAX_TESTED;
  return Int32Array.from({ length: MAX_TESTED }, (_, i) => members[Math.floor(i * step)]!);
}
