/**
 * MinHash sketches without text. Two prompts that each keep a slot of a common base with probability s agree in it with
 * probability s^2 (plus chance), which is their Jaccard similarity: so s = sqrt(J).
 */
import type { Random } from './random.ts';

const scratch = Buffer.alloc(32);

export function freshBase(random: Random): Uint8Array {
  const base = new Uint8Array(32);
  scatter(random, base);
  return base;
}

/** The sketch of a prompt that resembles no other. */
export function freshSketch(random: Random): string {
  scatter(random, scratch);
  return scratch.toString('base64url');
}

/** `similarity`: the Jaccard similarity of two variants made this way from one base, 0 to 1. */
export function variant(base: Uint8Array, similarity: number, random: Random): Uint8Array {
  const made = new Uint8Array(32);
  blend(base, similarity, random, made);
  return made;
}

/** The sketch of one prompt written from the base. */
export function sketch(base: Uint8Array, similarity: number, random: Random): string {
  blend(base, similarity, random, scratch);
  return scratch.toString('base64url');
}

function blend(base: Uint8Array, similarity: number, random: Random, into: Uint8Array): void {
  const keep = Math.sqrt(similarity) * 16777216;
  for (let i = 0; i < 32; i++) {
    const bits = random.bits();
    into[i] = bits >>> 8 < keep ? (base[i] as number) : bits & 255;
  }
}

function scatter(random: Random, into: Uint8Array): void {
  for (let i = 0; i < 32; i += 4) {
    const bits = random.bits();
    into[i] = bits;
    into[i + 1] = bits >>> 8;
    into[i + 2] = bits >>> 16;
    into[i + 3] = bits >>> 24;
  }
}
