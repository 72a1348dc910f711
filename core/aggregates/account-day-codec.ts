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
  markThrottled,
  mergeInto,
  REGISTERS,
  type SampledExchange,
  SLOT_WORDS,
  VALUE_LISTS,
  VALUES,
} from './account-day.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { keepLowest, type Sightings } from './sightings.ts';

/** Layout version, the first byte. Layout 1 is read too: its bins took whole bytes, and it had no sightings. */
export const ACCOUNT_DAY_LAYOUT = 2;
const FIRST_LAYOUT = 1;
export const MAX_PACKED_BYTES = 1024;
const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
const HISTOGRAMS = Object.values(HISTOGRAM);
const SKETCHES = Object.values(DISTINCT);

/**
 * What a day of up to `exchanges` keeps: sampled exchanges; sightings a list; values per kind; powers of two by which the
 * token grid (both ways) and the topics and parameters are folded. Each limit is just below where the largest possible
 * day of its tier, every list full and every count at its longest, would pass MAX_PACKED_BYTES: a new counter lowers
 * them all.
 */
export const TIERS = [
  { exchanges: 127, sample: 4, sightings: 8, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 260, sample: 3, sightings: 8, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 400, sample: 3, sightings: 6, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 960, sample: 2, sightings: 6, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 2_000, sample: 2, sightings: 4, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 6_300, sample: 1, sightings: 4, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 17_000, sample: 0, sightings: 4, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 27_500, sample: 0, sightings: 2, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 49_000, sample: 0, sightings: 0, values: 6, gridFold: 0, fold: 0 },
  { exchanges: 390_000, sample: 0, sightings: 0, values: 4, gridFold: 1, fold: 0 },
  { exchanges: 2_100_000, sample: 0, sightings: 0, values: 2, gridFold: 1, fold: 0 },
  { exchanges: Infinity, sample: 0, sightings: 0, values: 1, gridFold: 1, fold: 2 },
] as const;

/** Drops what a day of this volume does not keep. Idempotent, and neutral under merging. */
export function reduceToTier(day: AccountDay): AccountDay {
  const tier = TIERS.find(({ exchanges }) => exchangesOf(day) <= exchanges)!;
  if (day.sample.length > tier.sample) day.sample.length = tier.sample;
  keepLowest(day.minted, tier.sightings);
  keepLowest(day.presented, tier.sightings);
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
  for (const { index, at, k } of VALUE_LISTS) {
    for (let i = at + kept; i < at + k; i++) {
      day.others[index]! += day.counts[i]!;
      day.keys[i] = Infinity;
      day.counts[i] = 0;
    }
  }
}

const writer = new ByteWriter();

/** Reduces the day to its tier and packs it. `dayNumber` is its UTC day since 1970. Throws for an empty day. */
export function packAccountDay(day: AccountDay, dayNumber: number): Uint8Array {
  return viewOfPacked(day, dayNumber).slice();
}

/** As `packAccountDay`, but a view that is good until the next day is packed. */
export function viewOfPacked(day: AccountDay, dayNumber: number): Uint8Array {
  if (exchangesOf(day) === 0) throw new RangeError('an account-day without an exchange has no stored form');
  writeAccountDay(writer, reduceToTier(day), dayNumber);
  return writer.view();
}

/** Into `day`, whatever it held before; for a pass over many days it may be one and the same. */
export function unpackAccountDay(packed: Uint8Array, dayNumber: number, day = new AccountDay()): AccountDay {
  day.reset();
  readAccountDay(new ByteReader(packed), dayNumber, day);
  return day;
}

/** Both parts of one account-day, packed, as one. */
export function mergePacked(a: Uint8Array, b: Uint8Array, dayNumber: number): Uint8Array {
  return packAccountDay(mergeInto(unpackAccountDay(a, dayNumber), unpackAccountDay(b, dayNumber)), dayNumber);
}

function writeAccountDay(out: ByteWriter, day: AccountDay, dayNumber: number): void {
  out.byte(ACCOUNT_DAY_LAYOUT);
  writeBody(out, day, dayNumber);
  writeSample(out, day, day.sample);
  const { minted, presented } = day;
  out.byte(minted.hashes.length * 16 + presented.hashes.length);
  writeSightings(out, minted, dayNumber);
  writeSightings(out, presented, dayNumber);
}

