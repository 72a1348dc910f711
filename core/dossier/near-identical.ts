/**
 * Requests that ask nearly the same: one template, and sketches whose word shingles agree by 0.9 or more. Of such a
 * group the first in time is counted.
 *
 * A sketch has 32 slots of 8 bits, and two prompts of Jaccard similarity J agree in a slot with probability
 * J + (1 - J)/256 (Li and Koenig, "b-bit minwise hashing", 2010); turned round, a equal slots say J.
 */
const SLOTS = 32;
const SIMILAR = 0.9;

/** Jaccard similarity of two prompts whose sketches agree in `equal` of 32 slots. */
export function similarity(equal: number): number {
  return ((equal / SLOTS - 1 / 256) * 256) / 255;
}

/** Slots that may differ between near-identical prompts: 3. */
const MOST_DIFFERENT = Array.from({ length: SLOTS + 1 }, (_, different) => different)
  .filter((different) => similarity(SLOTS - different) >= SIMILAR)
  .at(-1)!;

/** One more band than slots may differ: at least one band of two near-identical sketches is equal, so none is missed. */
const BANDS = MOST_DIFFERENT + 1;
const BAND_SLOTS = SLOTS / BANDS;

/** The exchanges of one template, in the order of time. Holds one sketch for each group. */
export class NearIdentical {
  private readonly sketches: Uint8Array[] = [];
  private readonly bands = new Map<string, number[]>();

  /** Whether an earlier one asked nearly the same. */
  repeats(sketch: string): boolean {
    const bytes = decodeSketch(sketch);
    const keys = bandKeys(bytes);
    for (const key of keys) {
      for (const at of this.bands.get(key) ?? [])
        if (different(this.sketches[at]!, bytes) <= MOST_DIFFERENT) return true;
    }
    const at = this.sketches.push(bytes) - 1;
    for (const key of keys) {
      const held = this.bands.get(key);
      if (held === undefined) this.bands.set(key, [at]);
      else held.push(at);
    }
    return false;
  }
}

function bandKeys(bytes: Uint8Array): string[] {
  return Array.from({ length: BANDS }, (_, band) => {
    const from = band * BAND_SLOTS;
    return `${band}:${String.fromCharCode(...bytes.subarray(from, from + BAND_SLOTS))}`;
  });
}

function different(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < SLOTS && count <= MOST_DIFFERENT; i++) if (a[i] !== b[i]) count++;
  return count;
}

function decodeSketch(base64url: string): Uint8Array {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
