/** How much of all output went to campaigns. */
import type { PopulationDay } from '../aggregates/population.ts';
import type { Transition } from '../findings/transition.ts';
import { dayNumber, isoDay } from './dates.ts';

/** Output of campaigns against all output, over some days. */
export interface OutputShare {
  from: string;
  campaigns: number;
  all: number;
}

/** Findings that were merged into another are left out, or their output would count twice. */
export function shareOver(latest: readonly Transition[], population: readonly PopulationDay[]) {
  const campaigns = new Map<number, number>();
  for (const { finding, context } of latest) {
    if (finding.kind !== 'campaign' || finding.links.some((link) => link.relation === 'merged_into')) continue;
    for (const each of context.daily) {
      const day = dayNumber(each.day);
      campaigns.set(day, (campaigns.get(day) ?? 0) + each.outputTokens);
    }
  }
  const all = new Map(population.map((each) => [each.day, each.outputTokens]));
  return (from: number, to: number): OutputShare => {
    const days = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    const sum = (of: Map<number, number>) => days.reduce((total, day) => total + (of.get(day) ?? 0), 0);
    return { from: isoDay(from), campaigns: sum(campaigns), all: sum(all) };
  };
}
