/**
 * Strata: accounts that are comparable by chance. An account is compared with the accounts that share its plan,
 * programme, sign-up month and volume decile; where those are fewer than 500, with the next coarser set that has them.
 */

export const MIN_STRATUM = 500;

export interface Strata {
  /** Pool of each account. */
  pool: Int32Array;
  /** Accounts of each pool, ascending. */
  pools: Int32Array[];
  /** Everybody: for candidates that are most of their own stratum. */
  everybody: Int32Array;
}

/**
 * `levels` are keys per account from fine to coarse; the last must be the same for all. Accounts marked in `excluded`
 * get a pool but are in none. Pools are numbered from fine to coarse, within a level by the first account that needs
 * them. Time is linear in accounts and levels.
 */
export function buildStrata(levels: readonly Int32Array[], excluded: Uint8Array): Strata {
  const pool = new Int32Array(excluded.length).fill(-1);
  const pools: Int32Array[] = [];
  levels.forEach((keys, level) => {
    addLevel({ pool, pools }, keys, excluded, level === levels.length - 1 ? 0 : MIN_STRATUM);
  });
  return { pool, pools, everybody: included(excluded) };
}

/** Gives a pool to each account without one whose stratum has at least `least` accounts. */
function addLevel(strata: Omit<Strata, 'everybody'>, keys: Int32Array, excluded: Uint8Array, least: number): void {
  const { ids, sizes } = stratumOfEach(keys, excluded);
  const poolOf = new Int32Array(sizes.length).fill(-1);
  const first = strata.pools.length;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (strata.pool[i] !== -1 || sizes[id]! < least) continue;
    if (poolOf[id] === -1) poolOf[id] = strata.pools.push(new Int32Array(sizes[id]!)) - 1;
    strata.pool[i] = poolOf[id]!;
  }
  const filled = new Int32Array(strata.pools.length - first);
  for (let i = 0; i < ids.length; i++) {
    const at = poolOf[ids[i]!]!;
    if (at === -1 || excluded[i]) continue;
    strata.pools[at]![filled[at - first]!] = i;
    filled[at - first]!++;
  }
}

/** Dense number of each account's stratum, and the accounts in each that are not excluded. */
function stratumOfEach(keys: Int32Array, excluded: Uint8Array): { ids: Int32Array; sizes: number[] } {
  const known = new Map<number, number>();
  const sizes: number[] = [];
  const ids = new Int32Array(excluded.length);
  for (let i = 0; i < ids.length; i++) {
    const key = keys[i]!;
    let id = known.get(key);
    if (id === undefined) {
      id = sizes.push(0) - 1;
      known.set(key, id);
    }
    ids[i] = id;
    if (!excluded[i]) sizes[id]!++;
  }
  return { ids, sizes };
}

function included(excluded: Uint8Array): Int32Array {
  const accounts = new Int32Array(excluded.length);
  let length = 0;
  for (let i = 0; i < excluded.length; i++) if (!excluded[i]) accounts[length++] = i;
  return accounts.slice(0, length);
}
