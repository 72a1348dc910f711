/** Seeded randomness for resampling: the same candidate and sweep draw the same sets. */
import { hashText, lanes } from '../aggregates/hash.ts';

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, limit). */
  below(limit: number): number;
}

/** sfc32 (Doty-Humphrey, PractRand), seeded from a text. */
export function seededRandom(seed: string): Random {
  hashText(seed);
  let a = lanes.low | 0;
  let b = lanes.high | 0;
  hashText(seed, lanes.high, lanes.low);
  let c = lanes.low | 0;
  let d = 1;
  const next32 = () => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next32();
  const next = () => next32() / 4_294_967_296;
  return { next, below: (limit) => Math.floor(next() * limit) };
}
