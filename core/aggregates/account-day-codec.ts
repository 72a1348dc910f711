/**
 * The stored form of an account-day: at most 1,024 bytes, so that one write is one DynamoDB write unit.
 *
 * To stay within that for any volume, an account-day keeps fewer of its sets as its own exchange count grows. What is
 * kept depends on the count alone, and a merged day has at least the count of each part, so reducing before or after a
 * merge gives the same bytes: the laws of the aggregate hold for its stored form too.
 */
import {
  AccountDay,
  binsOf,
  COUNTERS,
  DISTINCT,
  exchangesOf,
  HISTOGRAM,
  MAX_BIN,
  type SampledExchange,
  SLOT_WORDS,
  VALUE_KINDS,
  VALUES,
} from './account-day.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** Layout version, the first byte. A reader refuses any other. */
export const ACCOUNT_DAY_LAYOUT = 1;
export const MAX_PACKED_BYTES = 1024;
const DAY_MS = 86_400_000;

/**
 * What a day of up to `exchanges` keeps: sampled exchanges; values per kind; powers of two by which the token grid (both
 * ways) and the topics and parameters are folded. Each limit is just below where the largest possible day of its tier,
 * every list full and every count at its longest, would pass MAX_PACKED_BYTES: a new counter lowers them all.
 */
export const TIERS = [
  { exchanges: 650, sample: 4, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 2_000, sample: 3, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 4_000, sample: 2, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 7_500, sample: 1, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 50_000, sample: 0, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 390_000, sample: 0, values: 4, gridFold: 1, fold: 0 },
  { exchanges: 4_000_000, sample: 0, values: 2, gridFold: 1, fold: 0 },
  { exchanges: Infinity, sample: 0, values: 1, gridFold: 1, fold: 2 },
] as const;

/** Drops what a day of this volume does not keep. Idempotent, and neutral under merging. */
export function reduceToTier(day: AccountDay): AccountDay {
  const tier = TIERS.find(({ exchanges }) => exchangesOf(day) <= exchanges)!;
  if (day.sample.length > tier.sample) day.sample.length = tier.sample;
  if (tier.gridFold > 0) foldBins(day, 'grid', (cell) => cell & 0b110_110);
  if (tier.fold > 0) {
    foldBins(day, 'topics', (topic) => topic & 0b001_111);
    foldBins(day, 'params', (tuple) => tuple & 0b00_111);
  }
  keepValues(day, tier.values);
  return day;
}

/** Moves every bin's count to the bin that stands for it. */
function foldBins(day: AccountDay, histogram: keyof typeof HISTOGRAM, standIn: (bin: number) => number): void {
  const bins = binsOf(day, histogram);
  for (let bin = 0; bin < bins.length; bin++) {
    const target = standIn(bin);
    if (target === bin) continue;
    bins[target] = Math.min(bins[target]! + bins[bin]!, MAX_BIN);
    bins[bin] = 0;
  }
}

function keepValues(day: AccountDay, kept: number): void {
  VALUE_KINDS.forEach((kind, index) => {
    const { at, k } = VALUES[kind];
    for (let i = at + kept; i < at + k; i++) {
      day.others[index]! += day.counts[i]!;
      day.keys[i] = Infinity;
      day.counts[i] = 0;
    }
  });
}

const writer = new ByteWriter();

/** Reduces the day to its tier and packs it. `dayNumber` is its UTC day since 1970. Throws for an empty day. */
export function packAccountDay(day: AccountDay, dayNumber: number): Uint8Array {
  if (exchangesOf(day) === 0) throw new RangeError('an account-day without an exchange has no stored form');
  writeAccountDay(writer, reduceToTier(day), dayNumber);
  return writer.take();
}

export function unpackAccountDay(packed: Uint8Array, dayNumber: number): AccountDay {
  return readAccountDay(new ByteReader(packed), dayNumber);
}

/** As packed, without the reduction: for roll-ups of several days, which have no size limit of one write unit. */
export function writeAccountDay(out: ByteWriter, day: AccountDay, dayNumber: number): void {
  out.byte(ACCOUNT_DAY_LAYOUT);
  writeSparse(out, day.counters, COUNTERS);
  out.varint(day.first - dayNumber * DAY_MS);
  out.varint(day.last - day.first);
  for (const { at, bins } of Object.values(HISTOGRAM)) writeSparse(out, day.bins.subarray(at, at + bins), bins);
  writeBits(out, day.slots);
  writeBits(out, day.throttledSlots);
  for (const { at, registers } of Object.values(DISTINCT)) writeRegisters(out, day, at, registers);
  writeValues(out, day);
  writeSample(out, day);
}

export function readAccountDay(reader: ByteReader, dayNumber: number): AccountDay {
  const layout = reader.byte();
  if (layout !== ACCOUNT_DAY_LAYOUT) {
    throw new RangeError(`account-day of layout ${layout}; this version reads ${ACCOUNT_DAY_LAYOUT}`);
  }
  const day = new AccountDay();
  readSparse(reader, day.counters, COUNTERS);
  day.first = reader.varint() + dayNumber * DAY_MS;
  day.last = reader.varint() + day.first;
  for (const { at, bins } of Object.values(HISTOGRAM)) readSparse(reader, day.bins.subarray(at, at + bins), bins);
  readBits(reader, day.slots);
  readBits(reader, day.throttledSlots);
  for (const { at, registers } of Object.values(DISTINCT)) readRegisters(reader, day, at, registers);
  readValues(reader, day);
  readSample(reader, day);
  return day;
}

