/** Sorting by digits from the least significant (radix sort): linear, stable, a few times faster than comparing. */

/** Three digits make a 32-bit key; 2,048 counters and their targets stay in the cache. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const WORD = 4_294_967_296;

/** Sorts `keys` ascending, in place, and moves `payload` along; equal keys stay in order. */
export function sortPairs(keys: Uint32Array, payload: Uint32Array): void {
  let fromKeys = keys;
  let fromPayload = payload;
  let toKeys: Uint32Array = new Uint32Array(keys.length);
  let toPayload: Uint32Array = new Uint32Array(keys.length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const starts = digitStarts(fromKeys, shift);
    if (starts === undefined) continue;
    for (let i = 0; i < fromKeys.length; i++) {
      const key = fromKeys[i]!;
      const digit = (key >>> shift) & (DIGITS - 1);
      const place = starts[digit]!;
      starts[digit] = place + 1;
      toKeys[place] = key;
      toPayload[place] = fromPayload[i]!;
    }
    [fromKeys, toKeys] = [toKeys, fromKeys];
    [fromPayload, toPayload] = [toPayload, fromPayload];
  }
  if (fromKeys === keys) return;
  keys.set(fromKeys);
  payload.set(fromPayload);
}

/** First place of each digit; undefined where all keys have the same one. */
function digitStarts(keys: Uint32Array, shift: number): Uint32Array | undefined {
  const starts = new Uint32Array(DIGITS);
  for (let i = 0; i < keys.length; i++) starts[(keys[i]! >>> shift) & (DIGITS - 1)]!++;
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit]!;
    if (count === keys.length) return undefined;
    starts[digit] = sum;
    sum += count;
  }
  return starts;
}

/** Those of the accounts with a time, by time (whole ms, or NaN); equal times stay in order. */
export function byTime(accounts: Int32Array, times: Float64Array): Int32Array {
  const known = accounts.filter((account) => !Number.isNaN(times[account]!));
  const earliest = known.reduce((least, account) => Math.min(least, times[account]!), Infinity);
  const order = ascendingOrder(Float64Array.from(known, (account) => times[account]! - earliest));
  return known.map((_, place) => known[order[place]!]!);
}

/** Indices of `keys`, non-negative integers below 2^53, in ascending order of key; equal keys stay in order. */
export function ascendingOrder(keys: Float64Array): Uint32Array {
  const order = new Uint32Array(keys.length);
  const words = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    order[i] = i;
    words[i] = keys[i]! >>> 0;
  }
  sortPairs(words, order);
  for (let i = 0; i < order.length; i++) words[i] = keys[order[i]!]! / WORD;
  sortPairs(words, order);
  return order;
}
