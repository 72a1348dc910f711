/**
 * How likely strangers are to hand a conversation on by accident: one pastes what the other published.
 *
 * Both happen as often as an account is busy, so by chance the busy meet (Chung & Lu, Annals of Combinatorics 2002). It
 * is seen where both kept the fingerprint. Each keeps those of lowest hash, so of two accounts the one that keeps the
 * larger share kept what the other kept: a pair meets as the product of their exchanges times the smaller share.
 */
import { SIGHTINGS } from '../aggregates/account-day.ts';
import { PROFILE_SIGHTINGS } from '../aggregates/account-profile.ts';
import type { Population } from './population.ts';

/** Accounts are put together by the share that they keep, in eighths of powers of two. */
const PER_OCTAVE = 8;
const BUCKETS = 20 * PER_OCTAVE;

/** Exchanges of the accounts that keep about one share of what they saw, and the same times that share. */
class Side {
  readonly exchanges = new Float64Array(BUCKETS);
  readonly seen = new Float64Array(BUCKETS);

  add(exchanges: number, share: number): void {
    this.exchanges[bucketOf(share)]! += exchanges;
    this.seen[bucketOf(share)]! += exchanges * share;
  }

  /** Sum over the accounts of their exchanges times `share` or their own, whichever is smaller. */
  least(share: number): number {
    const own = bucketOf(share);
    let sum = (share * this.exchanges[own]! + this.seen[own]!) / 2;
    for (let bucket = 0; bucket < own; bucket++) sum += share * this.exchanges[bucket]!;
    for (let bucket = own + 1; bucket < BUCKETS; bucket++) sum += this.seen[bucket]!;
    return sum;
  }
}

/** The higher, the smaller the share. */
function bucketOf(share: number): number {
  return Math.min(BUCKETS - 1, Math.floor(-Math.log2(share) * PER_OCTAVE));
}

/** Fingerprints kept of each account of a population. */
export interface Kept {
  /** Of those that it gave out. */
  given: Int32Array;
  /** Of those that it handed in. */
  taken: Int32Array;
}

/** Chances of a meeting within a set of accounts, in a unit of its own: only ratios mean anything. */
export class Meetings {
  private readonly population: Population;
  private readonly kept: Kept;
  private readonly givers = new Side();
  private readonly takers = new Side();
  /** Over the pairs of the set. */
  readonly among: number;

  /** Accounts of which nothing is kept meet nobody. */
  constructor(population: Population, kept: Kept, accounts: Iterable<number>) {
    this.population = population;
    this.kept = kept;
    let own = 0;
    for (const account of accounts) {
      const { exchanges, given, taken } = this.sharesOf(account);
      if (given > 0) this.givers.add(exchanges, given);
      if (taken > 0) this.takers.add(exchanges, taken);
      own += exchanges * exchanges * Math.min(given, taken);
    }
    let sum = -own;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const exchanges = this.givers.exchanges[bucket]!;
      if (exchanges > 0) sum += exchanges * this.takers.least(this.givers.seen[bucket]! / exchanges);
    }
    this.among = Math.max(0, sum);
  }

  /** Over the pairs of `account` with the others of the set; `inside`: whether it is of the set itself. */
  with(account: number, inside: boolean): number {
    const { exchanges, given, taken } = this.sharesOf(account);
    const sum =
      (given > 0 ? exchanges * this.takers.least(given) : 0) + (taken > 0 ? exchanges * this.givers.least(taken) : 0);
    return Math.max(0, sum - (inside ? 2 * exchanges * exchanges * Math.min(given, taken) : 0));
  }

  /** Exchanges, and the shares kept of what it gave out and handed in. */
  private sharesOf(account: number): { exchanges: number; given: number; taken: number } {
    const exchanges = this.population.exchanges[account]!;
    const [given, taken] = [this.kept.given[account]!, this.kept.taken[account]!];
    if (given === 0 && taken === 0) return { exchanges, given: 0, taken: 0 };
    const most = Math.min(PROFILE_SIGHTINGS, SIGHTINGS * this.population.activeDays[account]!);
    // Where there was room for more nothing was left out: a program that takes nothing up keeps all that it pastes.
    const share = (kept: number) => (kept < most ? 1 : Math.min(1, kept / exchanges));
    return { exchanges, given: given === 0 ? 0 : share(given), taken: share(taken) };
  }
}
