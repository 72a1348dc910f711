/** Which accounts there are, in the order of their names, and where the profile of each is read. */
import { headAt, type ProfileSource } from '../aggregates/segment.ts';

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
    const order = Uint32Array.from(found, (_, i) => i).sort((a, b) =>
      found[a]! < found[b]! ? -1 : found[a]! > found[b]! ? 1 : a - b,
    );
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
