/**
 * Which sets of accounts are nearly the same: exact Jaccard similarity through an index from accounts to their sets.
 *
 * A question visits the sets that each of the set's accounts is in, from the largest down to the smallest that can be
 * alike enough: a set of 100,000 accounts never counts the small sets inside it.
 */
import { lowerBound } from '../sorted.ts';

export interface Match {
  other: number;
  jaccard: number;
}

export class SeedIndex {
  private readonly sets: readonly Int32Array[];
  /** Sets by size, ties by index: a set's place here stands for it below. */
  private readonly bySize: Int32Array;
  /** Accounts of the set at each place: ascending. */
  private readonly lengths: Int32Array;
  /** Places of the sets of account i are `holders[starts[i] .. starts[i + 1]]`, ascending. */
  private readonly starts: Int32Array;
  private readonly holders: Int32Array;
  /** Accounts in common with the set that is asked for, by place; zero between questions. */
  private readonly common: Int32Array;
  /** Places met by the question. */
  private readonly met: Int32Array;

  /** `sets` hold account numbers below `size`, each once. */
  constructor(sets: readonly Int32Array[], size: number) {
    this.sets = sets;
    this.bySize = Int32Array.from(sets.keys()).sort((a, b) => sets[a]!.length - sets[b]!.length || a - b);
    this.lengths = this.bySize.map((index) => sets[index]!.length);
    this.starts = new Int32Array(size + 1);
    for (const set of sets) for (const account of set) this.starts[account + 1]!++;
    for (let account = 0; account < size; account++) this.starts[account + 1]! += this.starts[account]!;
    this.holders = new Int32Array(this.starts[size]!);
    const next = this.starts.slice();
    this.bySize.forEach((index, place) => {
      for (const account of sets[index]!) this.holders[next[account]!++] = place;
    });
    this.common = new Int32Array(sets.length);
    this.met = new Int32Array(sets.length);
  }

  /**
   * The accepted set most like this one, of equals the first; undefined where none shares an account with it. A
   * similarity that is the least of interest saves time. `accept` must not ask this index.
   */
  bestMatch(index: number, accept: (other: number) => boolean, least = 0): Match | undefined {
    let best: Match | undefined;
    this.overlaps(index, least, (other, jaccard) => {
      const held = best?.jaccard ?? -1;
      if (jaccard < held || (jaccard === held && other > best!.other)) return;
      if (accept(other)) best = { other, jaccard };
    });
    return best;
  }

  /** Other sets that share an account with this one and have at least this similarity, ascending. */
  near(index: number, jaccard: number): number[] {
    const others: number[] = [];
    this.overlaps(index, jaccard, (other) => others.push(other));
    return others.sort((a, b) => a - b);
  }

  /** Calls for every other set that shares an account with this one and has at least this similarity. */
  private overlaps(index: number, least: number, found: (other: number, jaccard: number) => void): void {
    const own = this.sets[index]!.length;
    const met = this.count(index, least);
    for (let i = 0; i < met; i++) {
      const place = this.met[i]!;
      const shared = this.common[place]!;
      this.common[place] = 0;
      const other = this.bySize[place]!;
      const jaccard = shared / (own + this.lengths[place]! - shared);
      if (other !== index && jaccard >= least) found(other, jaccard);
    }
  }

  /** Counts common accounts with the sets of fitting size (similarity is at most smaller / larger); how many it met. */
  private count(index: number, least: number): number {
    const { starts, holders, common, met } = this;
    const set = this.sets[index]!;
    const from = lowerBound(this.lengths, Math.floor(least * set.length));
    const to = lowerBound(this.lengths, Math.ceil(set.length / least) + 1);
    let count = 0;
    for (let i = 0; i < set.length; i++) {
      const first = starts[set[i]!]!;
      for (let at = starts[set[i]! + 1]! - 1; at >= first; at--) {
        const place = holders[at]!;
        if (place < from) break;
        if (place < to && common[place]!++ === 0) met[count++] = place;
      }
    }
    return count;
  }
}
