/** Which accounts there are, in the order of their names, and where the profile of each is read. */
import { headAt, type ProfileSource } from '../aggregates/segment.ts';
import { ascendingOrder } from './radix.ts';

/**
 * An account's number is its place here. No map and no object per account: a sweep makes its columns outside of the heap
 * that is collected, and each collection on the way walks through what is in it.
 */
export class Names {
  /** Ascending; only accounts with at least one exchange. */
  readonly list: string[];
  private readonly sources: readonly ProfileSource[];
  private readonly sourceOf: Uint32Array;
  private readonly placeOf: Uint32Array;

  constructor(sources: readonly ProfileSource[]) {
    this.sources = sources;
    const found: string[] = [];
    const most = sources.reduce((sum, { length }) => sum + length, 0);
    const sourceOf = new Uint32Array(most);
    const placeOf = new Uint32Array(most);
    sources.forEach((source, s) => {
      for (let place = 0; place < source.length; place++) {
        const { account, days } = headAt(source, place);
        if (days === 0) continue;
        sourceOf[found.length] = s;
        placeOf[found.length] = place;
        found.push(account);
      }
    });
    const order = ascendingNames(found);
    this.list = Array.from(order, (i) => found[i]!);
    this.sourceOf = order.map((i) => sourceOf[i]!);
    this.placeOf = order.map((i) => placeOf[i]!);
  }

  /** Number of the account; undefined where there is none of this name. */
  get(name: string): number | undefined {
    let from = 0;
    for (let to = this.list.length; from < to; ) {
      const middle = (from + to) >>> 1;
      if (this.list[middle]! < name) from = middle + 1;
      else to = middle;
    }
    return this.list[from] === name ? from : undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Where the profile of the account is. */
  at(account: number): { source: ProfileSource; index: number } {
    return { source: this.sources[this.sourceOf[account]!]!, index: this.placeOf[account]! };
  }
}

/** Letters that one key of a radix sort has room for, a byte each. */
const KEY_LETTERS = 6;
const LETTERS = 256;

/** Places of the names in ascending order; equal names stay in order. By a few letters first, which part most of them. */
function ascendingNames(names: readonly string[]): Uint32Array {
  const from = commonLetters(names);
  const keys = Float64Array.from(names, (name) => {
    let key = 0;
    // A letter beyond a byte counts as the last one; the end of a name comes before any letter.
    for (let at = from; at < from + KEY_LETTERS; at++)
      key = key * LETTERS + (at < name.length ? Math.min(LETTERS - 1, name.charCodeAt(at)) : 0);
    return key;
  });
  const order = ascendingOrder(keys);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && keys[order[end]!] === keys[order[start]!]) end++;
    if (end - start < 2) continue;
    order.subarray(start, end).sort((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b));
  }
  return order;
}

/** Letters with which all names begin. */
function commonLetters(names: readonly string[]): number {
  const [first = ''] = names;
  let common = first.length;
  for (const name of names) {
    let same = 0;
    while (same < common && same < name.length && name.charCodeAt(same) === first.charCodeAt(same)) same++;
    common = same;
  }
  return common;
}
