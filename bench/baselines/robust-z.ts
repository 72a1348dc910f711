import type { Baseline } from './baseline.ts';
import type { Tally } from './tally.ts';

const PAST_DAYS = 28;
/** Active days that an account needs to be its own measure; before, everybody's of that day are. */
const OWN_DAYS = 7;
/** Makes the median absolute deviation of a normal law its standard deviation. */
const TO_SIGMA = 1.4826;
/** Keeps the scale off zero where the past is constant. */
const LEAST_SIGMA = 0.1;

/** Robust z of the logarithm of an account's daily count (Iglewicz & Hoaglin, 1993). */
export const robustZ: Baseline = {
  id: 'robust-z',
  title: 'robust z per account',
  unit: 'z',
  usual: 3.5,
  usualFrom: 'Iglewicz & Hoaglin, 1993',
  levels(tally) {
    const everybody = dailyCounts(tally);
    return [...tally.perDay].flatMap(([account, days]) =>
      [...days].map(([day, count]) => {
        const own = [...days].filter(([at]) => at < day && at >= day - PAST_DAYS).map(([, past]) => Math.log1p(past));
        const past = own.length >= OWN_DAYS ? scaleOf(own) : everybody.get(day)!;
        return { account, day, value: (Math.log1p(count) - past.middle) / past.sigma, group: 'all' };
      }),
    );
  },
};

interface Scale {
  middle: number;
  sigma: number;
}

function dailyCounts({ perDay }: Tally): Map<number, Scale> {
  const counts = new Map<number, number[]>();
  for (const days of perDay.values()) {
    for (const [day, count] of days) {
      const list = counts.get(day);
      if (list) list.push(Math.log1p(count));
      else counts.set(day, [Math.log1p(count)]);
    }
  }
  return new Map([...counts].map(([day, list]) => [day, scaleOf(list)]));
}

function scaleOf(values: readonly number[]): Scale {
  const middle = middleOf(values);
  const sigma = TO_SIGMA * middleOf(values.map((value) => Math.abs(value - middle)));
  return { middle, sigma: Math.max(LEAST_SIGMA, sigma) };
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
