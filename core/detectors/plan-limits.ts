/** What a plan lets an account do in a day, as far as its busiest accounts show. No record states a limit. */
import type { Population } from '../population/population.ts';
import { thinned } from './comparable.ts';

const SAMPLED = 20_000;
/** Account-days of a plan from which its 99th percentile is more than its few heaviest accounts. */
const LEAST_DAYS = 1000;
/** Share of the 99th percentile from which a day is at the limit. */
const NEAR = 0.9;

export class PlanLimits {
  private readonly population: Population;
  private readonly limits = new Map<number, number>();

  constructor(population: Population) {
    this.population = population;
    for (const [plan, counts] of countsByPlan(population)) {
      if (counts.length < LEAST_DAYS) continue;
      const sorted = Float64Array.from(counts).sort();
      this.limits.set(plan, sorted[Math.floor(0.99 * sorted.length)]!);
    }
  }

  /** Whether on half of its days or more the account did 90 to 100 % of its plan's 99th percentile. */
  reached(account: number): boolean {
    const { activity, facts } = this.population;
    const limit = this.limits.get(facts.plan[account]!);
    if (limit === undefined) return false;
    const [from, to] = [activity.offsets[account]!, activity.offsets[account + 1]!];
    let near = 0;
    for (let at = from; at < to; at++) {
      const count = activity.counts[at]!;
      if (count >= NEAR * limit && count <= limit) near++;
    }
    return 2 * near >= to - from;
  }
}

function countsByPlan({ activity, facts, strata }: Population): Map<number, number[]> {
  const byPlan = new Map<number, number[]>();
  for (const account of thinned(strata.everybody, SAMPLED)) {
    const plan = facts.plan[account]!;
    const counts = byPlan.get(plan) ?? [];
    byPlan.set(plan, counts);
    for (let at = activity.offsets[account]!; at < activity.offsets[account + 1]!; at++)
      counts.push(activity.counts[at]!);
  }
  return byPlan;
}

const known = new WeakMap<Population, PlanLimits>();

/** Estimated once per sweep. */
export function planLimitsOf(population: Population): PlanLimits {
  let limits = known.get(population);
  if (limits === undefined) {
    limits = new PlanLimits(population);
    known.set(population, limits);
  }
  return limits;
}
