import { expect, test } from 'vitest';
import type { Cluster } from '../../../core/campaigns/clusters.ts';
import { partsOf } from '../../../core/campaigns/split.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const nameOf = (account: number) => `a${account}`;

/** A cluster of these accounts, that finds `alike` like itself as well. */
function cluster(accounts: readonly number[], alike: readonly number[] = []): Cluster {
  return {
    membership: { certain: [...accounts], probable: [], held: new Set([...accounts, ...alike]), odds: new Map() },
    accounts: new Set(accounts.map(nameOf)),
    classification: 'coordinated_abuse',
    evidence: [],
    benign: [],
    q: 0.01,
  };
}

const claimed = new Set(range(0, 60).map(nameOf));
const sizes = (clusters: readonly Cluster[]) => partsOf(claimed, clusters, nameOf).map(({ accounts }) => accounts.size);

test('a finding whose accounts are two sets that share nobody and are not alike has two parts, largest first', () => {
  expect(sizes([cluster(range(0, 25)), cluster(range(25, 60))])).toEqual([35, 25]);
});

test('two sets that are like each other are one campaign seen twice', () => {
  expect(sizes([cluster(range(0, 25), range(25, 40)), cluster(range(25, 60))])).toEqual([35]);
  expect(sizes([cluster(range(0, 32)), cluster(range(25, 60))])).toEqual([35]);
});

test('a handful that comes away is no part: ten accounts and a quarter of the finding at least', () => {
  expect(sizes([cluster(range(0, 9)), cluster(range(25, 60))])).toEqual([35]);
  expect(sizes([cluster(range(0, 14)), cluster(range(20, 60))])).toEqual([40]);
  expect(sizes([cluster(range(0, 15)), cluster(range(20, 60))])).toEqual([40, 15]);
});

test('accounts that the finding does not claim make no part of it', () => {
  expect(sizes([cluster(range(100, 160)), cluster(range(0, 60))])).toEqual([60]);
});
