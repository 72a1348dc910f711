/** What makes accounts comparable: volume, plan, programme and month of sign-up, as integer keys from fine to coarse. */
import { DAY_MS } from '../records/time.ts';
import type { Population } from './population.ts';
import { buildStrata, numbered, type Strata } from './strata.ts';

export type { Strata } from './strata.ts';

const MONTH_MS = 30.4375 * DAY_MS;

/**
 * Volume before all else: busy accounts hold more of everything, and are programs more often, whatever their plan. Where
 * accounts as busy are too few, plan, programme and month are matched without it.
 *
 * `excluded` accounts get a stratum but are in none.
 */
export function strataOf(population: Population, excluded: Uint8Array): { strata: Strata; strataAnyVolume: Strata } {
  const { facts, size } = population;
  const everyone = new Int32Array(size);
  const { plan } = facts;
  const programme = combined(plan, facts.programme);
  const month = combined(programme, monthsOf(population.born));
  const rates = Float64Array.from({ length: size }, (_, i) => population.rate(i));
  const sorted = rates.toSorted();
  const tenths = quantilesOf(rates, sorted, 10);
  const thirds = quantilesOf(rates, sorted, 3);
  const asBusy = [combined(month, tenths), combined(programme, tenths), combined(plan, tenths), tenths];
  const nearly = [combined(plan, thirds), thirds];
  const coarser = [month, programme, plan, everyone];
  const strata = buildStrata([...asBusy, ...nearly, ...coarser], excluded);
  const wider = buildStrata([tenths, thirds, everyone], excluded);
  return { strata: { ...strata, wider }, strataAnyVolume: buildStrata(coarser, excluded) };
}

/** One number per pair of numbers, from 0. */
function combined(a: Int32Array, b: Int32Array): Int32Array {
  const left = numbered(a);
  const right = numbered(b);
  return numbered(left.ids.map((id, i) => id * right.count + right.ids[i]!)).ids;
}

/** Months since 1970, from 1; 0 where the birth is unknown. */
function monthsOf(born: Float64Array): Int32Array {
  return Int32Array.from(born, (ms) => (Number.isNaN(ms) ? 0 : 1 + Math.floor(ms / MONTH_MS)));
}

/** Which of `parts` equal parts of the accounts, from the least busy, each is in. */
function quantilesOf(rates: Float64Array, sorted: Float64Array, parts: number): Int32Array {
  const cuts = Array.from({ length: parts - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / parts)] ?? 0);
  const places = new Int32Array(rates.length);
  for (let i = 0; i < rates.length; i++) {
    let place = 0;
    while (place < cuts.length && rates[i]! >= cuts[place]!) place++;
    places[i] = place;
  }
  return places;
}
