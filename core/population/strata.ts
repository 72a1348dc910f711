/**
 * Strata: accounts that are comparable by chance. An account is compared with the accounts that share its plan,
 * programme, sign-up month and volume decile; where those are fewer than 500, with the next coarser set that has them.
 */

export const MIN_STRATUM = 500;

export interface Strata {
  /** Pool of each account. */
  pool: Int32Array;
  pools: Int32Array[];
  /** Everybody: for candidates that are most of their own stratum. */
  everybody: Int32Array;
}

/**
 * `levels` are keys per account from fine to coarse; the last must be the same for all. Accounts marked in `excluded`
 * get a pool but are in none.
 */
export function buildStrata(levels: readonly (readonly string[])[], excluded: Uint8Array): Strata {
  const n = excluded.length;
  const pool = new Int32Array(n).fill(-1);
  const pools: Int32Array[] = [];
  levels.forEach((keys, level) => {
    const last = level === levels.length - 1;
    const sizes = countBy(keys, excluded);
    const ids = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const key = keys[i]!;
      if (pool[i] !== -1 || (!last && (sizes.get(key) ?? 0) < MIN_STRATUM)) continue;
      let id = ids.get(key);
      if (id === undefined) {
        id = pools.push(membersOf(keys, key, excluded)) - 1;
        ids.set(key, id);
      }
      pool[i] = id;
    }
  });
  const everybody = Int32Array.from({ length: n }, (_, i) => i).filter((i) => !excluded[i]);
  return { pool, pools, everybody };
}

function countBy(keys: readonly string[], excluded: Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>();
  keys.forEach((key, i) => {
    if (!excluded[i]) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  });
  return sizes;
}

function membersOf(keys: readonly string[], key: string, excluded: Uint8Array): Int32Array {
  const members: number[] = [];
  keys.forEach((other, i) => {
    if (other === key && !excluded[i]) members.push(i);
  });
  return Int32Array.from(members);
}
