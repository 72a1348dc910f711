import { describe, expect, it } from 'vitest';
import { iso } from '../../../cli/simulate/clock.ts';
import { hex16, minter } from '../../../cli/simulate/fingerprint.ts';
import { moment } from '../../../cli/simulate/hours.ts';
import { phi, quantile, TRACES } from '../../../cli/simulate/marginals.ts';
import { Random, seedOf } from '../../../cli/simulate/random.ts';
import { freshBase, sketch } from '../../../cli/simulate/sketch.ts';

describe('token sizes', () => {
  it.each([
    [TRACES.code.input, [75, 1469, 7303, 7436]],
    [TRACES.conversation.output, [41, 129, 451, 601]],
    [TRACES.longContext.input, [901, 6909, 39550, 85400]],
  ])('have the published 5, 50, 95 and 99 %% quantiles', (values, published) => {
    expect([0.05, 0.5, 0.95, 0.99].map((u) => quantile(values, u))).toEqual(published);
  });

  it('never leave the range of the trace', () => {
    expect(quantile(TRACES.code.input, 0)).toBe(3);
    expect(quantile(TRACES.code.input, 0.99999999)).toBe(7437);
  });

  it('map a standard normal to its distribution function', () => {
    expect(phi(0)).toBeCloseTo(0.5, 6);
    expect(phi(1.959964)).toBeCloseTo(0.975, 6);
    expect(phi(-1.644854)).toBeCloseTo(0.05, 6);
  });
});

describe('sketches', () => {
  it.each([0.3, 0.5, 0.8])('of prompts of Jaccard similarity %d agree in that share of their slots', (similarity) => {
    const random = new Random(seedOf('sketch'));
    const base = freshBase(random);
    let equal = 0;
    const pairs = 1500;
    for (let i = 0; i < pairs; i++) {
      const [a, b] = [0, 1].map(() => Buffer.from(sketch(base, similarity, random), 'base64url'));
      for (let slot = 0; slot < 32; slot++) if (a?.[slot] === b?.[slot]) equal++;
    }
    const expected = similarity + (1 - similarity) / 256;
    expect(Math.abs(equal / pairs / 32 - expected)).toBeLessThan(0.015);
  });
});

describe('fingerprints', () => {
  it('are 16 hex characters, equal for equal values of one kind only', () => {
    const ip = minter('seed', 'ip');
    expect(ip(7)).toMatch(/^[0-9a-f]{16}$/);
    expect(ip(7)).toBe(minter('seed', 'ip')(7));
    expect(ip(7)).not.toBe(minter('seed', 'subnet')(7));
    expect(ip(7)).not.toBe(minter('other', 'ip')(7));
    expect(new Set(Array.from({ length: 100_000 }, (_, i) => ip(i))).size).toBe(100_000);
  });

  it('keep every bit of both words', () => {
    expect(hex16(0x01234567, 0x89abcdef)).toBe('0123456789abcdef');
    expect(hex16(0xffffffff, 0)).toBe('ffffffff00000000');
  });
});

describe('the clock', () => {
  it('writes the same times as the platform', () => {
    const random = new Random(seedOf('clock'));
    for (let i = 0; i < 500; i++) {
      const instant = Math.floor(random.next() * 4e12);
      expect(iso(instant)).toBe(new Date(instant).toISOString());
    }
  });

  it('puts office work into the office hours of the zone', () => {
    const random = new Random(seedOf('hours'));
    const local = Array.from({ length: 4000 }, () => (moment('office', 9, random) / 3_600_000 + 9) % 24);
    const inOffice = local.filter((hour) => hour >= 8 && hour < 19).length / local.length;
    expect(inOffice).toBeGreaterThan(0.75);
  });
});
