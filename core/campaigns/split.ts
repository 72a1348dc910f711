/** A finding that has come apart: two sets that share no accounts and are not like each other. */
import type { Cluster } from './clusters.ts';

/** Accounts of a part, and its share of the finding's. */
const PART_ACCOUNTS = 10;
const PART_SHARE = 0.25;
/** Share of a part that may be in, or like, the other. */
const APART_SHARE = 0.05;

/** The parts that a finding's accounts fall into, largest first; fewer than two where it holds together. */
export function partsOf(
  claimed: ReadonlySet<string>,
  clusters: readonly Cluster[],
  nameOf: (account: number) => string,
): Cluster[] {
  const parts: Cluster[] = [];
  const bySize = clusters.toSorted((a, b) => b.accounts.size - a.accounts.size);
  for (const cluster of bySize) {
    const inside = [...cluster.accounts].filter((account) => claimed.has(account)).length;
    if (inside < PART_ACCOUNTS || inside < PART_SHARE * claimed.size) continue;
    if (parts.every((other) => apart(cluster, other, nameOf) && apart(other, cluster, nameOf))) parts.push(cluster);
  }
  return parts;
}

function apart(a: Cluster, b: Cluster, nameOf: (account: number) => string): boolean {
  const alike = new Set(Array.from(b.membership.held, nameOf));
  let common = 0;
  for (const account of a.accounts) if (b.accounts.has(account) || alike.has(account)) common++;
  return common <= APART_SHARE * a.accounts.size;
}
