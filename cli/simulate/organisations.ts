/** Organisations of a population: heavy-tailed sizes, one founding date, one purse, one office each. */
import { share } from './random.ts';

export interface Membership {
  /** Number of the organisation. */
  org: number;
  /** Accounts it has. */
  size: number;
  /** Place among them, 0 is the founder. */
  seat: number;
}

export class Organisations {
  /** First account of each organisation; accounts from `members` on stand alone. */
  private readonly firsts: Int32Array;
  private readonly members: number;

  /** `tail`: Pareto exponent of the sizes; no organisation holds more than a twentieth of all accounts. */
  constructor(accounts: number, memberShare: number, tail: number, word: number) {
    const members = Math.floor(accounts * memberShare);
    const largest = Math.max(2, Math.floor(accounts / 20));
    const firsts: number[] = [];
    let at = 0;
    while (members - at >= 2) {
      firsts.push(at);
      const drawn = Math.floor(2 * (1 - share(word, firsts.length)) ** (-1 / tail));
      at += Math.min(drawn, largest, members - at);
    }
    this.firsts = Int32Array.from(firsts);
    this.members = at;
  }

  of(account: number): Membership | undefined {
    if (account >= this.members) return undefined;
    let low = 0;
    let high = this.firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.firsts[middle] as number) <= account) low = middle;
      else high = middle - 1;
    }
    const first = this.firsts[low] as number;
    const next = this.firsts[low + 1] ?? this.members;
    return next - first < 2 ? undefined : { org: low, size: next - first, seat: account - first };
  }
}
