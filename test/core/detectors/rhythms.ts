/** People and pools hour by hour: who is active when, drawn as counts per hour. */
import type { Random } from '../../../core/population/random.ts';
import { seededRandom } from '../../../core/population/random.ts';
import { DAY_MS } from '../../../core/records/time.ts';
import { type AccountSpec, normal, START_DAY } from '../../support/population.ts';

export const DAYS = 14;

/** Mean exchanges of hour `t` of the 14 days. */
export type Intensity = (t: number) => number;

/** Exponential gaps until they fill `mean`. */
export function poisson(random: Random, mean: number): number {
  let count = -1;
  let filled = 0;
  while (filled <= mean) {
    filled -= Math.log(1 - random.next());
    count++;
  }
  return count;
}

/** An account whose exchanges fall by chance as often as `intensity` says. */
export function drawn(account: string, random: Random, intensity: Intensity): AccountSpec {
  return counted(
    account,
    random,
    Array.from({ length: 24 * DAYS }, (_, t) => poisson(random, intensity(t))),
  );
}

/** An account with so many exchanges in each hour. */
export function counted(account: string, random: Random, counts: readonly number[]): AccountSpec {
  const hours = Array.from({ length: DAYS }, (_, day) =>
    Array.from({ length: 24 }, (_, hour) => new Array<number>(counts[24 * day + hour]!).fill(hour)).flat(),
  );
  if (hours.every((list) => list.length === 0)) hours[DAYS - 1]!.push(12);
  return {
    account,
    createdAt: Math.floor((START_DAY - 60 + 60 * random.next()) * DAY_MS),
    daily: hours.map((list) => list.length),
    hoursOn: (day) => hours[day]!,
    facts: { plan: 'payg' },
  };
}

/** Working hours of a local day, with lunch; a third of it at weekends. 14 days from a Monday. */
function workingDay(local: number): number {
  const [day, hour] = [Math.floor(local / 24), ((local % 24) + 24) % 24];
  const shape = hour >= 8 && hour < 19 ? (hour === 12 ? 0.6 : 1) : hour >= 19 && hour < 23 ? 0.3 : 0.02;
  return (((day % 7) + 7) % 7 >= 5 ? 0.3 : 1) * shape;
}

export interface PeopleSpec {
  seed?: string;
  /** Hours ahead of UTC, one of them each. */
  zones?: readonly number[];
  /** Exchanges a day in the median, and log-standard deviation over people. */
  median?: number;
  spread?: number;
  /** Multiplies everybody's intensity. */
  shock?: Intensity;
}

/** People with nothing in common but the clock: own volume, own days off, own sessions of a few hours. */
export function people(
  count: number,
  { seed = 'people', zones = [0, -5, 8, 1, -8], median = 10, spread = 1, shock = () => 1 }: PeopleSpec = {},
): AccountSpec[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const zone = zones[random.below(zones.length)]!;
    const mean = median * Math.exp(spread * normal(random));
    const at = sessions(random);
    const robot = random.next() < 0.05;
    return drawn(`k_${seed}_${String(i).padStart(5, '0')}`, random, (t) => {
      const shape = robot ? 1 / 24 : workingDay(t + zone) / 12;
      return mean * shape * at[t]! * shock(t);
    });
  });
}

/** Bursts of two to four hours at 60 % of the times, and days off. */
function sessions(random: Random): Float64Array {
  const at = new Float64Array(24 * DAYS);
  for (let t = 0; t < at.length; ) {
    const level = random.next() < 0.6 ? -1.2 * Math.log(1 - random.next()) : 0;
    for (let left = 2 + random.below(3); left > 0 && t < at.length; left--) at[t++] = level;
  }
  for (let day = 0; day < DAYS; day++) if (random.next() < 0.25) at.fill(0, 24 * day, 24 * day + 24);
  return at;
}

/** One operator's jobs: log-normal intensity that lasts about six hours, mean 1. */
export function jobs(random: Random, spread: number): Float64Array {
  const at = new Float64Array(24 * DAYS);
  const keep = Math.exp(-1 / 6);
  let level = normal(random);
  for (let t = 0; t < at.length; t++) {
    at[t] = Math.exp(spread * level - spread ** 2 / 2);
    level = keep * level + Math.sqrt(1 - keep ** 2) * normal(random);
  }
  return at;
}

/** Accounts whose work is handed out at random by one operator. `jitter`: hours by which an account lags, up to. */
export function operated(
  count: number,
  { seed = 'operated', rate = 25.6, spread = 1, from = 0, jitter = 0 } = {},
): AccountSpec[] {
  const random = seededRandom(seed);
  const at = jobs(random, spread);
  return Array.from({ length: count }, (_, i) => {
    const lag = Math.floor(jitter * random.next());
    return drawn(`m_${seed}_${String(i).padStart(4, '0')}`, random, (t) =>
      t < 24 * from ? 0 : (rate / 24) * at[(t - lag + at.length) % at.length]!,
    );
  });
}

/** A scheduler that always takes the account that rested longest. */
export function rotated(count: number, { seed = 'rotated', rate = 25.6, spread = 0 } = {}): AccountSpec[] {
  const random = seededRandom(seed);
  const at = jobs(random, spread);
  const counts = Array.from({ length: count }, () => new Array<number>(24 * DAYS).fill(0));
  let turn = 0;
  for (let t = 0; t < 24 * DAYS; t++)
    for (let left = poisson(random, (count * rate * at[t]!) / 24); left > 0; left--) counts[turn++ % count]![t]!++;
  return counts.map((row, i) => counted(`m_${seed}_${String(i).padStart(4, '0')}`, random, row));
}
