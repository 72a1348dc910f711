/** Who a candidate is compared with where only some accounts have the data: its strata, thinned to those. */
import type { Strata } from '../population/strata.ts';

/** Accounts of a stratum that are asked, so that the work goes with the candidate's size and not the platform's. */
const ASKED = 800;
/** More are asked where the candidate has many members in a stratum: so many for each. */
const ASKED_PER_MEMBER = 20;
/** Fewer for each member would make the draws too alike: their spread shrinks by sqrt(1 - 1 / 4). */
const LEAST_PER_MEMBER = 4;

/**
 * The strata of `members` with eligible accounts only; everybody eligible in place of a stratum with too few. Undefined
 * where there are too few for any comparison.
 */
export function strataAmong(
  strata: Strata,
  members: Int32Array,
  eligible: (account: number) => boolean,
): Strata | undefined {
  const own = new Set(members);
  const chosen = (pool: Int32Array, count: number) =>
    thinned(pool, Math.max(ASKED, ASKED_PER_MEMBER * count)).filter(
      (account) => !own.has(account) && eligible(account),
    );
  const everybody = chosen(strata.everybody, members.length);
  if (everybody.length < LEAST_PER_MEMBER * members.length) return undefined;
  const pools: Int32Array[] = [];
  for (const [id, count] of countsOf(strata, members)) {
    const pool = chosen(strata.pools[id]!, count);
    pools[id] = pool.length < LEAST_PER_MEMBER * count ? everybody : pool;
  }
  return { pool: strata.pool, pools, everybody };
}

function countsOf(strata: Strata, members: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const member of members) counts.set(strata.pool[member]!, (counts.get(strata.pool[member]!) ?? 0) + 1);
  return counts;
}

/** At most `most` accounts, evenly through the list, which is in the order of fingerprints. */
export function thinned(accounts: Int32Array, most: number): Int32Array {
  if (accounts.length <= most) return accounts;
  const step = accounts.length / most;
  return Int32Array.from({ length: most }, (_, i) => accounts[Math.floor(i * step)]!);
}

/** Log of the weighted mean of e-values, each at most `cap` nats: an e-value whatever their dependence. */
export function meanOfE(parts: readonly { nats: number; weight: number }[], cap: number): number {
  let sum = 0;
  let weights = 0;
  for (const { nats, weight } of parts) {
    sum += weight * Math.exp(Math.min(nats, cap));
    weights += weight;
  }
  return Math.log(sum / weights);
}
