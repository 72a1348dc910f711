/** How much of what comparable accounts ask is refused or blocked: worked out once for each stratum that is asked for. */
import type { Population } from '../population/population.ts';
import { thinned } from './comparable.ts';

const HIGH = 0.99;
/** Accounts of a stratum that are asked: the 99th percentile of 20,000 is known to 0.07 % of them. */
const ASKED = 20_000;

const known = new WeakMap<Population, { ever: boolean; shares: Map<number, number> }>();

function heldOf(population: Population): { ever: boolean; shares: Map<number, number> } {
  let held = known.get(population);
  if (held === undefined) {
    held = { ever: population.work.declined.some((count) => count > 0), shares: new Map() };
    known.set(population, held);
  }
  return held;
}

/** Whether anything was ever declined: a platform that declines nothing may just not tell. */
export function everDeclined(population: Population): boolean {
  return heldOf(population).ever;
}

/** Share of marked exchanges from which an account may be of a campaign itself. */
const MARKED = 0.5;

/**
 * 99th percentile over the accounts of a stratum of the share of exchanges refused or blocked. Those who mostly ask for
 * reasoning are left out: a campaign of more than 1 % of its stratum would set its own limit.
 */
export function usuallyDeclined(population: Population, stratum: number): number {
  const { shares } = heldOf(population);
  let share = shares.get(stratum);
  if (share === undefined) {
    const { work, exchanges, strata } = population;
    const accounts = thinned(strata.pools[stratum]!, ASKED).filter(
      (account) => work.elicited[account]! < MARKED * exchanges[account]!,
    );
    const sorted = Float64Array.from(accounts, (account) => work.declined[account]! / exchanges[account]!).sort();
    share = sorted[Math.floor(HIGH * sorted.length)] ?? 0;
    shares.set(stratum, share);
  }
  return share;
}
