/**
 * The account-day: all that is kept of one account's exchanges on one UTC day.
 *
 * Laws (property-tested): the same exchanges give the same aggregate in any order; merging is associative and
 * commutative; every part is an exact integer, so nothing rounds. Sets (`slots`, `registers`, `sample`,
 * `minted`, `presented`) do not change when an exchange is added again, counts do: the writer applies each (account, id) once.
 */
import { FLAGS, NETWORK_KINDS, STATUSES, TASKS } from '../records/format.ts';
import { keepLowest, mergeSightings, noSightings, type Sightings } from './sightings.ts';

/** Positions in `counters`. Status `ok` is the rest of `exchanges`. */
export const COUNTER = {
  exchanges: 0,
  error: 1,
  throttled: 2,
  refused: 3,
  blocked: 4,
  inputTokens: 5,
  outputTokens: 6,
  reasoningTokens: 7,
  cacheReadTokens: 8,
  /** Milliseconds, rounded per exchange. */
  latency: 9,
  stream: 10,
  tools: 11,
  flags: 12,
  anyFlag: 12 + FLAGS.length,
  minted: 13 + FLAGS.length,
  presented: 14 + FLAGS.length,
  /** One per kind of network. For the checks of innocent causes only; no detector reads them. */
  networks: 15 + FLAGS.length,
} as const;
export const COUNTERS = 15 + FLAGS.length + NETWORK_KINDS.length;
/** Sums stop here. One record may claim 2^53 - 1 tokens; past that, doubles round and the order of adding would show. */
export const MAX_COUNTER = Number.MAX_SAFE_INTEGER;

/** Histograms of counts, side by side in `bins`: where each begins and how many bins it has. */
export const HISTOGRAM = {
  hours: { at: 0, bins: 24 },
  tasks: { at: 24, bins: TASKS.length },
  topics: { at: 24 + TASKS.length, bins: 64 },
  /** Input tokens cut at 64 x 4^i, output tokens at 16 x 4^i: 8 rows of input by 8 columns of output. */
  grid: { at: 88 + TASKS.length, bins: 64 },
  /** (maxTokens octave, temperature in tenths, tools, stream) hashed to 32 bins. */
  params: { at: 152 + TASKS.length, bins: 32 },
} as const;
export const BINS = 184 + TASKS.length;
/** A bin stops here: 32 bits. */
export const MAX_BIN = 4_294_967_295;

/** Values of lowest hash with exact counts: place in `others`, where its list begins, K, and bytes of a stored key. */
export const VALUES = {
  ip: { index: 0, at: 0, k: 2, bytes: 6 },
  subnet: { index: 1, at: 2, k: 3, bytes: 6 },
  asn: { index: 2, at: 5, k: 3, bytes: 4 },
  client: { index: 3, at: 8, k: 3, bytes: 6 },
  system: { index: 4, at: 11, k: 3, bytes: 6 },
  template: { index: 5, at: 14, k: 4, bytes: 6 },
  contract: { index: 6, at: 18, k: 3, bytes: 6 },
  model: { index: 7, at: 21, k: 4, bytes: 4 },
  language: { index: 8, at: 25, k: 6, bytes: 2 },
} as const;
export type ValueKind = keyof typeof VALUES;
export const VALUE_KINDS = Object.keys(VALUES) as ValueKind[];
export type ValueList = (typeof VALUES)[ValueKind];
export const VALUE_LISTS: readonly ValueList[] = Object.values(VALUES);
export const VALUE_SLOTS = 31;

/** HyperLogLog registers (Flajolet et al., AofA 2007): 64 give a standard error of 13.0 %, 32 of 18.4 %. */
export const DISTINCT = {
  ip: { at: 0, registers: 64 },
  template: { at: 64, registers: 64 },
  session: { at: 128, registers: 32 },
  system: { at: 160, registers: 32 },
  client: { at: 192, registers: 32 },
} as const;
export type DistinctKind = keyof typeof DISTINCT;
export type Registers = (typeof DISTINCT)[DistinctKind];
export const REGISTERS = 224;

