/**
 * Families of near-copies among sampled prompts, by MinHash sketches (Broder, 1997; b-bit form: Li & Koenig, WWW 2010).
 *
 * Leader clustering: a sketch joins the first leader with which it agrees in enough slots, else it leads a new family.
 * Members are compared with the leader only, so families do not drift by chains. Order is by rank, a hash, so the
 * result does not depend on the order of accounts. Time is linear: a sketch meets at most 24 leaders in each of 8 bands.
 */
import { ascendingOrder, sortPairs } from './radix.ts';

const SLOTS = 32;
const BANDS = 8;
/** A band is one word of 4 slots. */
const WORDS = SLOTS / 4;
/** Of 32 slots: Jaccard similarity of about 0.53. */
const EQUAL_SLOTS = 17;
/** Leaders compared per band key; a key shared by more is boilerplate. */
const MAX_LEADERS = 24;

export interface SketchColumns {
  /** Account of each sketch: the result is in the same order. */
  account: Int32Array;
  /** Non-negative integers below 2^53. */
  rank: Float64Array;
  /** 32 per sketch. */
  bytes: Uint8Array;
}

/** For each sketch the rank of its family's leader. */
export function sketchFamilies({ rank, bytes }: SketchColumns): Float64Array {
  const words = wordsOf(bytes);
  const buckets = bandBuckets(words, rank.length);
  const family = new Float64Array(rank.length);
  for (const sketch of byRank(rank, bytes)) {
    const leader = firstLeader(words, buckets, sketch);
    if (leader === -1) lead(buckets, sketch);
    family[sketch] = rank[leader === -1 ? sketch : leader]!;
  }
  return family;
}

/** Sketches by rank; those of one rank by their bytes, so that the order of input never shows. */
function byRank(rank: Float64Array, bytes: Uint8Array): Uint32Array {
  const order = ascendingOrder(rank);
  for (let from = 0, to = 1; from < order.length; from = to++) {
    while (to < order.length && rank[order[to]!] === rank[order[from]!]) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => compareBytes(bytes, a, b));
  }
  return order;
}

function compareBytes(bytes: Uint8Array, a: number, b: number): number {
  for (let slot = 0; slot < SLOTS; slot++) {
    const difference = bytes[a * SLOTS + slot]! - bytes[b * SLOTS + slot]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Four slots to a word, in the machine's order: words are only ever compared for equality. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

interface Buckets {
  /** By sketch, then band: where the bucket of its key begins in the band's list; -1 for a key that no other has. */
  start: Int32Array;
  /** By band: for each bucket its count of leaders so far, then room for them. */
  lists: Int32Array[];
}

function bandBuckets(words: Int32Array, size: number): Buckets {
  const start = new Int32Array(size * BANDS).fill(-1);
  const keys = new Uint32Array(size);
  const sketches = new Uint32Array(size);
  const lists: Int32Array[] = [];
  for (let band = 0; band < BANDS; band++) {
    for (let i = 0; i < size; i++) {
      keys[i] = words[i * WORDS + band]!;
      sketches[i] = i;
    }
    sortPairs(keys, sketches);
    lists.push(new Int32Array(placeBuckets(keys, sketches, band, start)));
  }
  return { start, lists };
}

/** Notes where the bucket of each shared key begins; returns the length of the band's list. */
function placeBuckets(keys: Uint32Array, sketches: Uint32Array, band: number, start: Int32Array): number {
  let length = 0;
  for (let from = 0, to = 1; from < keys.length; from = to++) {
    while (to < keys.length && keys[to] === keys[from]) to++;
    if (to - from === 1) continue;
    for (let i = from; i < to; i++) start[sketches[i]! * BANDS + band] = length;
    length += 1 + Math.min(to - from, MAX_LEADERS);
  }
  return length;
}

/** The first leader, band by band, that agrees with the sketch in enough slots; -1 where there is none. */
function firstLeader(words: Int32Array, { start, lists }: Buckets, sketch: number): number {
  for (let band = 0; band < BANDS; band++) {
    const bucket = start[sketch * BANDS + band]!;
    if (bucket === -1) continue;
    const list = lists[band]!;
    const end = bucket + list[bucket]!;
    for (let at = bucket + 1; at <= end; at++) {
      if (equalInWords(words, list[at]! * WORDS, sketch * WORDS) >= EQUAL_SLOTS) return list[at]!;
    }
  }
  return -1;
}

function lead({ start, lists }: Buckets, sketch: number): void {
  for (let band = 0; band < BANDS; band++) {
    const bucket = start[sketch * BANDS + band]!;
    if (bucket === -1) continue;
    const list = lists[band]!;
    if (list[bucket]! >= MAX_LEADERS) continue;
    list[bucket]!++;
    list[bucket + list[bucket]!] = sketch;
  }
}

/** Slots in which two sketches agree; eight words of at most one per byte cannot overflow a byte. */
function equalInWords(words: Int32Array, a: number, b: number): number {
  const sums =
    equalBytes(words[a]! ^ words[b]!) +
    equalBytes(words[a + 1]! ^ words[b + 1]!) +
    equalBytes(words[a + 2]! ^ words[b + 2]!) +
    equalBytes(words[a + 3]! ^ words[b + 3]!) +
    equalBytes(words[a + 4]! ^ words[b + 4]!) +
    equalBytes(words[a + 5]! ^ words[b + 5]!) +
    equalBytes(words[a + 6]! ^ words[b + 6]!) +
    equalBytes(words[a + 7]! ^ words[b + 7]!);
  return Math.imul(sums, 0x01010101) >>> 24;
}

/** 1 in each byte of a word that is zero (Warren, Hacker's Delight, 2012, section 6-1). */
function equalBytes(difference: number): number {
  return ~(((difference & 0x7f7f7f7f) + 0x7f7f7f7f) | 0 | difference | 0x7f7f7f7f) >>> 7;
}

/** Slots of 32 in which two sketches agree. */
export function equalSlots(a: Uint8Array, b: Uint8Array): number {
  let equal = 0;
  for (let i = 0; i < SLOTS; i++) if (a[i] === b[i]) equal++;
  return equal;
}
