/** The search for campaigns in a population, as a sweep makes it. */
import { type Discovery, discover } from '../../core/campaigns/discover.ts';
import type { RememberedCandidate } from '../../core/campaigns/evidence-process.ts';
import { featuresOf } from '../../core/campaigns/features.ts';
import { findSeeds } from '../../core/campaigns/seeds.ts';
import type { Population } from '../../core/population/population.ts';
import { parseSettings, type Settings } from '../../core/settings.ts';

/** `at`: ms since 1970. */
export function discoverIn(
  population: Population,
  at: number,
  settings: Settings = parseSettings({}),
  before: readonly RememberedCandidate[] = [],
): Discovery {
  const seeds = findSeeds(population, settings.detection);
  return discover(population, seeds, () => featuresOf(population), before, at, settings);
}
