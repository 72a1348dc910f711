/** Hourly activity of each account less what was to be expected of it: a row of 336 hours, of unit length. */
import { HOUR_DAYS } from '../population/activity.ts';
import type { Population } from '../population/population.ts';
import { type Eligibility, HOURS, HourProfile, isEligible } from './hour-profile.ts';

/** Rows kept, 1.3 kilobytes each; beyond, the oldest is written over. */
const KEPT = 32_768;

/** Active on fewer days or hours of the 14 an account has no rhythm: one evening is none. */
export const RHYTHM: Eligibility = { days: 3, hours: 20 };

/** Rows that there is room for at first: 2.7 megabytes. */
const AT_ONCE = 2048;

export class HourRows {
  private readonly population: Population;
  private profile: HourProfile | undefined;
  /** Per account: place of its row, 0 where it is not kept. */
  private readonly places: Int32Array;
  private readonly owners = new Int32Array(KEPT + 1).fill(-1);
  private next = 1;
  private readonly expected = new Float64Array(HOURS);
  /** By place: activity less expectation, scaled to unit length; all 0 where the account is always active. */
  units = new Float32Array(AT_ONCE * HOURS);
  /** By place: what the row was divided by. */
  readonly lengths = new Float64Array(KEPT + 1);
  /** By place: sum of fourth powers. */
  readonly fourths = new Float64Array(KEPT + 1);

  constructor(population: Population) {
    this.population = population;
    this.places = new Int32Array(population.size);
  }

  /**
   * Place of the account's row, made where it is not kept. One that is made may be written over an older one. The row at 0
   * is nobody's, and all 0.
   */
  at(account: number): number {
    return this.places[account]! || this.make(account);
  }

  /** Whether the row at `place` is still the account's. */
  keeps(place: number, account: number): boolean {
    return this.owners[place] === account;
  }

  private make(account: number): number {
    const place = this.next;
    this.next = place === KEPT ? 1 : place + 1;
    if (this.owners[place]! >= 0) this.places[this.owners[place]!] = 0;
    if ((place + 1) * HOURS > this.units.length) this.grow();
    this.owners[place] = account;
    this.places[account] = place;
    this.fill(account, place);
    return place;
  }

  private grow(): void {
    const larger = new Float32Array(Math.min((KEPT + 1) * HOURS, 2 * this.units.length));
    larger.set(this.units);
    this.units = larger;
  }

  private fill(account: number, place: number): void {
    this.profile ??= new HourProfile(this.population, RHYTHM);
    const { profile, expected } = this;
    const unit = this.units.subarray(place * HOURS, (place + 1) * HOURS);
    profile.expect(account, expected);
    let squares = 0;
    for (let day = 0, t = 0; day < HOUR_DAYS; day++) {
      const mask = profile.maskOf(account, day);
      for (let hour = 0; hour < 24; hour++, t++) {
        const residual = ((mask >>> hour) & 1) - expected[t]!;
        unit[t] = residual;
        squares += residual * residual;
      }
    }
    const length = Math.sqrt(squares);
    // Less than one hour's worth of surprise in 14 days is rounding.
    const scale = length < 0.5 ? 0 : 1 / length;
    let fourth = 0;
    for (let t = 0; t < HOURS; t++) {
      const scaled = unit[t]! * scale;
      unit[t] = scaled;
      fourth += scaled ** 4;
    }
    this.lengths[place] = length;
    this.fourths[place] = fourth;
  }
}

const known = new WeakMap<Population, HourRows>();

/** Rows of one sweep: made when asked for, shared by its candidates. */
export function hourRowsOf(population: Population): HourRows {
  let rows = known.get(population);
  if (rows === undefined) {
    rows = new HourRows(population);
    known.set(population, rows);
  }
  return rows;
}

export function hasRhythm(population: Population, account: number): boolean {
  return isEligible(population, account, RHYTHM);
}
