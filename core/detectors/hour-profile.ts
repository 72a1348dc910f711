/**
 * What hours the platform keeps: the common working day by local hour, the week, and what moved everybody in one hour.
 *
 * An account's time zone is the one of 24 shifts at which its hours fit the common day best; no geography is read.
 * Estimated once per sweep on at most 10,000 accounts.
 */
import { HOUR_DAYS } from '../population/activity.ts';
import type { Population } from '../population/population.ts';
import { thinned } from './comparable.ts';

/** Hours of the 14 days. */
export const HOURS = 24 * HOUR_DAYS;
/** Local days that 14 UTC days can touch: one more at either end. */
const LOCAL_DAYS = HOUR_DAYS + 2;
const SAMPLED = 10_000;
/** Days that the common day counts for beside an account's own, in its expected day. */
const PRIOR_DAYS = 3;
/** Expected active account-hours that the whole platform's hour counts for beside one time zone's. */
const PRIOR_HOURS = 50;
const MOST_PROBABLE = 0.97;
const WEEK = 168;
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const EPOCH_WEEKDAY = 3;

/** Active on at least so many days and hours of the 14, so that one evening is no rhythm. */
export interface Eligibility {
  days: number;
  hours: number;
}

export function isEligible({ activity }: Population, account: number, { days, hours }: Eligibility): boolean {
  return activity.daysOfHours[account]! >= days && activity.activeHours[account]! >= hours;
}

export class HourProfile {
  private readonly masks: Uint32Array;
  private readonly weekStart: number;
  /** Share of an account's activity by local hour, the middle of the working day at hour 13. */
  private day: Float64Array = Float64Array.from({ length: 24 }, (_, l) => 1 + Math.cos((Math.PI * (l - 13)) / 12));
  private readonly week = new Float64Array(WEEK).fill(1);
  /** Observed over expected activity per shift and hour. */
  private readonly shocks = new Float64Array(24 * HOURS).fill(1);
  private readonly columns = new Float64Array(24);
  private readonly rates = new Float64Array(24);
  private readonly perDay = new Float64Array(LOCAL_DAYS);

  constructor(population: Population, eligibility: Eligibility) {
    this.masks = population.activity.hours;
    const from = population.activity.lastDay - HOUR_DAYS + 1;
    this.weekStart = 24 * ((from + EPOCH_WEEKDAY) % 7);
    const sample = thinned(population.strata.everybody, SAMPLED).filter((account) =>
      isEligible(population, account, eligibility),
    );
    this.fitDay(sample);
    this.fitDay(sample);
    this.fitWeek(sample);
    this.fitShocks(sample);
  }

  /** Bit h says whether the account was active in hour h (UTC) of the day. */
  maskOf(account: number, day: number): number {
    return this.masks[account * HOUR_DAYS + day]!;
  }

  /**
   * Writes to `expected` the probability that the account is active in each hour, given how many hours it was active on
   * each of its local days, its own and the common day, the week, and the hour's shock.
   */
  expect(account: number, expected: Float64Array): void {
    const shift = this.shiftOf(account);
    this.readDays(account, shift);
    this.readRates();
    const { rates, week, shocks } = this;
    let hour = (shift + 24) % 24;
    let ofWeek = (this.weekStart + shift + 24) % WEEK;
    for (let t = 0, at = (shift + 12) * HOURS; t < HOURS; t++, at++) {
      expected[t] = rates[hour]! * week[ofWeek]! * shocks[at]!;
      if (++hour === 24) hour = 0;
      if (++ofWeek === WEEK) ofWeek = 0;
    }
    for (let day = 0; day < LOCAL_DAYS; day++) {
      const from = Math.max(0, 24 * day - shift - 24);
      const to = Math.min(HOURS, 24 * day - shift);
      if (from < to) scaleToSum(expected, from, to, this.perDay[day]!);
    }
  }

  /** Hours to add to UTC, -12 to 11. */
  private shiftOf(account: number): number {
    const { columns, day } = this;
    columns.fill(0);
    for (let date = 0; date < HOUR_DAYS; date++)
      for (let mask = this.maskOf(account, date), hour = 0; mask !== 0; mask >>>= 1, hour++) columns[hour]! += mask & 1;
    let best = 0;
    let bestFit = Number.NEGATIVE_INFINITY;
    for (let shift = -12; shift < 12; shift++) {
      let fit = 0;
      for (let hour = 0; hour < 24; hour++) fit += columns[hour]! * day[(hour + shift + 24) % 24]!;
      if (fit > bestFit) [best, bestFit] = [shift, fit];
    }
    return best;
  }

