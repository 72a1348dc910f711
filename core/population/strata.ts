/**
 * Strata: accounts that are comparable by chance. An account is compared with the accounts that share its volume decile,
 * plan, programme and sign-up month; where those are fewer than 500, with the next coarser set that has them.
 */

export const MIN_STRATUM = 500;

export interface Strata {
  /** Pool of each account. */
  pool: Int32Array;
  /** Accounts of each pool, ascending. */
  pools: Int32Array[];
  /** Everybody: for candidates that are most of their own stratum. */
  everybody: Int32Array;
  /** Sets of accounts as busy, for a candidate that is too much of its own. */
  wider?: Strata;
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
  const { ids, count } = numbered(keys);
  const sizes = new Array<number>(count).fill(0);
  for (let i = 0; i < ids.length; i++) if (!excluded[i]) sizes[ids[i]!]!++;
  return { ids, sizes };
}

/** Keys numbered from 0 in the order in which they come. */
export function numbered(keys: Int32Array): { ids: Int32Array; count: number } {
  let [least, most] = [0, 0];
  for (const key of keys) {
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const numbers = most - least < MOST_IN_A_TABLE ? new InTable(least, most) : new Map<number, number>();
  const ids = new Int32Array(keys.length);
  let count = 0;
  for (let i = 0; i < keys.length; i++) {
    let number = numbers.get(keys[i]!);
    if (number === undefined) {
      number = count++;
      numbers.set(keys[i]!, number);
    }
    ids[i] = number;
  }
  return { ids, count };
}

/** Keys are few and small, but for those of odd data. */
const MOST_IN_A_TABLE = 2 ** 22;

/** A map of whole numbers without hashing. */
class InTable {
  private readonly least: number;
  private readonly numbers: Int32Array;

  constructor(least: number, most: number) {
    this.least = least;
    this.numbers = new Int32Array(most - least + 1).fill(-1);
  }

  get(key: number): number | undefined {
    const number = this.numbers[key - this.least]!;
    return number === -1 ? undefined : number;
  }

  set(key: number, number: number): void {
    this.numbers[key - this.least] = number;
  }
}

function included(excluded: Uint8Array): Int32Array {
  const accounts = new Int32Array(excluded.length);
  let length = 0;
  for (let i = 0; i < excluded.length; i++) if (!excluded[i]) accounts[length++] = i;
  return accounts.slice(0, length);
}
