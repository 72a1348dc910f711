/** Invented fingerprints: 16 hex characters drawn from the seed, never the hash of anything real. */
import { hash, seedOf } from './random.ts';

const DIGITS = Buffer.from('0123456789abcdef', 'latin1');
const scratch = Buffer.alloc(16);

/** Equal numbers give equal fingerprints of one minter; two minters never mean the same thing. */
export type Minter = (a: number, b?: number) => string;

/** Two 32-bit words as hex. Written through a buffer, so that the text is one flat piece and not a chain of eight. */
export function hex16(high: number, low: number): string {
  for (let i = 0; i < 8; i++) {
    const shift = 28 - 4 * i;
    scratch[i] = DIGITS[(high >>> shift) & 15] as number;
    scratch[i + 8] = DIGITS[(low >>> shift) & 15] as number;
  }
  return scratch.toString('latin1');
}

export function minter(seed: string, kind: string): Minter {
  const [first, second] = seedOf(`${seed}/${kind}`);
  return (a, b = 0) => hex16(hash(first, a, b), hash(second, b, a));
}
