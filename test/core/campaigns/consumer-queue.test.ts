import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitted, consumerBudget } from '../../../core/campaigns/consumer-queue.ts';
import { parseSettings } from '../../../core/settings.ts';

const perMillion = (consumerBudget: number) => parseSettings({ detection: { consumerBudget } });

const waiting = fc.array(
  fc.record({
    q: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.01, 0.0101)),
    share: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.001, 0.0009, 0.03, 0.029)),
  }),
  { maxLength: 40 },
);
const size = fc.integer({ min: 1, max: 3_000_000 });
const asked = fc.integer({ min: 0, max: 60 });
const opened = fc.nat(60);

describe('places in a week', () => {
  test('are never fewer for what cannot wait, and none at all where none is asked for', () => {
    fc.assert(
      fc.property(size, asked, (accounts, budget) => {
        const { ordinary, felt, whole } = consumerBudget({ size: accounts }, perMillion(budget));
        expect(ordinary).toBeLessThanOrEqual(felt);
        expect(felt).toBeLessThanOrEqual(whole);
        expect(whole === 0).toBe(budget === 0);
        expect(ordinary === 0).toBe(budget === 0);
        // What is asked for, or the one and two of a platform too small for that.
        expect(whole).toBeLessThanOrEqual(Math.max(3, Math.ceil((budget * accounts) / 1e6)));
      }),
    );
  });

  test('are never fewer on a larger platform or for a larger budget', () => {
    fc.assert(
      fc.property(size, fc.nat(100_000), asked, fc.nat(10), (accounts, more, budget, raise) => {
        const held = consumerBudget({ size: accounts }, perMillion(budget));
        const larger = consumerBudget({ size: accounts + more }, perMillion(budget + raise));
        for (const place of ['ordinary', 'felt', 'whole'] as const)
          expect(larger[place]).toBeGreaterThanOrEqual(held[place]);
      }),
    );
  });
});

describe('who is opened', () => {
  test('keeps the order of the queue and never passes what the week holds', () => {
    fc.assert(
      fc.property(waiting, opened, size, asked, (queue, before, accounts, budget) => {
        const places = consumerBudget({ size: accounts }, perMillion(budget));
        const chosen = admitted(queue, before, places);
        const positions = chosen.map((one) => queue.indexOf(one));
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
        expect(before + chosen.length).toBeLessThanOrEqual(Math.max(before, places.whole));
      }),
    );
  });

  test('the reserve is for those who are felt or sure: the others stop where ordinary places do', () => {
    fc.assert(
      fc.property(waiting, opened, size, asked, (queue, before, accounts, budget) => {
        const places = consumerBudget({ size: accounts }, perMillion(budget));
        let place = before;
        for (const { q, share } of admitted(queue, before, places)) {
          const sure = q <= 0.01 && share >= 0.001;
          if (place >= places.ordinary) expect(sure || share >= 0.03).toBe(true);
          if (place >= places.felt) expect(sure).toBe(true);
          place++;
        }
      }),
    );
  });

  test('who is left out found no place of its kind, whoever came later', () => {
    fc.assert(
      fc.property(waiting, opened, size, asked, (queue, before, accounts, budget) => {
        const places = consumerBudget({ size: accounts }, perMillion(budget));
        const chosen = new Set(admitted(queue, before, places));
        let taken = before;
        for (const one of queue) {
          if (chosen.has(one)) taken++;
          else expect(taken).toBeGreaterThanOrEqual(places.ordinary);
        }
        const sure = queue.filter(({ q, share }) => q <= 0.01 && share >= 0.001);
        if (sure.some((one) => !chosen.has(one))) expect(taken).toBeGreaterThanOrEqual(places.whole);
      }),
    );
  });

  test('a runaway that is felt or sure is told behind a full ordinary queue, a small one is not', () => {
    const places = { ordinary: 1, felt: 2, whole: 3 };
    const small = { q: 0.05, share: 0.01 };
    const felt = { q: 0.05, share: 0.03 };
    const sure = { q: 0.01, share: 0.001 };
    expect(admitted([small, small, felt, felt, sure, sure], 0, places)).toEqual([small, felt, sure]);
    expect(admitted([small, felt, sure], 2, places)).toEqual([sure]);
    expect(admitted([small, felt, sure], 3, places)).toEqual([]);
  });
});
