import fc from 'fast-check';
import { expect, test } from 'vitest';
import { borrowedTail, exponentialTail } from '../../../core/detectors/tail.ts';
import { seededRandom } from '../../../core/population/random.ts';

const draws = (count: number, seed: string, value: (uniform: number) => number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => value(random.next()));
};

const exponential = (u: number) => -Math.log(1 - u);

test('p-values of new draws from the same population are uniform, inside and in the tail', () => {
  const tail = exponentialTail(draws(20_000, 'sample', exponential));
  const p = draws(20_000, 'new', exponential).map(tail);
  for (const level of [0.5, 0.1, 0.01, 0.002]) {
    const share = p.filter((value) => value <= level).length / p.length;
    expect(share).toBeGreaterThan(0.7 * level);
    expect(share).toBeLessThan(1.4 * level);
  }
});

test('a lighter tail than it assumes gives p-values that are too large, never too small', () => {
  const tail = exponentialTail(draws(5000, 'uniform', (u) => u));
  const p = draws(5000, 'more', (u) => u).map(tail);
  for (const level of [0.05, 0.01, 0.002]) {
    expect(p.filter((value) => value <= level).length / p.length).toBeLessThan(1.5 * level);
  }
});

test('a rare heavy tail over a body of zeros is read from the tail, not from the body', () => {
  const mixed = (u: number) => (u < 0.95 ? 0 : 10 * exponential((u - 0.95) / 0.05));
  const tail = exponentialTail(draws(20_000, 'mixed', mixed));
  const p = draws(20_000, 'mixed again', mixed).map(tail);
  for (const level of [0.01, 0.002]) {
    const share = p.filter((value) => value <= level).length / p.length;
    expect(share).toBeGreaterThan(0.6 * level);
    expect(share).toBeLessThan(1.6 * level);
  }
});

test('a larger value is never less surprising, and no p-value leaves (0, 1]', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.double({ min: -100, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (sample, x, more) => {
        const tail = exponentialTail(sample);
        expect(tail(x + more)).toBeLessThanOrEqual(tail(x));
        expect(tail(x)).toBeGreaterThanOrEqual(1e-9);
        expect(tail(x)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('nothing to compare with is no surprise', () => {
  expect(exponentialTail([])(1e9)).toBe(1);
});

test('a small sample that ends at a limit does not make whoever passes the limit a wonder', () => {
  const atLimit = [...draws(300, 'below', (u) => 3 * u), ...new Array<number>(40).fill(3)];
  const wide = exponentialTail(draws(5000, 'wide', exponential));
  expect(exponentialTail(atLimit)(3.1)).toBeLessThan(1e-6);
  expect(borrowedTail(atLimit, wide)(3.1)).toBeGreaterThan(1e-3);
});

test('beyond its own largest a small sample thins out as the wide one does', () => {
  const small = draws(300, 'small', exponential);
  const wide = exponentialTail(draws(20_000, 'wide', exponential));
  const tail = borrowedTail(small, wide);
  const chance = Math.exp(-9);
  expect(tail(9)).toBeGreaterThan(chance / 2);
  expect(tail(9)).toBeLessThan(chance * 2);
  const further = [6, 7, 8, 12].map(tail);
  expect(further).toEqual(further.toSorted((a, b) => b - a));
});
