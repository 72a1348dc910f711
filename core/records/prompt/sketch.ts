/**
 * MinHash of a masked prompt (Broder, "On the resemblance and containment of documents", 1997), with only the low 8
 * bits of each minimum kept (Li and König, "b-Bit Minwise Hashing", 2010): 32 bytes that tell how alike two prompts are.
 */

/** Permutations, and so bytes of a sketch. */
export const SLOTS = 32;
/** Words of a shingle; a shorter prompt has no sketch. */
export const SHINGLE_WORDS = 5;
/** Words looked at. */
const MAX_WORDS = 4096;

/**
 * The sketch as base64url, `undefined` where the prompt has fewer than 5 words. `seeds` select the 32 permutations:
 * sketches compare only under equal seeds, and without them no guess at a prompt can be confirmed.
 */
export function sketchOf(masked: string, seeds: Uint32Array): string | undefined {
  const shingles = shinglesOf(wordsOf(masked));
  if (shingles.size === 0) return undefined;
  const slots = new Uint8Array(SLOTS);
  for (let slot = 0; slot < SLOTS; slot++) slots[slot] = minimum(shingles, seeds[slot]!) & 0xff;
  return base64url(slots);
}

/** Slots in which two sketches agree, 0 to 32. */
export function sketchEqualSlots(a: string, b: string): number {
  const one = fromBase64url(a);
  const other = fromBase64url(b);
  let equal = 0;
  for (let i = 0; i < SLOTS; i++) if (one[i] === other[i]) equal++;
  return equal;
}

/**
 * Jaccard similarity of two prompts' shingles from `m` equal slots: unrelated prompts agree in a slot with probability
 * 1/256. Below 0 where fewer agree than chance would have it; the standard error at 0.5 is 0.088.
 */
export function jaccard(m: number): number {
  return (m / SLOTS - 1 / 256) / (255 / 256);
}

/** Words, one for each letter of scripts that write without spaces. */
function wordsOf(text: string): string[] {
  return (
    text
      .match(/<[a-z]+>|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}_]+/gu)
      ?.slice(0, MAX_WORDS) ?? []
  );
}

function shinglesOf(words: readonly string[]): Set<number> {
  const hashes = words.map(hashWord);
  const shingles = new Set<number>();
  for (let at = 0; at + SHINGLE_WORDS <= hashes.length; at++) {
    let hash = 0;
    for (let i = at; i < at + SHINGLE_WORDS; i++) hash = mix(Math.imul(hash, 31) + hashes[i]!);
    shingles.add(hash);
  }
  return shingles;
}

/** FNV-1a over code units (Fowler, Noll and Vo). */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** The finaliser of murmur3 (Appleby, 2011): a permutation of the 32-bit numbers. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function minimum(shingles: ReadonlySet<number>, seed: number): number {
  let least = 0xffffffff;
  for (const shingle of shingles) {
    const image = mix(shingle ^ seed);
    if (image < least) least = image;
  }
  return least;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}
