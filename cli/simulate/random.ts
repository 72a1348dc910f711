/** Seeded random numbers. The same seed gives the same numbers on every machine; nothing here is for secrets. */

/** 128 bits of state derived from a text, so that every part of a world has its own independent stream. */
export type Seed = readonly [number, number, number, number];

/** cyrb128 (bryc, public domain): spreads a text over four 32-bit words. */
export function seedOf(text: string): Seed {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  return [(a ^ b ^ c ^ d) >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

/** Finaliser of MurmurHash3: every input bit reaches every output bit. */
export function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 bits that depend on the seed word and on both numbers. */
export function hash(word: number, a: number, b = 0): number {
  return mix(mix(mix(word ^ a) + 0x9e3779b9) ^ b);
}

/** The same as a share, 0 <= share < 1: a coin that falls alike each time it is asked. */
export function share(word: number, a: number, b = 0): number {
  return hash(word, a, b) / 4294967296;
}

/** sfc32 (PractRand, Chris Doty-Humphrey): small, fast, period about 2^127. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;
  private spare = Number.NaN;

  /** `key` and `sub` pick one of many streams of the same seed, say the account and the purpose. */
  constructor(seed: Seed, key = 0, sub = 0) {
    this.a = hash(seed[0], key, sub);
    this.b = hash(seed[1], key, sub);
    this.c = hash(seed[2], key, sub);
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** 32 random bits. */
  bits(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** Uniform on [0, 1). */
  next(): number {
    return this.bits() / 4294967296;
  }

  /** Uniform integer on [0, n). */
  int(n: number): number {
    return Math.floor(this.next() * n);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Standard normal, Marsaglia's polar method. */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const kept = this.spare;
      this.spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = y * factor;
      return x * factor;
    }
  }

  /** Log-normal by its median and the standard deviation of its logarithm. */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Gamma of the given shape and scale: Marsaglia & Tsang, ACM TOMS 2000. */
  gamma(shape: number, scale: number): number {
    if (shape < 1) return this.gamma(shape + 1, scale) * (1 - this.next()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  }

  /** Poisson: Knuth's product below 30, above it halved by the gamma-binomial reduction (Ahrens & Dieter 1974). */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean >= 30) return this.largePoisson(mean);
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count++;
    return count;
  }

  private largePoisson(mean: number): number {
    const steps = Math.floor(mean * 0.875);
    const reached = this.gamma(steps, 1);
    if (reached <= mean) return steps + this.poisson(mean - reached);
    return this.binomial(steps - 1, mean / reached);
  }

  /** Successes of `n` coins; normal approximation from a variance of 100 on. */
  private binomial(n: number, p: number): number {
    const variance = n * p * (1 - p);
    if (variance >= 100) return Math.min(n, Math.max(0, Math.round(n * p + Math.sqrt(variance) * this.normal())));
    let count = 0;
    for (let i = 0; i < n; i++) if (this.next() < p) count++;
    return count;
  }

  /** Whole number from 1 with the given mean, memoryless. */
  geometric(mean: number): number {
    return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - this.next()) / Math.log(1 - 1 / mean));
  }

  choice<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T;
  }

  /** In place. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }
}