  private readDays(account: number, shift: number): void {
    this.perDay.fill(0);
    this.columns.fill(0);
    for (let day = 0; day < HOUR_DAYS; day++) {
      for (let mask = this.maskOf(account, day), at = 24 * day + shift + 24; mask !== 0; mask >>>= 1, at++) {
        if ((mask & 1) === 0) continue;
        this.perDay[Math.floor(at / 24)]!++;
        this.columns[at % 24]!++;
      }
    }
  }

  /** Own hours of the day, drawn towards the common day where the account has few days. */
  private readRates(): void {
    let days = 0;
    let hours = 0;
    for (const count of this.perDay) {
      if (count > 0) days++;
      hours += count;
    }
    const mean = days === 0 ? 0 : hours / days;
    for (let hour = 0; hour < 24; hour++) {
      const common = Math.min(MOST_PROBABLE, mean * this.day[hour]!);
      const own = (this.columns[hour]! + PRIOR_DAYS * common) / (days + PRIOR_DAYS);
      this.rates[hour] = -Math.log(1 - Math.min(MOST_PROBABLE, own));
    }
  }

  private fitDay(sample: Int32Array): void {
    const day = new Float64Array(24);
    for (const account of sample) {
      const shift = this.shiftOf(account);
      const hours = this.columns.reduce((sum, count) => sum + count, 0);
      for (let hour = 0; hour < 24; hour++) day[(hour + shift + 24) % 24]! += this.columns[hour]! / hours;
    }
    if (sample.length > 0) this.day = day.map((share) => share / sample.length);
  }

  private fitWeek(sample: Int32Array): void {
    const seen = new Float64Array(WEEK);
    const due = new Float64Array(WEEK);
    this.compare(sample, (t, shift, active, expected) => {
      const at = (this.weekStart + t + shift + 24) % WEEK;
      seen[at]! += active;
      due[at]! += expected;
    });
    for (let at = 0; at < WEEK; at++) this.week[at] = (seen[at]! + PRIOR_HOURS) / (due[at]! + PRIOR_HOURS);
  }

  private fitShocks(sample: Int32Array): void {
    const seen = new Float64Array(24 * HOURS);
    const due = new Float64Array(24 * HOURS);
    this.compare(sample, (t, shift, active, expected) => {
      seen[(shift + 12) * HOURS + t]! += active;
      due[(shift + 12) * HOURS + t]! += expected;
    });
    for (let t = 0; t < HOURS; t++) {
      let [allSeen, allDue] = [0, 0];
      for (let zone = 0; zone < 24; zone++) {
        allSeen += seen[zone * HOURS + t]!;
        allDue += due[zone * HOURS + t]!;
      }
      const everywhere = (allSeen + 1) / (allDue + 1);
      for (let at = t; at < seen.length; at += HOURS)
        this.shocks[at] = Math.max(0.01, (seen[at]! + PRIOR_HOURS * everywhere) / (due[at]! + PRIOR_HOURS));
    }
  }

  private compare(
    sample: Int32Array,
    tell: (t: number, shift: number, active: number, expected: number) => void,
  ): void {
    const expected = new Float64Array(HOURS);
    for (const account of sample) {
      const shift = this.shiftOf(account);
      this.expect(account, expected);
      for (let t = 0; t < HOURS; t++)
        tell(t, shift, (this.maskOf(account, Math.floor(t / 24)) >>> (t % 24)) & 1, expected[t]!);
    }
  }
}

/** Newton steps from below: the sum is concave in the scale, so they never overshoot. */
const STEPS = 8;

/** Turns rates into probabilities 1 - exp(-scale x rate) that sum to `sum`. */
function scaleToSum(values: Float64Array, from: number, to: number, sum: number): void {
  if (sum === 0 || sum >= to - from) {
    values.fill(sum === 0 ? 0 : 1, from, to);
    return;
  }
  let all = 0;
  for (let t = from; t < to; t++) all += values[t]!;
  let scale = sum / all;
  for (let step = 0; step < STEPS; step++) {
    let [reached, slope] = [0, 0];
    for (let t = from; t < to; t++) {
      const rest = Math.exp(-scale * values[t]!);
      reached += 1 - rest;
      slope += values[t]! * rest;
    }
    if (sum - reached < 0.01) break;
    scale += (sum - reached) / slope;
  }
  for (let t = from; t < to; t++) values[t] = 1 - Math.exp(-scale * values[t]!);
}