/** 5-minute slots of a day, as bits in words. */
export const SLOT_WORDS = 9;
export const SAMPLE_SIZE = 4;
/** Fingerprints kept of those given out, and of those handed in. */
export const SIGHTINGS = 8;

/** One of the exchanges of lowest hash(account, id): an unbiased sample that any two parts agree on. */
export interface SampledExchange {
  rank: number;
  /** 32 bytes, or undefined where the prompt had none. */
  sketch: Uint8Array | undefined;
  /** 48-bit hashes; 0 for absent. */
  system: number;
  template: number;
  contract: number;
}

/** Bytes of the typed arrays of an account-day, side by side in one buffer, those of 8 bytes an element first. */
const FLOATS = COUNTERS + 2 * VALUE_SLOTS + VALUE_KINDS.length;
const WORDS = BINS + SLOT_WORDS;
const NO_SLOTS = new Uint32Array(SLOT_WORDS);

export class AccountDay {
  readonly counters: Float64Array;
  readonly bins: Uint32Array;
  readonly slots: Uint32Array;
  /** Shared by all days without a throttled exchange: written by `markThrottled` alone. */
  throttledSlots = NO_SLOTS;
  readonly registers: Uint8Array;
  /** Ascending within each kind; empty slots hold Infinity. */
  readonly keys: Float64Array;
  readonly counts: Float64Array;
  /** Per kind: exchanges whose value is not among the K lowest. */
  readonly others: Float64Array;
  /** Ascending by rank. */
  readonly sample: SampledExchange[] = [];
  readonly minted: Sightings = noSightings();
  readonly presented: Sightings = noSightings();
  /** First and last exchange, ms since 1970. */
  first = Infinity;
  last = -Infinity;

  constructor() {
    // An array with a buffer of its own takes some 200 bytes more than its elements, and there are millions of days.
    const buffer = new ArrayBuffer(8 * FLOATS + 4 * WORDS + REGISTERS);
    this.counters = new Float64Array(buffer, 0, COUNTERS);
    this.keys = new Float64Array(buffer, 8 * COUNTERS, VALUE_SLOTS).fill(Infinity);
    this.counts = new Float64Array(buffer, 8 * (COUNTERS + VALUE_SLOTS), VALUE_SLOTS);
    this.others = new Float64Array(buffer, 8 * (COUNTERS + 2 * VALUE_SLOTS), VALUE_KINDS.length);
    this.bins = new Uint32Array(buffer, 8 * FLOATS, BINS);
    this.slots = new Uint32Array(buffer, 8 * FLOATS + 4 * BINS, SLOT_WORDS);
    this.registers = new Uint8Array(buffer, 8 * FLOATS + 4 * WORDS, REGISTERS);
  }

  /** Empty again, with the memory it has. */
  reset(): void {
    new Uint8Array(this.counters.buffer).fill(0);
    this.keys.fill(Infinity);
    this.throttledSlots = NO_SLOTS;
    this.sample.length = 0;
    keepLowest(this.minted, 0);
    keepLowest(this.presented, 0);
    this.first = Infinity;
    this.last = -Infinity;
  }
}

/** Sets the bits of one word of `throttledSlots`. */
export function markThrottled(day: AccountDay, word: number, bits: number): void {
  if (bits === 0) return;
  if (day.throttledSlots === NO_SLOTS) day.throttledSlots = new Uint32Array(SLOT_WORDS);
  day.throttledSlots[word]! |= bits;
}

/** Adds `b` into `a` and returns `a`. */
export function mergeInto(a: AccountDay, b: AccountDay): AccountDay {
  addAll(a.counters, b.counters, MAX_COUNTER);
  addAll(a.bins, b.bins, MAX_BIN);
  for (let i = 0; i < SLOT_WORDS; i++) {
    a.slots[i]! |= b.slots[i]!;
    markThrottled(a, i, b.throttledSlots[i]!);
  }
  for (let i = 0; i < REGISTERS; i++) if (b.registers[i]! > a.registers[i]!) a.registers[i] = b.registers[i]!;
  for (const list of VALUE_LISTS) {
    const { index, at, k } = list;
    for (let i = at; i < at + k; i++) if (b.keys[i]! !== Infinity) addValue(a, list, b.keys[i]!, b.counts[i]!);
    a.others[index]! += b.others[index]!;
  }
  for (const exchange of b.sample) addSample(a, exchange);
  mergeSightings(a.minted, b.minted, SIGHTINGS);
  mergeSightings(a.presented, b.presented, SIGHTINGS);
  if (b.first < a.first) a.first = b.first;
  if (b.last > a.last) a.last = b.last;
  return a;
}

