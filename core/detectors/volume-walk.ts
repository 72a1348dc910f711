/**
 * One account's active days at a time, as ln(1 + exchanges) less what moved everybody, with running sums.
 *
 * The buffers are reused from account to account: a sweep walks a million of them.
 */
import type { Population } from '../population/population.ts';
import type { PlatformMoves } from './platform-moves.ts';

/** Days that a walk looks back: four weeks to judge, and the usual of four weeks before each of them. */
export const WALK_DAYS = 63;

export class VolumeWalk {
  /** Active days looked at. */
  length = 0;
  /** Days since 1970, ascending. */
  readonly days = new Int32Array(WALK_DAYS);
  readonly exchanges = new Float64Array(WALK_DAYS);
  /** ln(1 + exchanges) less the platform's move of that day. */
  readonly logs = new Float64Array(WALK_DAYS);
  /** Running sums of `logs` and of their squares: [0, i). */
  private readonly sums = new Float64Array(WALK_DAYS + 1);
  private readonly squares = new Float64Array(WALK_DAYS + 1);
  private readonly population: Population;
  private readonly lastDay: number;
  private readonly moves: PlatformMoves | undefined;

  /** Days after `lastDay` are not looked at: they are not complete. */
  constructor(population: Population, lastDay: number, moves?: PlatformMoves) {
    this.population = population;
    this.lastDay = lastDay;
    this.moves = moves;
  }

  load(account: number): void {
    const { days, counts, offsets } = this.population.activity;
    const { lastDay, moves } = this;
    const row = moves?.rowOf(account) ?? 0;
    let end = offsets[account + 1]!;
    while (end > offsets[account]! && days[end - 1]! > lastDay) end--;
    let at = offsets[account]!;
    while (at < end && days[at]! <= lastDay - WALK_DAYS) at++;
    this.length = end - at;
    for (let i = 0; at < end; i++, at++) {
      const day = days[at]!;
      const log = Math.log1p(counts[at]!) - (moves === undefined ? 0 : moves.on(row, day));
      this.days[i] = day;
      this.exchanges[i] = counts[at]!;
      this.logs[i] = log;
      this.sums[i + 1] = this.sums[i]! + log;
      this.squares[i + 1] = this.squares[i]! + log * log;
    }
  }

  /** First active day from `day` on, as a place. */
  from(day: number): number {
    let i = 0;
    while (i < this.length && this.days[i]! < day) i++;
    return i;
  }

  /** Mean of `logs` in [from, to). */
  mean(from: number, to: number): number {
    return (this.sums[to]! - this.sums[from]!) / (to - from);
  }

  /** Sum of squared distances from that mean. */
  scatter(from: number, to: number): number {
    const sum = this.sums[to]! - this.sums[from]!;
    return Math.max(0, this.squares[to]! - this.squares[from]! - (sum * sum) / (to - from));
  }

  /** Largest count in [from, to); 0 of nothing. */
  most(from: number, to: number): number {
    let most = 0;
    for (let i = from; i < to; i++) if (this.exchanges[i]! > most) most = this.exchanges[i]!;
    return most;
  }
}
