/** What makes accounts comparable: plan, programme, month of sign-up and volume, as integer keys from fine to coarse. */
import { DAY_MS } from '../records/time.ts';
import type { Population } from './population.ts';
import { buildStrata, type Strata } from './strata.ts';

export type { Strata } from './strata.ts';

const MONTH_MS = 30.4375 * DAY_MS;
const DECILES = 10;

/** `excluded` accounts get a stratum but are in none. */
export function strataOf(population: Population, excluded: Uint8Array): { strata: Strata; strataAnyVolume: Strata } {
  const { facts, size } = population;
  const everyone = new Int32Array(size);
  const programme = combined(facts.plan, facts.programme);
  const month = combined(programme, monthsOf(population.born));
  const volume = combined(month, volumeDeciles(population));
  const coarser = [month, programme, facts.plan, everyone];
  return { strata: buildStrata([volume, ...coarser], excluded), strataAnyVolume: buildStrata(coarser, excluded) };
}

/** One number per pair of numbers. */
function combined(a: Int32Array, b: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return Int32Array.from(a, (left, i) => {
    const key = left * 2 ** 24 + b[i]!;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

/** Months since 1970, from 1; 0 where the birth is unknown. */
function monthsOf(born: Float64Array): Int32Array {
  return Int32Array.from(born, (ms) => (Number.isNaN(ms) ? 0 : 1 + Math.floor(ms / MONTH_MS)));
}

function volumeDeciles(population: Population): Int32Array {
  const rates = Float64Array.from({ length: population.size }, (_, i) => population.rate(i));
  const sorted = rates.toSorted();
  const cuts = Array.from(
    { length: DECILES - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / DECILES)] ?? 0,
  );
  return Int32Array.from(rates, (rate) => cuts.filter((cut) => rate >= cut).length);
}
