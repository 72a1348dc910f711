/** Hourly activity of each account less what was to be expected of it: a row of 336 hours, of unit length. */
import { HOUR_DAYS } from '../population/activity.ts';
import type { Population } from '../population/population.ts';
import { type Eligibility, HOURS, HourProfile, isEligible } from './hour-profile.ts';

/** Rows kept, 1.3 kilobytes each; beyond, the oldest is written over. */
const KEPT = 32_768;

/** Active on fewer days or hours of the 14 an account has no rhythm: one evening is none. */
export const RHYTHM: Eligibility = { days: 3, hours: 20 };

export interface HourRow {
  /** Activity less expectation, scaled to unit length; all 0 where the account is always active. */
  readonly unit: Float32Array;
  /** What the row was divided by. */
  length: number;
  /** Sum of fourth powers. */
  fourth: number;
}

export class HourRows {
  private readonly population: Population;
  private profile: HourProfile | undefined;
  /** Place in `rows` plus one, per account. */
  private readonly places: Int32Array;
  private readonly rows: HourRow[] = [];
  private readonly owners = new Int32Array(KEPT);
  private next = 0;
  private readonly expected = new Float64Array(HOURS);

  constructor(population: Population) {
    this.population = population;
    this.places = new Int32Array(population.size);
  }

  /** Valid until the next call. */
  of(account: number): HourRow {
    const place = this.places[account]!;
    return place > 0 ? this.rows[place - 1]! : this.make(account);
  }

  private make(account: number): HourRow {
    const place = this.next;
    this.next = (this.next + 1) % KEPT;
    let row = this.rows[place];
    if (row === undefined) {
      row = { unit: new Float32Array(HOURS), length: 0, fourth: 0 };
      this.rows.push(row);
    } else {
      this.places[this.owners[place]!] = 0;
    }
    this.owners[place] = account;
    this.places[account] = place + 1;
    this.fill(account, row);
    return row;
  }

  private fill(account: number, row: HourRow): void {
    this.profile ??= new HourProfile(this.population, RHYTHM);
    const { profile, expected } = this;
    const { unit } = row;
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
    row.length = Math.sqrt(squares);
    // Less than one hour's worth of surprise in 14 days is rounding.
    const scale = row.length < 0.5 ? 0 : 1 / row.length;
    row.fourth = 0;
    for (let t = 0; t < HOURS; t++) {
      const scaled = unit[t]! * scale;
      unit[t] = scaled;
      row.fourth += scaled ** 4;
    }
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
