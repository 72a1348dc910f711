import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountProfile } from '../../../core/aggregates/account-profile.ts';
import { addSighting, noSightings } from '../../../core/aggregates/sightings.ts';
import { CustodyColumns } from '../../../core/population/custody.ts';
import { custodyEdges } from '../../../core/population/custody-edges.ts';
import type { Population } from '../../../core/population/population.ts';
import { type AccountSpec, populationOf } from '../../support/population.ts';

/** Who gave out (`minted`) or handed in a fingerprint, in which second. */
interface Sighting {
  account: number;
  key: number;
  second: number;
  minted: boolean;
}

const SIZE = 8;
/** Accounts 0 and 1 are one customer, and so are 2, 3 and 4. */
const ORGS = [0, 0, 1, 1, 1, 2, 3, 4];

const sighting = fc.record({
  account: fc.nat(SIZE - 1),
  key: fc.nat(9),
  second: fc.nat(3),
  minted: fc.boolean(),
});
/** Each account sees a fingerprint first once, as its profile keeps it. */
const sightings = fc.uniqueArray(sighting, {
  selector: ({ account, key, minted }) => `${account} ${key} ${minted}`,
  maxLength: 40,
});

/** The columns as they are read, account by account. */
function custodyOf(seen: readonly Sighting[]): CustodyColumns {
  const columns = new CustodyColumns(SIZE);
  for (let account = 0; account < SIZE; account++) {
    const custody = { minted: noSightings(), presented: noSightings() };
    for (const { key, second, minted } of seen.filter((one) => one.account === account))
      addSighting(minted ? custody.minted : custody.presented, key, second * 1000, 100);
    columns.read(account, { custody } as AccountProfile);
  }
  columns.finish();
  return columns;
}

const edgesOf = (seen: readonly Sighting[]) =>
  custodyEdges({
    custody: custodyOf(seen),
    facts: { org: ORGS },
    size: SIZE,
    exchanges: Array(SIZE).fill(9),
    activeDays: Array(SIZE).fill(1),
  } as unknown as Population);

const pairName = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;

/** The rule fingerprint by fingerprint, with lists. */
function plainPairs(seen: readonly Sighting[]) {
  const handed = new Set<string>();
  const reversed = new Set<string>();
  for (const key of new Set(seen.map((one) => one.key))) {
    const [minter, second] = seen.filter((one) => one.key === key && one.minted);
    if (minter === undefined || second !== undefined) continue;
    const takers = seen.filter((one) => one.key === key && !one.minted && ORGS[one.account] !== ORGS[minter.account]);
    if (takers.length > 2) continue;
    for (const taker of takers) {
      const pair = pairName(minter.account, taker.account);
      if (taker.second > minter.second) handed.add(pair);
      if (taker.second < minter.second) reversed.add(pair);
    }
  }
  return { handed: [...handed].sort(), reversed: reversed.size };
}

const rowsOf = (offsets: Int32Array, others: Int32Array) =>
  Array.from({ length: SIZE }, (_, i) => [...others.subarray(offsets[i]!, offsets[i + 1]!)]);

