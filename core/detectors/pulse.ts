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

/** Beats of sets, each worked out by itself: of most sets that are drawn only one is asked for. */
export class Pulse {
  private readonly masks: Uint32Array;
  private readonly rows: HourRows;
  /** Per hour: sum over the set of the rows' values, or of the chances to be active, and of their squares. */
  private readonly sums = new Float64Array(HOURS);
  private readonly squares = new Float64Array(HOURS);

  constructor(population: Population) {
    this.masks = population.activity.hours;
    this.rows = hourRowsOf(population);
  }

  /** Hands out the places of four rows at once, in the order of the set: each sum is read and written once for the four. */
  private inFours(set: Int32Array, add: (a: number, b: number, c: number, d: number) => void): void {
    const { rows } = this;
    this.sums.fill(0);
    this.squares.fill(0);
    let i = 0;
    for (; i + 4 <= set.length; i += 4) {
      const [m, n, o, p] = [set[i]!, set[i + 1]!, set[i + 2]!, set[i + 3]!];
      const [a, b, c, d] = [rows.at(m), rows.at(n), rows.at(o), rows.at(p)];
      // What was made last may stand where one of the others did.
      if (rows.keeps(a, m) && rows.keeps(b, n) && rows.keeps(c, o)) add(a, b, c, d);
      else for (const account of [m, n, o, p]) add(rows.at(account), 0, 0, 0);
    }
    for (; i < set.length; i++) add(rows.at(set[i]!), 0, 0, 0);
  }

  /** Mean correlation of pairs in the same hour, the strongest day left out. */
  together(set: Int32Array): Beat {
    const { sums, squares, rows } = this;
    let fourths = 0;
    this.inFours(set, (a, b, c, d) => {
      const { units } = rows;
      for (const place of [a, b, c, d]) fourths += rows.fourths[place]!;
      const [atA, atB, atC, atD] = [a * HOURS, b * HOURS, c * HOURS, d * HOURS];
      for (let t = 0; t < HOURS; t++) {
        const v = units[atA + t]!;
        const w = units[atB + t]!;
        const x = units[atC + t]!;
        const y = units[atD + t]!;
        sums[t] = sums[t]! + v + w + x + y;
        squares[t] = squares[t]! + v * v + w * w + x * x + y * y;
      }
    });
    const pairs = Math.max(1, set.length * (set.length - 1));
    let [total, strongest, variance] = [0, 0, -fourths];
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

  /**
   * Expected active account-hours in hours in which no member was active, the strongest day left out. Chance: all members
   * are silent with probability prod(1 - p), about exp(-sum p - sum p^2 / 2).
   */
  silence(set: Int32Array): Beat {
    const { sums, squares, rows } = this;
    this.inFours(set, (a, b, c, d) => {
      const { units, lengths } = rows;
      const [atA, atB, atC, atD] = [a * HOURS, b * HOURS, c * HOURS, d * HOURS];
      const [lengthA, lengthB, lengthC, lengthD] = [lengths[a]!, lengths[b]!, lengths[c]!, lengths[d]!];
      for (let t = 0; t < HOURS; t++) {
        const v = chanceOf(units[atA + t]!, lengthA);
        const w = chanceOf(units[atB + t]!, lengthB);
        const x = chanceOf(units[atC + t]!, lengthC);
        const y = chanceOf(units[atD + t]!, lengthD);
        sums[t] = sums[t]! + v + w + x + y;
        squares[t] = squares[t]! + v * v + w * w + x * x + y * y;
      }
    });
    let [total, strongest, chance, variance] = [0, 0, 0, 0];
    for (let day = 0; day < HOUR_DAYS; day++) {
      let active = 0;
      for (const member of set) active |= this.masks[member * HOUR_DAYS + day]!;
      let missed = 0;
      for (let hour = 0; hour < 24; hour++) {
        const due = sums[24 * day + hour]!;
        const silent = Math.exp(-due - squares[24 * day + hour]! / 2);
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

function beat(observed: number, chance: number, error: number): Beat {
  return { observed, chance, error, score: (observed - chance) / Math.max(error, 1e-6) };
}