function readAccountDay(input: ByteReader, dayNumber: number, day: AccountDay): void {
  const layout = input.byte();
  if (layout !== ACCOUNT_DAY_LAYOUT && layout !== FIRST_LAYOUT) {
    throw new RangeError(`account-day of layout ${layout}; this version reads up to ${ACCOUNT_DAY_LAYOUT}`);
  }
  readBody(input, day, dayNumber, layout);
  readSample(input, day, day.sample);
  if (layout === FIRST_LAYOUT) return;
  const held = input.byte();
  readSightings(input, day.minted, held >> 4, dayNumber);
  readSightings(input, day.presented, held & 15, dayNumber);
}

/** All but the sample and the sightings, of which a roll-up holds its own. No size limit applies. */
export function writeBody(out: ByteWriter, day: AccountDay, dayNumber: number): void {
  out.sparse(day.counters, 0, COUNTERS);
  out.varint(day.first - dayNumber * DAY_MS);
  out.varint(day.last - day.first);
  for (const { at, bins } of HISTOGRAMS) out.sparseSmall(day.bins, at, bins);
  writeBits(out, day.slots);
  writeBits(out, day.throttledSlots);
  for (const { at, registers } of SKETCHES) writeRegisters(out, day, at, registers);
  writeValues(out, day);
}

/** Into a day that holds nothing. */
export function readBody(input: ByteReader, day: AccountDay, dayNumber: number, layout = ACCOUNT_DAY_LAYOUT): void {
  input.sparse(day.counters, 0, COUNTERS);
  day.first = input.varint() + dayNumber * DAY_MS;
  day.last = input.varint() + day.first;
  for (const { at, bins } of HISTOGRAMS) {
    if (layout === FIRST_LAYOUT) input.sparse(day.bins, at, bins);
    else input.sparseSmall(day.bins, at, bins);
  }
  readBits(input, (word, bits) => {
    day.slots[word]! |= bits;
  });
  readBits(input, (word, bits) => markThrottled(day, word, bits));
  for (const { at, registers } of SKETCHES) readRegisters(input, day.registers, at, registers);
  readValues(input, day);
}

/** Sparse while few bits are set: their count and positions (two bytes each); else all 36 bytes. */
function writeBits(out: ByteWriter, words: Uint32Array): void {
  let set = 0;
  for (let word = 0; word < SLOT_WORDS; word++) for (let left = words[word]!; left !== 0; left &= left - 1) set++;
  if (set * 2 >= SLOT_WORDS * 4) {
    out.byte(255);
    for (const word of words) out.fixed(word, 4);
    return;
  }
  out.byte(set);
  for (let word = 0; word < SLOT_WORDS; word++) {
    for (let left = words[word]!; left !== 0; left &= left - 1) out.fixed(word * 32 + 31 - Math.clz32(left & -left), 2);
  }
}

function readBits(input: ByteReader, mark: (word: number, bits: number) => void): void {
  const many = input.byte();
  if (many === 255) {
    for (let i = 0; i < SLOT_WORDS; i++) mark(i, input.fixed(4));
    return;
  }
  for (let i = 0; i < many; i++) {
    const position = input.fixed(2);
    mark(position >> 5, 1 << (position & 31));
  }
}

/** Of the registers at hand: those that are not 0. */
const places = new Uint8Array(REGISTERS);

/** Registers hold at most 27: five bits each, or a list of (value, index) while few are set. */
function writeRegisters(out: ByteWriter, { registers }: AccountDay, at: number, length: number): void {
  let set = 0;
  for (let i = 0; i < length; i++) if (registers[at + i] !== 0) places[set++] = i;
  if (set * 2 < (length * 5) / 8) {
    out.byte(set);
    for (let i = 0; i < set; i++) {
      out.byte(registers[at + places[i]!]!);
      out.byte(places[i]!);
    }
    return;
  }
  out.byte(255);
  for (let i = at; i < at + length; i += 8) {
    let low = 0;
    for (let j = 0; j < 5; j++) low |= registers[i + j]! << (5 * j);
    let high = low >> 24;
    for (let j = 5; j < 8; j++) high |= registers[i + j]! << (5 * j - 24);
    out.fixed(low, 3);
    out.fixed(high, 2);
  }
}

