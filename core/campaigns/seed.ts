/** A seed: a set of accounts that some kind of evidence proposes, one per organisation. */
import type { EvidenceGroup } from '../findings/finding.ts';
import type { Population } from '../population/population.ts';

export interface Seed {
  /** Stable name: kind and value. */
  key: string;
  /** Groups of evidence that proposed it: what found a set cannot also prove it. */
  formedBy: readonly EvidenceGroup[];
  /** Account numbers, one per organisation, ascending. */
  members: Int32Array;
  /** Where the seed is an extreme of all sets of its kind: its own tail as evidence of its group. */
  /** Proposed by one half of the texts that accounts share: the other half may confirm it. */
  halved?: true;
  tail?: Tail;
}

export interface Tail {
  p: number;
  observed: number;
  expected: number;
  unit: string;
}

export interface SeedLimits {
  minAccounts: number;
  minOrgs: number;
}

/** The account with the most exchanges stands for its organisation. Ascending. */
export function onePerOrg({ facts, exchanges }: Population, accounts: ArrayLike<number>): Int32Array {
  const chosen = new Map<number, number>();
  for (let i = 0; i < accounts.length; i++) {
    const account = accounts[i]!;
    const held = chosen.get(facts.org[account]!);
    if (held === undefined || exchanges[account]! > exchanges[held]!) chosen.set(facts.org[account]!, account);
  }
  return Int32Array.from(chosen.values()).sort();
}
