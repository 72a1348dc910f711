import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accountSample,
  isRemembered,
  processNats,
  type RememberedCandidate,
  remember,
} from '../../../core/campaigns/evidence-process.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { DAY_MS } from '../../../core/records/time.ts';

const START = Date.UTC(2026, 3, 15);
const accounts = accountSample(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);

/** The process after one sweep a day from the day of discovery. */
function daily(nats: readonly number[], key = 'template 1'): RememberedCandidate[] {
  const steps: RememberedCandidate[] = [];
  nats.forEach((one, day) => {
    steps.push(remember(steps.at(-1), START + day * DAY_MS, { key, accounts, nats: one }));
  });
  return steps;
}

describe('looking every day', () => {
  test('never takes evidence back: what it is worth only grows', () => {
    const nats = fc.array(fc.double({ min: -3, max: 18, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(nats, (days) => {
        const values = daily(days).map(processNats);
        for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]! - 1e-12);
      }),
    );
  });

  test('is no second, third and thirtieth chance: stopped at its best moment, a null is still worth at most 1 on average', () => {
    const random = seededRandom('null');
    const trials = 4000;
    let sum = 0;
    for (let trial = 0; trial < trials; trial++) {
      // e = 0.5 / sqrt(p) of a uniform p each day, or of one p that lasts: both have a mean of 1.
      const lasting = random.next();
      const nats = Array.from({ length: 33 }, () => Math.log(0.5 / Math.sqrt(trial % 2 ? lasting : random.next())));
      sum += Math.exp(Math.max(...daily(nats).map(processNats)));
    }
    expect(sum / trials).toBeLessThan(1.15);
  });

  test('a coincidence that lasts a month is counted as one, not thirty times', () => {
    const [last] = daily(new Array<number>(33).fill(3)).slice(-1);
    expect(processNats(last!)).toBeCloseTo(3, 10);
  });

  test('sweeps between two checkpoints change nothing', () => {
    const before = daily([2, 2, 2, 2]);
    expect(before[3]!.terms).toEqual(before[2]!.terms);
  });
});

describe('sweeping at any times', () => {
  /** Hours from discovery at which a sweep falls, and what it finds. */
  const sweeps = fc
    .array(fc.tuple(fc.nat(24 * 60), fc.double({ min: -5, max: 18, noNaN: true })), { minLength: 1, maxLength: 60 })
    .map((drawn) => drawn.toSorted(([a], [b]) => a - b));
  const swept = (drawn: readonly (readonly [number, number])[]) => {
    let held: RememberedCandidate | undefined;
    for (const [hour, nats] of drawn) {
      const at = START + ((hour - drawn[0]![0]) * DAY_MS) / 24;
      held = remember(held, at, { key: 'template 1', accounts, nats });
    }
    return held!;
  };

  test('weighs what it finds by at most 1 in all, so a null is worth at most 1 on average and nothing beyond its best', () => {
    fc.assert(
      fc.property(sweeps, (drawn) => {
        // The mean of a weighted sum of e-values is at most its weights: those of e-values of 1 are told by their sum.
        expect(processNats(swept(drawn.map(([hour]) => [hour, 0] as const)))).toBeLessThanOrEqual(1e-12);
        expect(processNats(swept(drawn))).toBeLessThanOrEqual(Math.max(...drawn.map(([, nats]) => nats)) + 1e-12);
      }),
    );
  });

  test('hourly or once a fortnight, each checkpoint takes the first sweep that falls on it', () => {
    const days = [0, 1, 2, 4, 8, 16, 32, Infinity];
    fc.assert(
      fc.property(sweeps, (drawn) => {
        const expected: Record<number, number> = {};
        for (let j = 0; j < 7; j++) {
          const first = drawn.find(([hour]) => {
            const since = (hour - drawn[0]![0]) / 24;
            return since >= days[j]! && since < days[j + 1]!;
          });
          if (first !== undefined) expected[j] = first[1];
        }
        expect(swept(drawn).terms).toEqual(expected);
      }),
    );
  });

  test('and keeping it as JSON in between changes nothing', () => {
    fc.assert(
      fc.property(sweeps, fc.nat(60), (drawn, cut) => {
        const held = swept(drawn);
        const stored = JSON.parse(JSON.stringify(held)) as RememberedCandidate;
        const next = { key: 'template 1', accounts, nats: 2 };
        const at = START + (60 + cut) * DAY_MS;
        expect(processNats(remember(stored, at, next))).toBe(processNats(remember(held, at, next)));
      }),
    );
  });
});

describe('a name that comes to mean other accounts', () => {
  const others = accountSample(['p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y']);

  test('starts anew: evidence against those who left says nothing of those who came', () => {
    const before = remember(undefined, START, { key: 'system 7', accounts, nats: 16 });
    const later = remember(before, START + DAY_MS, { key: 'system 7', accounts: others, nats: 1 });
    expect(later.discovered).not.toBe(before.discovered);
    expect(processNats(later)).toBeCloseTo(1 + Math.log(1 / 4), 10);
  });

  test('goes on where most stayed', () => {
    const most = accountSample(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'z']);
    const before = remember(undefined, START, { key: 'system 7', accounts, nats: 9 });
    const later = remember(before, START + DAY_MS, { key: 'system 7', accounts: most, nats: 9 });
    expect(later.discovered).toBe(before.discovered);
    expect(later.accounts).toEqual(most);
  });

  test('a sample does not depend on the order of accounts and stays small', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 });
    fc.assert(
      fc.property(names, (list) => {
        expect(accountSample(list.toReversed())).toEqual(accountSample(list));
        expect(accountSample(list).length).toBe(Math.min(16, list.length));
      }),
    );
  });
});

test('after ninety days a candidate is forgotten and has to come back on fresh evidence', () => {
  const one = remember(undefined, START, { key: 'linked 1', accounts, nats: 5 });
  expect(isRemembered(one, START + 90 * DAY_MS)).toBe(true);
  expect(isRemembered(one, START + 90 * DAY_MS + 1)).toBe(false);
});