describe('conversations that changed hands', () => {
  test('are those of the plain rule: one gave it out, at most two strangers went on with it, later', () => {
    fc.assert(
      fc.property(sightings, (seen) => {
        const { offsets, to, placebo } = edgesOf(seen);
        const found = rowsOf(offsets, to).flatMap((row, from) => row.map((other) => pairName(from, other)));
        const plain = plainPairs(seen);
        expect(found.sort()).toEqual(plain.handed);
        expect(placebo).toBe(plain.reversed);
      }),
    );
  });

  test('make partners both ways, ascending, each once and never of one customer', () => {
    fc.assert(
      fc.property(sightings, (seen) => {
        const { offsets, to, partners } = edgesOf(seen);
        const rows = rowsOf(partners.offsets, partners.accounts);
        expect(partners.accounts).toHaveLength(2 * to.length);
        rows.forEach((row, account) => {
          expect(row).toEqual([...new Set(row)].sort((a, b) => a - b));
          const fitting = row.filter((other) => rows[other]!.includes(account) && ORGS[other] !== ORGS[account]);
          expect(fitting).toEqual(row);
        });
        const handed = rowsOf(offsets, to);
        handed.forEach((row, from) => {
          expect(row.filter((other) => rows[from]!.includes(other))).toEqual(row);
        });
      }),
    );
  });

  test('with time turned round, hand-overs are accidents and accidents hand-overs', () => {
    fc.assert(
      fc.property(sightings, (seen) => {
        const forward = edgesOf(seen);
        const backward = edgesOf(seen.map((one) => ({ ...one, second: 3 - one.second })));
        expect(backward.placebo).toBe(forward.to.length);
        expect(backward.to).toHaveLength(forward.placebo);
      }),
    );
  });

  test('count as known whoever gave out or handed in anything, whether or not it moved', () => {
    fc.assert(
      fc.property(sightings, (seen) => {
        const { known, accounts } = edgesOf(seen);
        const expected = new Set(seen.map(({ account }) => account));
        expect([...known.keys()].filter((account) => known[account])).toEqual([...expected].sort((a, b) => a - b));
        expect(accounts).toBe(expected.size);
      }),
    );
  });

  test('two who went on with it are linked to the one who began; three are readers of a public transcript', () => {
    const began: Sighting = { account: 0, key: 1, second: 0, minted: true };
    const wentOn = (account: number): Sighting => ({ account, key: 1, second: 1, minted: false });
    const { offsets, to } = edgesOf([began, wentOn(2), wentOn(5)]);
    expect(rowsOf(offsets, to)[0]).toEqual([2, 5]);
    expect(edgesOf([began, wentOn(2), wentOn(5), wentOn(6)]).to).toHaveLength(0);
    // A colleague does not count among the three.
    expect(edgesOf([began, wentOn(1), wentOn(2), wentOn(5)]).to).toHaveLength(2);
  });

  test('a fingerprint that two gave out belongs to neither', () => {
    const both = [0, 5].map((account): Sighting => ({ account, key: 1, second: 0, minted: true }));
    expect(edgesOf([...both, { account: 7, key: 1, second: 2, minted: false }]).to).toHaveLength(0);
  });
});

describe('what accounts saw of conversations', () => {
  test('is kept where another saw it too: account by account, lowest fingerprint first, in whatever order it was seen', () => {
    fc.assert(
      fc.property(sightings, (seen) => {
        const columns = custodyOf(seen.toReversed());
        const others = ({ account, key }: Sighting) => seen.some((one) => one.key === key && one.account !== account);
        for (const [kept, minted] of [
          [columns.minted, true],
          [columns.presented, false],
        ] as const) {
          const expected = seen
            .filter((one) => one.minted === minted && others(one))
            .sort((a, b) => a.account - b.account || a.key - b.key);
          expect([...kept.account]).toEqual(expected.map(({ account }) => account));
          expect([...kept.key]).toEqual(expected.map(({ key }) => key));
          expect([...kept.time]).toEqual(expected.map(({ second }) => second * 1000));
        }
      }),
    );
  });

  test('is counted for each account, whoever else saw it', () => {
    fc.assert(
      fc.property(sightings, (seen) => {
        const { given, taken } = custodyOf(seen);
        const countOf = (account: number, minted: boolean) =>
          seen.filter((one) => one.account === account && one.minted === minted).length;
        expect([...given]).toEqual(ORGS.map((_, account) => countOf(account, true)));
        expect([...taken]).toEqual(ORGS.map((_, account) => countOf(account, false)));
      }),
    );
  });

  test('is joined once per population', () => {
    const population = populationOf([{ account: 'a', daily: [1] } satisfies AccountSpec]);
    expect(custodyEdges(population)).toBe(custodyEdges(population));
    expect(custodyEdges(population)).toMatchObject({ placebo: 0, accounts: 0 });
  });

  test('of accounts that send no conversation ids is nothing', () => {
    const { minted, presented } = custodyOf([]);
    expect([minted.account.length, presented.account.length]).toEqual([0, 0]);
  });
});
