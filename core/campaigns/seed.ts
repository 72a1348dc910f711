/** A seed: a set of accounts that one kind of evidence proposes, one per organisation. */
import type { EvidenceGroup } from '../findings/finding.ts';
import type { Population } from '../population/population.ts';

export interface Seed {
  /** Stable name: kind and value. */
  key: string;
  formedBy: EvidenceGroup;
  /** Account numbers, one per organisation, ascending. */
  members: Int32Array;
  /** Where the seed is an extreme of all sets of its kind: its own tail as evidence of its group. */
  tail?: { p: number; observed: number; expected: number; unit: string };
}

export interface SeedLimits {
  minAccounts: number;
  minOrgs: number;
}

/** The account with the most exchanges stands for its organisation. */
export function onePerOrg(population: Population, accounts: ArrayLike<number>): Int32Array {
  const chosen = new Map<number, number>();
  for (let i = 0; i < accounts.length; i++) {
    const account = accounts[i]!;
    const held = chosen.get(population.org[account]!);
    if (held === undefined || population.exchanges[account]! > population.exchanges[held]!) {
      chosen.set(population.org[account]!, account);
    }
  }
  return Int32Array.from(chosen.values()).sort();
}

export function jaccard(members: Int32Array, set: ReadonlySet<number>): number {
  if (members.length === 0 || set.size === 0) return 0;
  const most = Math.min(members.length, set.size) / Math.max(members.length, set.size);
  if (most <= 0.2) return 0;
  let common = 0;
  for (const member of members) if (set.has(member)) common++;
  return common / (members.length + set.size - common);
}
