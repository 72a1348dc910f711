/**
 * Single-consumer anomaly: an account that runs away from its own usual volume while its cohort does not.
 *
 * Each account-day's residual is ln(1 + count) less the account's own median and less the day's median residual of
 * everyone (so that a holiday or a launch cancels). Residuals, in robust standard units clipped to +-4, feed a one-sided
 * CUSUM. Its null is empirical: the CUSUM values of all accounts over the last 28 days, with a tail fit.
 */
import type { Population } from '../population/population.ts';
import { median } from '../sorted.ts';
import { type DetectorMeta, parameter } from './detector.ts';
import { exponentialTail } from './tail.ts';

export const consumerAnomalyMeta: DetectorMeta = {
  slug: 'consumer-anomaly',
  title: 'Single-consumer anomaly',
  groups: ['consumer'],
  threat: 'One heavy consumer: a step or a ramp far above its own usual.',
  inputs: ['time', 'tokens.output'],
  statistic:
    'CUSUM S = max(0, S + z - 0.5) over days; z = residual of ln(1 + exchanges) against own and cohort medians, over sqrt((1.4826 MAD)^2 + 0.3^2), clipped to +-4.',
  nullModel: 'CUSUM values of all accounts over 28 days; exponential fit to the largest 2 % beyond them.',
  parameters: [
    { name: 'drift', value: 0.5, unit: 'standard units a day', source: 'start value' },
    { name: 'clip', value: 4, unit: 'standard units', source: 'start value' },
    { name: 'floor', value: 0.3, unit: 'of ln exchanges', source: 'start value' },
    { name: 'history', value: 7, unit: 'days before judgement', source: 'start value' },
    { name: 'baseline', value: 28, unit: 'days', source: 'four weeks' },
    {
      name: 'alarm',
      value: 7,
      unit: 'standard units',
      source:
        'two days at the clip; robust z alone alarms on 10 % of client-days of real clients, so p and rank decide',
    },
    { name: 'multiple', value: 3, unit: 'times its usual', source: 'severity below is for the digest' },
  ],
  blindSpot: 'Low-rate pools; an account without a week of history, or idle on most days.',
  lookAlike: 'Batch evaluation, a CI fleet, synthetic-data work: it ranks, it does not page.',
  weight: 1,
  capNats: 6,
};

export interface ConsumerAnomaly {
  account: number;
  p: number;
  /** `observed` over `expected`. */
  multiple: number;
  /** Exchanges a day: mean since, and the larger of its usual and the platform's median account. */
  observed: number;
  expected: number;
  /** Day (since 1970) on which the CUSUM left zero. */
  sinceDay: number;
}

interface Walk {
  account: number;
  /** CUSUM at the end of each of the last 28 days. */
  values: number[];
  now: number;
  sinceDay: number;
  usual: number;
  since: number;
}

/** Every account with enough history whose CUSUM is over the alarm level, with its p-value. `lastDay` is complete. */
export function consumerAnomalies(
  population: Population,
  lastDay: number,
): { found: ConsumerAnomaly[]; tested: number } {
  const common = commonShocks(population, lastDay);
  const walks: Walk[] = [];
  for (let account = 0; account < population.size; account++) {
    const walk = cusum(population, account, lastDay, common);
    if (walk !== undefined) walks.push(walk);
  }
  const typical = median(Array.from({ length: population.size }, (_, account) => population.rate(account)));
  const tail = exponentialTail(walks.flatMap(({ values }) => values));
  const found = walks
    .filter(({ now }) => now >= parameter(consumerAnomalyMeta, 'alarm'))
    .map(({ account, now, sinceDay, usual, since }) => {
      const expected = Math.max(usual, typical);
      return { account, p: tail(now), multiple: since / expected, observed: since, expected, sinceDay };
    })
    .filter(({ multiple }) => multiple >= parameter(consumerAnomalyMeta, 'multiple'));
  return { found, tested: walks.length };
}

/** ln(1 + exchanges) of each day of the baseline; days without an exchange are 0. */
function logCounts(population: Population, account: number, lastDay: number): { from: number; logs: number[] } {
  const { series } = population.profiles[account]!;
  const baseline = parameter(consumerAnomalyMeta, 'baseline');
  const from = Math.max(series[0]!.day, lastDay - baseline + 1);
  const logs = new Array<number>(Math.max(0, lastDay - from + 1)).fill(0);
  for (const { day, exchanges } of series) if (day >= from && day <= lastDay) logs[day - from] = Math.log1p(exchanges);
  return { from, logs };
}

/** Median residual of all accounts per day of the baseline. */
function commonShocks(population: Population, lastDay: number): Map<number, number> {
  const residuals = new Map<number, number[]>();
  for (let account = 0; account < population.size; account++) {
    const { from, logs } = logCounts(population, account, lastDay);
    if (logs.length < parameter(consumerAnomalyMeta, 'history')) continue;
    const own = median(logs);
    if (own === 0) continue;
    logs.forEach((value, i) => {
      const list = residuals.get(from + i);
      if (list === undefined) residuals.set(from + i, [value - own]);
      else list.push(value - own);
    });
  }
  return new Map([...residuals].map(([day, values]) => [day, median(values)]));
}

function cusum(
  population: Population,
  account: number,
  lastDay: number,
  common: Map<number, number>,
): Walk | undefined {
  const { from, logs } = logCounts(population, account, lastDay);
  if (logs.length < parameter(consumerAnomalyMeta, 'history') + 1) return undefined;
  const own = median(logs);
  // An account that is idle on most days has no usual volume to run away from.
  if (own === 0) return undefined;
  const residuals = logs.map((value, i) => value - own - (common.get(from + i) ?? 0));
  const centre = median(residuals);
  const mad = median(residuals.map((value) => Math.abs(value - centre)));
  const unit = Math.hypot(1.4826 * mad, parameter(consumerAnomalyMeta, 'floor'));
  const clip = parameter(consumerAnomalyMeta, 'clip');
  let level = 0;
  let start = 0;
  const values = residuals.map((value, i) => {
    const z = Math.max(-clip, Math.min(clip, value / unit));
    level = Math.max(0, level + z - parameter(consumerAnomalyMeta, 'drift'));
    if (level === 0) start = i + 1;
    return level;
  });
  const recent = logs.slice(start).map(Math.expm1);
  const since = recent.reduce((sum, exchanges) => sum + exchanges, 0) / Math.max(1, recent.length);
  return { account, values, now: level, sinceDay: from + start, usual: Math.expm1(own), since };
}