function addAll(a: Float64Array | Uint32Array, b: Float64Array | Uint32Array, limit: number): void {
  for (let i = 0; i < a.length; i++) a[i] = Math.min(a[i]! + b[i]!, limit);
}

/**
 * Counts `count` exchanges of a value. A value among the K lowest of all was never pushed out, so its count is exact;
 * one that is pushed out can never come back, so its count moves to `others`.
 */
export function addValue(day: AccountDay, { index, at, k }: ValueList, key: number, count = 1): void {
  const end = at + k;
  let i = at;
  while (i < end && day.keys[i]! < key) i++;
  if (i === end) {
    day.others[index]! += count;
  } else if (day.keys[i] === key) {
    day.counts[i]! += count;
  } else {
    if (day.keys[end - 1] !== Infinity) day.others[index]! += day.counts[end - 1]!;
    day.keys.copyWithin(i + 1, i, end - 1);
    day.counts.copyWithin(i + 1, i, end - 1);
    day.keys[i] = key;
    day.counts[i] = count;
  }
}

/** Keeps the exchange if it is among the `most` of lowest rank; the same rank is the same exchange. */
export function addSample(
  { sample }: { readonly sample: SampledExchange[] },
  exchange: SampledExchange,
  most = SAMPLE_SIZE,
): void {
  let i = sample.length;
  while (i > 0 && sample[i - 1]!.rank > exchange.rank) i--;
  if (i > 0 && sample[i - 1]!.rank === exchange.rank) return;
  if (i === most) return;
  sample.splice(i, 0, exchange);
  if (sample.length > most) sample.pop();
}

export function exchangesOf(day: AccountDay): number {
  return day.counters[COUNTER.exchanges]!;
}

/** Exchanges with status `ok`. */
export function okExchanges(day: AccountDay): number {
  let rest = exchangesOf(day);
  for (let i = 1; i < STATUSES.length; i++) rest -= day.counters[i]!;
  return rest;
}

/** 2^-i. */
const HALVES = Float64Array.from({ length: 64 }, (_, i) => 2 ** -i);

/** Distinct values by HyperLogLog with linear counting for the low range. */
export function distinct(day: AccountDay, kind: DistinctKind): number {
  const { at, registers } = DISTINCT[kind];
  let sum = 0;
  let empty = 0;
  for (let i = at; i < at + registers; i++) {
    const value = day.registers[i]!;
    if (value === 0) empty++;
    else sum += HALVES[value]!;
  }
  if (empty === registers) return 0;
  sum += empty;
  const alpha = registers === 64 ? 0.709 : 0.697;
  const raw = (alpha * registers * registers) / sum;
  return raw <= 2.5 * registers && empty > 0 ? registers * Math.log(registers / empty) : raw;
}

export function binsOf(day: AccountDay, histogram: keyof typeof HISTOGRAM): Uint32Array {
  const { at, bins } = HISTOGRAM[histogram];
  return day.bins.subarray(at, at + bins);
}

/** Calls for each value of a kind, lowest hash first: no list is made. */
export function eachValue(day: AccountDay, kind: ValueKind, call: (key: number, count: number) => void): void {
  const { at, k } = VALUES[kind];
  for (let i = at; i < at + k && day.keys[i] !== Infinity; i++) call(day.keys[i]!, day.counts[i]!);
}

/** The values of a kind with their counts, lowest hash first. */
export function valuesOf(day: AccountDay, kind: ValueKind): { key: number; count: number }[] {
  const { at, k } = VALUES[kind];
  const found: { key: number; count: number }[] = [];
  for (let i = at; i < at + k && day.keys[i] !== Infinity; i++)
    found.push({ key: day.keys[i]!, count: day.counts[i]! });
  return found;
}
