import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash48, hashNumbers, hashPair, hashPairWide, lanes48 } from '../../../core/aggregates/hash.ts';
import { numbers } from './days.ts';

const MILLION = 1_000_000;
const LOW_LANE = 2 ** 32;

/** 16 hex digits each, all different: a random half and the running number. */
function hexFingerprints(many: number): string[] {
  const next = numbers(1);
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  return Array.from({ length: many }, (_, i) => hex(Math.floor(next() * LOW_LANE)) + hex(i));
}

/** Keyed hashes as a gateway sends them, in base64url. */
function keyedFingerprints(many: number): string[] {
  return Array.from({ length: many }, (_, i) =>
    createHmac('sha256', 'key').update(`${i}`).digest('base64url').slice(0, 16),
  );
}

/** Running names, such as the accounts and exchange ids of a young platform. */
const runningNames = (many: number) => Array.from({ length: many }, (_, i) => `req_${i}`);

function collisions(hashes: Float64Array): number {
  const sorted = hashes.sort();
  let same = 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) same++;
  return same;
}

/** Pearson's statistic of the lowest `bits` bits, in standard deviations above its mean. */
function unevenness(hashes: Float64Array, bits: number): number {
  const cells = new Uint32Array(2 ** bits);
  for (const hash of hashes) cells[hash % 2 ** bits]!++;
  const expected = hashes.length / cells.length;
  const chi2 = cells.reduce((sum, cell) => sum + (cell - expected) ** 2 / expected, 0);
  const freedom = cells.length - 1;
  return (chi2 - freedom) / Math.sqrt(2 * freedom);
}

describe('the hash of a value', () => {
  const million = Float64Array.from(hexFingerprints(MILLION), hash48);

  it('tells a million fingerprints apart: 0.002 collisions are expected in 48 bits', () => {
    expect(collisions(million)).toBe(0);
  });

  it('collides in its low 32 bits as often as chance: 116 of a million are expected', () => {
    const low = million.map((hash) => hash % LOW_LANE);
    // Poisson of mean 116.4: five standard deviations are 54.
    expect(Math.abs(collisions(low) - 116.4)).toBeLessThan(54);
  });

  it.each([
    ['hex fingerprints', hexFingerprints],
    ['keyed fingerprints', keyedFingerprints],
    ['running names', runningNames],
  ])('spreads %s evenly over registers and bins', (_, texts) => {
    const hashes = Float64Array.from(texts(200_000), hash48);
    for (const bits of [1, 5, 6, 8]) expect(Math.abs(unevenness(hashes, bits))).toBeLessThan(5);
  });

  it('is spread evenly in its high bits, which decide the values of lowest hash', () => {
    const high = Float64Array.from(runningNames(200_000), (text) => Math.floor(hash48(text) / 2 ** 40));
    expect(Math.abs(unevenness(high, 8))).toBeLessThan(5);
  });

  it('is an exact number of at most 48 bits for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hash = hash48(text);
        expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 48).toBe(true);
        expect(hash48(text)).toBe(hash);
      }),
    );
  });
});

describe('the hash of a pair', () => {
  it('tells the exchanges of running accounts and ids apart', () => {
    const pairs = Float64Array.from({ length: MILLION }, (_, i) =>
      hashPair(`k_${i % 1000}`, `req_${Math.floor(i / 1000)}`),
    );
    expect(unevenness(pairs, 6)).toBeLessThan(5);
    expect(collisions(pairs)).toBe(0);
  });

  it('depends on where the first text ends and on the order', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b && a + b !== '');
        expect(hashPair(a, b)).not.toBe(hashPair(b, a));
        if (b !== '') expect(hashPair(a + b[0]!, b.slice(1))).not.toBe(hashPair(a, b));
      }),
    );
  });

  it('is the same 48 bits as the wide form gives', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        hashPairWide(a, b);
        expect(lanes48()).toBe(hashPair(a, b));
      }),
    );
  });
});

describe('the hash of two numbers', () => {
  it('spreads small neighbouring numbers evenly and tells them apart', () => {
    const hashes = Float64Array.from({ length: MILLION }, (_, i) => hashNumbers(i % 1000, Math.floor(i / 1000)));
    for (const bits of [1, 5, 8]) expect(Math.abs(unevenness(hashes, bits))).toBeLessThan(5);
    expect(collisions(hashes)).toBe(0);
  });
});
