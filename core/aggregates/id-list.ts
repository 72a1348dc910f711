/**
 * Ascending hashes of exchanges in a byte array, little-endian, searched where they lie: 6 bytes each are the whole
 * 48-bit hash, 5 bytes its upper 40 bits. What is not among n of width 6 is taken for one of them once in 2^48 / n
 * times, of width 5 once in 2^40 / n times; what is among them always is.
 */
export type Width = 5 | 6;

const WORD = 4_294_967_296;

export function countOf(list: Uint8Array, width: Width): number {
  return Math.floor(list.length / width);
}

export function holds(list: Uint8Array, width: Width, hash: number): boolean {
  const wanted = cut(hash, width);
  let low = 0;
  let high = countOf(list, width);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = at(list, middle, width);
    if (found === wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** All of `list` and of `hashes` (48 bits, ascending), each once. */
export function withHashes(list: Uint8Array, width: Width, hashes: Float64Array): Uint8Array {
  const more = width === 6 ? hashes : hashes.map((hash) => cut(hash, width));
  const held = countOf(list, width);
  const merged = new Uint8Array((held + more.length) * width);
  let last = -1;
  let length = 0;
  for (let i = 0, j = 0; i < held || j < more.length; ) {
    const a = i < held ? at(list, i, width) : Infinity;
    const b = j < more.length ? more[j]! : Infinity;
    const next = Math.min(a, b);
    if (a <= b) i++;
    if (b <= a) j++;
    if (next === last) continue;
    put(merged, length++, width, next);
    last = next;
  }
  return length * width === merged.length ? merged : merged.slice(0, length * width);
}

/** Of a list of width 6. */
export function hashesOf(list: Uint8Array): Float64Array {
  return new Float64Array(countOf(list, 6)).map((_, i) => at(list, i, 6));
}

function cut(hash: number, width: Width): number {
  return width === 6 ? hash : Math.floor(hash / 256);
}

function at(list: Uint8Array, index: number, width: Width): number {
  const i = index * width;
  const low = list[i]! | (list[i + 1]! << 8) | (list[i + 2]! << 16) | (list[i + 3]! << 24);
  const high = width === 6 ? list[i + 4]! | (list[i + 5]! << 8) : list[i + 4]!;
  return (low >>> 0) + high * WORD;
}

function put(list: Uint8Array, index: number, width: Width, value: number): void {
  const i = index * width;
  const high = Math.floor(value / WORD);
  const low = (value - high * WORD) | 0;
  list[i] = low;
  list[i + 1] = low >> 8;
  list[i + 2] = low >> 16;
  list[i + 3] = low >> 24;
  list[i + 4] = high;
  if (width === 6) list[i + 5] = high >> 8;
}
