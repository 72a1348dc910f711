/** How a set of accounts moves together: its common beats and common pauses, from the sums of its hour rows. */
import { HOUR_DAYS } from '../population/activity.ts';
import type { Population } from '../population/population.ts';
import { HOURS } from './hour-profile.ts';
import { type HourRows, hourRowsOf } from './hour-rows.ts';

/** A statistic of a set, and how far it is from what independent accounts have, in standard errors. */
export interface Beat {
  observed: number;
  chance: number;
  error: number;
  score: number;
}

export interface Beats {
  /** Mean correlation of pairs in the same hour, the strongest day left out. */
  together: Beat;
  /** Expected active account-hours in hours in which no member was active, the strongest day left out. */
  silence: Beat;
}

/** Beats of sets; remembered per set, because several statistics are resampled on the same draws. */
export class Pulse {
  /** What is asked of the sets to come; the other is not worked out. */
  asked: Readonly<Record<keyof Beats, boolean>> = { together: true, silence: true };
  private readonly masks: Uint32Array;
  private readonly rows: HourRows;
  private readonly known = new Map<Int32Array, Beats>();
  private readonly sums = new Float64Array(HOURS);
  private readonly squares = new Float64Array(HOURS);
  /** Expected active members, and sum of their squared probabilities. */
  private readonly due = new Float64Array(HOURS);
  private readonly dueSquares = new Float64Array(HOURS);
  private fourths = 0;

  constructor(population: Population) {
    this.masks = population.activity.hours;
    this.rows = hourRowsOf(population);
  }

  of(set: Int32Array): Beats {
    let beats = this.known.get(set);
    if (beats === undefined) {
      this.clear();
      this.add(set);
      const pairs = Math.max(1, set.length * (set.length - 1));
      beats = {
        together: this.asked.together ? this.together(pairs) : UNASKED,
        silence: this.asked.silence ? this.silence(set) : UNASKED,
      };
      this.known.set(set, beats);
    }
    return beats;
  }

  private clear(): void {
    for (const column of [this.sums, this.squares, this.due, this.dueSquares]) column.fill(0);
    this.fourths = 0;
  }

  /** Four rows at once, in the order of the set: a sum is read and written once for all of them. */
  private add(set: Int32Array): void {
    const { rows } = this;
    let i = 0;
    for (; i + 4 <= set.length; i += 4) {
      const [m, n, o, p] = [set[i]!, set[i + 1]!, set[i + 2]!, set[i + 3]!];
      const [a, b, c, d] = [rows.at(m), rows.at(n), rows.at(o), rows.at(p)];
      // What was made last may stand where one of the others did.
      if (rows.keeps(a, m) && rows.keeps(b, n) && rows.keeps(c, o)) this.addRows(a, b, c, d);
      else for (const account of [m, n, o, p]) this.addRow(rows.at(account));
    }
    for (; i < set.length; i++) this.addRow(rows.at(set[i]!));
  }

  private addRows(a: number, b: number, c: number, d: number): void {
    const { sums, squares, due, dueSquares } = this;
    const { units, lengths, fourths } = this.rows;
    const [atA, atB, atC, atD] = [a * HOURS, b * HOURS, c * HOURS, d * HOURS];
    if (this.asked.together) {
      for (const place of [a, b, c, d]) this.fourths += fourths[place]!;
      for (let t = 0; t < HOURS; t++) {
        const v = units[atA + t]!;
        const w = units[atB + t]!;
        const x = units[atC + t]!;
        const y = units[atD + t]!;
        sums[t] = sums[t]! + v + w + x + y;
        squares[t] = squares[t]! + v * v + w * w + x * x + y * y;
      }
    }
    if (this.asked.silence) {
      const [lengthA, lengthB, lengthC, lengthD] = [lengths[a]!, lengths[b]!, lengths[c]!, lengths[d]!];
      for (let t = 0; t < HOURS; t++) {
        const v = chanceOf(units[atA + t]!, lengthA);
        const w = chanceOf(units[atB + t]!, lengthB);
        const x = chanceOf(units[atC + t]!, lengthC);
        const y = chanceOf(units[atD + t]!, lengthD);
        due[t] = due[t]! + v + w + x + y;
        dueSquares[t] = dueSquares[t]! + v * v + w * w + x * x + y * y;
      }
    }
  }

  private addRow(place: number): void {
    const { sums, squares, due, dueSquares } = this;
    const { units, lengths, fourths } = this.rows;
    const length = lengths[place]!;
    if (this.asked.together) this.fourths += fourths[place]!;
    for (let t = 0, at = place * HOURS; t < HOURS; t++, at++) {
      const value = units[at]!;
      if (this.asked.together) {
        sums[t]! += value;
        squares[t]! += value * value;
      }
      if (this.asked.silence) {
        const chance = chanceOf(value, length);
        due[t]! += chance;
        dueSquares[t]! += chance * chance;
      }
    }
  }

  private together(pairs: number): Beat {
    const { sums, squares } = this;
    let [total, strongest, variance] = [0, 0, -this.fourths];
    for (let day = 0; day < HOUR_DAYS; day++) {
      let common = 0;
      for (let t = 24 * day; t < 24 * day + 24; t++) {
        common += sums[t]! ** 2 - squares[t]!;
        variance += squares[t]! ** 2;
      }
      total += common;
      strongest = Math.max(strongest, common);
    }
    return beat((total - strongest) / pairs, 0, Math.sqrt(2 * Math.max(0, variance)) / pairs);
  }

  /** Chance: all members are silent with probability prod(1 - p), about exp(-sum p - sum p^2 / 2). */
  private silence(set: Int32Array): Beat {
    let [total, strongest, chance, variance] = [0, 0, 0, 0];
    for (let day = 0; day < HOUR_DAYS; day++) {
      let active = 0;
      for (const member of set) active |= this.masks[member * HOUR_DAYS + day]!;
      let missed = 0;
      for (let hour = 0; hour < 24; hour++) {
        const due = this.due[24 * day + hour]!;
        const silent = Math.exp(-due - this.dueSquares[24 * day + hour]! / 2);
        if (!((active >>> hour) & 1)) missed += due;
        chance += due * silent;
        variance += due * due * silent * (1 - silent);
      }
      total += missed;
      strongest = Math.max(strongest, missed);
    }
    return beat(total - strongest, chance, Math.sqrt(variance));
  }
}

/** A residual is 1 - p in an active hour and -p in a silent one: p. Rounding up half of it gives that 1 without a branch. */
function chanceOf(value: number, length: number): number {
  return Math.ceil(value / 2) - value * length;
}

const UNASKED: Beat = { observed: Number.NaN, chance: Number.NaN, error: Number.NaN, score: Number.NaN };

function beat(observed: number, chance: number, error: number): Beat {
  return { observed, chance, error, score: (observed - chance) / Math.max(error, 1e-6) };
}
