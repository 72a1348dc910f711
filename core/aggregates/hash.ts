/**
 * One hash for every text that enters an aggregate. It is deterministic, so equal texts are equal everywhere and the
 * K lowest of a set are the same in any order; fingerprints are keyed already, so the hash itself needs no key.
 */

const WORD = 4_294_967_296;
export const LOW_SEED = 0x9e3779b1;
export const HIGH_SEED = 0x85ebca77;
export const LOW_STEP = 0xcc9e2d51;
export const HIGH_STEP = 0x1b873593;

/** The two 32-bit lanes of the latest `hashText`: read at once, never kept. */
export const lanes = { low: 0, high: 0 };

/** Two independent multiplicative lanes with a murmur3 finaliser (Appleby, 2011); `seed` is a prefix or another hash. */
export function hashText(text: string, low = LOW_SEED, high = HIGH_SEED): void {
  let a = low | 0;
  let b = high | 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, LOW_STEP);
    a ^= a >>> 15;
    b = Math.imul(b ^ code, HIGH_STEP);
    b ^= b >>> 13;
  }
  setLanes(a, b, text.length);
}

/** `hashText` of the ASCII text from `from` to `to` of `bytes`. */
export function hashBytes(bytes: Uint8Array, from: number, to: number, low = LOW_SEED, high = HIGH_SEED): void {
  let a = low | 0;
  let b = high | 0;
  for (let i = from; i < to; i++) {
    const code = bytes[i]!;
    a = Math.imul(a ^ code, LOW_STEP);
    a ^= a >>> 15;
    b = Math.imul(b ^ code, HIGH_STEP);
    b ^= b >>> 13;
  }
  setLanes(a, b, to - from);
}

/** The end of `hashText` for a text of `length` whose letters were taken into both lanes. */
export function setLanes(low: number, high: number, length: number): void {
  lanes.low = finish(low ^ length);
  lanes.high = finish(high ^ Math.imul(lanes.low, 0xe6546b64));
}

function finish(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 48 bits as an exact number: 0.2 expected collisions among 10 million values. */
export function hash48(text: string): number {
  hashText(text);
  return (lanes.high & 0xffff) * WORD + lanes.low;
}

/** 48 bits of a pair; the order counts. */
export function hashPair(first: string, second: string): number {
  hashText(first);
  hashText(second, lanes.low, lanes.high);
  return (lanes.high & 0xffff) * WORD + lanes.low;
}

/** 64 bits of a pair into `lanes`. */
export function hashPairWide(first: string, second: string): void {
  hashText(first);
  hashText(second, lanes.low, lanes.high);
}

/** The 48-bit form of the latest wide hash. */
export function lanes48(): number {
  return (lanes.high & 0xffff) * WORD + lanes.low;
}

/** Mixes two numbers below 2^53 into 48 bits. */
export function hashNumbers(a: number, b: number): number {
  const low = finish(a ^ Math.imul((a / WORD) | 0, LOW_SEED));
  const other = finish(b ^ Math.imul((b / WORD) | 0, HIGH_SEED) ^ low);
  return (finish(other ^ Math.imul(low, LOW_STEP)) & 0xffff) * WORD + finish(other + low);
}

/** `hashNumbers(a, b) % 2 ** 32`, without the division. */
export function hashNumbersLow(a: number, b: number): number {
  const low = finish(a ^ Math.imul((a / WORD) | 0, LOW_SEED));
  return finish(finish(b ^ Math.imul((b / WORD) | 0, HIGH_SEED) ^ low) + low);
}