/** A presence bit per position, then the non-zero numbers. */
export function writeSparse(out: ByteWriter, numbers: ArrayLike<number>, length: number): void {
  for (let from = 0; from < length; from += 8) {
    let mask = 0;
    for (let i = from; i < Math.min(from + 8, length); i++) if (numbers[i] !== 0) mask |= 1 << (i - from);
    out.byte(mask);
  }
  for (let i = 0; i < length; i++) if (numbers[i] !== 0) out.varint(numbers[i]!);
}

export function readSparse(input: ByteReader, numbers: { [index: number]: number }, length: number): void {
  const masks = input.raw(Math.ceil(length / 8));
  for (let i = 0; i < length; i++) numbers[i] = masks[i >> 3]! & (1 << (i & 7)) ? input.varint() : 0;
}

/** Sparse while few bits are set: their count and positions (two bytes each); else all 36 bytes. */
function writeBits(out: ByteWriter, words: Uint32Array): void {
  const set: number[] = [];
  for (let i = 0; i < SLOT_WORDS * 32; i++) if (words[i >> 5]! & (1 << (i & 31))) set.push(i);
  if (set.length * 2 < SLOT_WORDS * 4) {
    out.byte(set.length);
    for (const position of set) out.fixed(position, 2);
  } else {
    out.byte(255);
    for (const word of words) out.fixed(word, 4);
  }
}

function readBits(input: ByteReader, words: Uint32Array): void {
  const many = input.byte();
  if (many === 255) {
    for (let i = 0; i < SLOT_WORDS; i++) words[i] = input.fixed(4);
    return;
  }
  for (let i = 0; i < many; i++) {
    const position = input.fixed(2);
    words[position >> 5]! |= 1 << (position & 31);
  }
}

/** Registers hold at most 27: five bits each, or a list of (index, value) while few are set. */
function writeRegisters(out: ByteWriter, day: AccountDay, at: number, length: number): void {
  let set = 0;
  for (let i = at; i < at + length; i++) if (day.registers[i] !== 0) set++;
  if (set * 2 < (length * 5) / 8) {
    out.byte(set);
    for (let i = 0; i < length; i++) if (day.registers[at + i] !== 0) out.fixed(i * 256 + day.registers[at + i]!, 2);
    return;
  }
  out.byte(255);
  for (let i = 0; i < length; i += 8) {
    let held = 0;
    for (let j = 7; j >= 0; j--) held = held * 32 + day.registers[at + i + j]!;
    out.fixed(held, 5);
  }
}

function readRegisters(input: ByteReader, day: AccountDay, at: number, length: number): void {
  const set = input.byte();
  if (set !== 255) {
    for (let i = 0; i < set; i++) {
      const entry = input.fixed(2);
      day.registers[at + Math.floor(entry / 256)] = entry % 256;
    }
    return;
  }
  for (let i = 0; i < length; i += 8) {
    let held = input.fixed(5);
    for (let j = 0; j < 8; j++, held = Math.floor(held / 32)) day.registers[at + i + j] = held % 32;
  }
}

function writeValues(out: ByteWriter, day: AccountDay): void {
  VALUE_KINDS.forEach((kind, index) => {
    const { at, k, bytes } = VALUES[kind];
    let held = 0;
    while (held < k && day.keys[at + held] !== Infinity) held++;
    out.byte(held * 2 + (day.others[index] === 0 ? 0 : 1));
    for (let i = at; i < at + held; i++) {
      out.fixed(day.keys[i]!, bytes);
      out.varint(day.counts[i]!);
    }
    if (day.others[index] !== 0) out.varint(day.others[index]!);
  });
}

function readValues(input: ByteReader, day: AccountDay): void {
  VALUE_KINDS.forEach((kind, index) => {
    const { at, bytes } = VALUES[kind];
    const head = input.byte();
    for (let i = at; i < at + (head >> 1); i++) {
      day.keys[i] = input.fixed(bytes);
      day.counts[i] = input.varint();
    }
    if (head & 1) day.others[index] = input.varint();
  });
}

const REFERENCES = ['system', 'template', 'contract'] as const;
const ABSENT = 15;
const SPELLED = 14;

/** A sampled value is mostly one of the day's own values: then its place in that list is enough. */
function writeSample(out: ByteWriter, day: AccountDay): void {
  out.byte(day.sample.length);
  for (const exchange of day.sample) {
    const places = REFERENCES.map((kind) => placeOf(day, kind, exchange[kind]));
    out.fixed(exchange.rank, 6);
    out.byte(places[0]! * 16 + places[1]!);
    out.byte(places[2]! * 16 + (exchange.sketch ? 1 : 0));
    if (exchange.sketch) out.raw(exchange.sketch);
    REFERENCES.forEach((kind, i) => {
      if (places[i] === SPELLED) out.fixed(exchange[kind], 6);
    });
  }
}

function placeOf(day: AccountDay, kind: (typeof REFERENCES)[number], value: number): number {
  if (value === 0) return ABSENT;
  const { at, k } = VALUES[kind];
  const place = day.keys.subarray(at, at + k).indexOf(value);
  return place < 0 ? SPELLED : place;
}

function readSample(input: ByteReader, day: AccountDay): void {
  const length = input.byte();
  for (let i = 0; i < length; i++) {
    const rank = input.fixed(6);
    const high = input.byte();
    const low = input.byte();
    const sketch = low & 1 ? input.raw(32) : undefined;
    const places = [high >> 4, high & 15, low >> 4];
    const values = REFERENCES.map((kind, j) => valueAt(input, day, kind, places[j]!));
    day.sample.push({
      rank,
      sketch,
      system: values[0]!,
      template: values[1]!,
      contract: values[2]!,
    } satisfies SampledExchange);
  }
}

function valueAt(input: ByteReader, day: AccountDay, kind: (typeof REFERENCES)[number], place: number): number {
  if (place === ABSENT) return 0;
  return place === SPELLED ? input.fixed(6) : day.keys[VALUES[kind].at + place]!;
}