function readRegisters(input: ByteReader, registers: Uint8Array, at: number, length: number): void {
  const set = input.byte();
  if (set !== 255) {
    for (let i = 0; i < set; i++) {
      const value = input.byte();
      registers[at + input.byte()] = value;
    }
    return;
  }
  for (let i = 0; i < length; i += 8) {
    const low = input.fixed(3);
    const high = input.fixed(2);
    const held = [low, low >> 5, low >> 10, low >> 15, (low >> 20) | (high << 4), high >> 1, high >> 6, high >> 11];
    for (let j = 0; j < 8; j++) registers[at + i + j] = held[j]! & 31;
  }
}

function writeValues(out: ByteWriter, day: AccountDay): void {
  for (const { index, at, k, bytes } of VALUE_LISTS) {
    let held = 0;
    while (held < k && day.keys[at + held] !== Infinity) held++;
    out.byte(held * 2 + (day.others[index] === 0 ? 0 : 1));
    for (let i = at; i < at + held; i++) {
      if (bytes === 6) out.fixed48(day.keys[i]!);
      else out.fixed(day.keys[i]!, bytes);
      out.varint(day.counts[i]!);
    }
    if (day.others[index] !== 0) out.varint(day.others[index]!);
  }
}

function readValues(input: ByteReader, day: AccountDay): void {
  for (const { index, at, bytes } of VALUE_LISTS) {
    const head = input.byte();
    for (let i = at; i < at + (head >> 1); i++) {
      day.keys[i] = bytes === 6 ? input.fixed48() : input.fixed(bytes);
      day.counts[i] = input.varint();
    }
    if (head & 1) day.others[index] = input.varint();
  }
}

const REFERENCES = ['system', 'template', 'contract'] as const;
const ABSENT = 15;
const SPELLED = 14;

/** A sampled value is mostly one of the day's own values: then its place in that list is enough. */
export function writeSample(out: ByteWriter, day: AccountDay, sample: readonly SampledExchange[]): void {
  out.byte(sample.length);
  for (const exchange of sample) {
    const places = REFERENCES.map((kind) => placeOf(day, kind, exchange[kind]));
    out.fixed48(exchange.rank);
    out.byte(places[0]! * 16 + places[1]!);
    out.byte(places[2]! * 16 + (exchange.sketch ? 1 : 0));
    if (exchange.sketch) out.raw(exchange.sketch);
    REFERENCES.forEach((kind, i) => {
      if (places[i] === SPELLED) out.fixed48(exchange[kind]);
    });
  }
}

function placeOf(day: AccountDay, kind: (typeof REFERENCES)[number], value: number): number {
  if (value === 0) return ABSENT;
  const { at, k } = VALUES[kind];
  const place = day.keys.subarray(at, at + k).indexOf(value);
  return place < 0 ? SPELLED : place;
}

export function readSample(input: ByteReader, day: AccountDay, sample: SampledExchange[]): void {
  for (let left = input.byte(); left > 0; left--) {
    const rank = input.fixed48();
    const high = input.byte();
    const low = input.byte();
    const sketch = low & 1 ? input.raw(32) : undefined;
    const system = valueAt(input, day, 'system', high >> 4);
    const template = valueAt(input, day, 'template', high & 15);
    const contract = valueAt(input, day, 'contract', low >> 4);
    sample.push({ rank, sketch, system, template, contract });
  }
}

function valueAt(input: ByteReader, day: AccountDay, kind: (typeof REFERENCES)[number], place: number): number {
  if (place === ABSENT) return 0;
  return place === SPELLED ? input.fixed48() : day.keys[VALUES[kind].at + place]!;
}

/** Hashes of 6 bytes and the seconds since `dayNumber` began: at most 3 bytes within the day. */
export function writeSightings(out: ByteWriter, { hashes, times }: Sightings, dayNumber: number): void {
  for (let i = 0; i < hashes.length; i++) {
    out.fixed48(hashes[i]!);
    out.varint(times[i]! / 1000 - dayNumber * DAY_SECONDS);
  }
}

export function readSightings(input: ByteReader, into: Sightings, count: number, dayNumber: number): void {
  const { hashes, times } = into;
  for (let left = count; left > 0; left--) {
    hashes.push(input.fixed48());
    times.push((input.varint() + dayNumber * DAY_SECONDS) * 1000);
  }
}
