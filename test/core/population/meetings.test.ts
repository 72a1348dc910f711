import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Meetings } from '../../../core/population/meetings.ts';
import type { Population } from '../../../core/population/population.ts';

/** An account of one day, of which up to eight fingerprints each are kept. */
interface Account {
  exchanges: number;
  given: number;
  taken: number;
}

const account = fc.record({
  exchanges: fc.integer({ min: 8, max: 5000 }),
  given: fc.integer({ min: 0, max: 8 }),
  taken: fc.integer({ min: 0, max: 8 }),
});

const accounts = fc.array(account, { minLength: 2, maxLength: 12 });

/** Share kept of what was seen: all where there was room for more. */
const share = (kept: number, exchanges: number) => (kept < 8 ? 1 : 8 / exchanges);

/** One gives out and the other takes up. */
const way = (from: Account, to: Account) =>
  from.given === 0
    ? 0
    : from.exchanges * to.exchanges * Math.min(share(from.given, from.exchanges), share(to.taken, to.exchanges));

const knows = ({ given, taken }: Account) => given + taken > 0;

const chance = (a: Account, b: Account) => (knows(a) && knows(b) ? way(a, b) + way(b, a) : 0);

const meetingsOf = (all: readonly Account[], members: Iterable<number>) =>
  new Meetings(
    {
      exchanges: Float64Array.from(all, ({ exchanges }) => exchanges),
      activeDays: new Uint16Array(all.length).fill(1),
    } as unknown as Population,
    { given: Int32Array.from(all, ({ given }) => given), taken: Int32Array.from(all, ({ taken }) => taken) },
    members,
  );

/** Accounts are put together by eighths of powers of two; what an account has with itself leaves nothing behind. */
const expectNearly = (found: number, exact: number, itself: number) => {
  const off = 0.1 * exact + 1e-9 * itself + 1e-6;
  expect(found).toBeGreaterThanOrEqual(exact - off);
  expect(found).toBeLessThanOrEqual(exact + off);
};

test('the chances of a set are those of its pairs', () => {
  fc.assert(
    fc.property(accounts, (all) => {
      const exact = all.reduce((sum, a, i) => sum + all.slice(i + 1).reduce((of, b) => of + chance(a, b), 0), 0);
      const itself = all.reduce((sum, one) => sum + way(one, one), 0);
      expectNearly(meetingsOf(all, all.keys()).among, exact, itself);
    }),
  );
});

test('the chances of one account are those of its pairs with the others', () => {
  fc.assert(
    fc.property(accounts, ([one, ...others]) => {
      const all = [one!, ...others];
      const exact = others.reduce((sum, other) => sum + chance(one!, other), 0);
      expectNearly(meetingsOf(all, all.keys()).with(0, true), exact, 2 * way(one!, one!));
      const outside = others.map((_, i) => i + 1);
      expectNearly(meetingsOf(all, outside).with(0, false), exact, 0);
    }),
  );
});

test('one account that does nearly everything does not hide what the others have with each other', () => {
  const all = [
    { exchanges: 1e6, given: 8, taken: 8 },
    ...Array.from({ length: 9 }, () => ({ exchanges: 9, given: 8, taken: 8 })),
  ];
  const { among } = meetingsOf(all, all.keys());
  const exact = all.reduce((sum, a, i) => sum + all.slice(i + 1).reduce((of, b) => of + chance(a, b), 0), 0);
  expect(among / exact).toBeCloseTo(1, 2);
  const odd = [{ exchanges: 1e6, given: 8, taken: 7 }, ...all.slice(1)];
  const { among: other } = meetingsOf(odd, odd.keys());
  expect(other).toBeGreaterThan(0);
});
