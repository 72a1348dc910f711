/** Worlds with a name. */
import { type WorldSpec, WorldSpecError } from './spec.ts';

const START = '2026-04-15T00:00:00.000Z';

const WORLDS = {
  /** A small platform with one quiet campaign in it that starts in the middle of the window. */
  demo: (seed: string): WorldSpec => ({
    seed,
    start: START,
    days: 15,
    // Its figures are printed in the documentation: what joined the simulator later stays out of it.
    benign: { accounts: 2500, maxPerDay: 3000, growth: 0, pastes: 0, planLimits: false },
    campaigns: [{ scenario: 'A1', name: 'quiet-clone', accounts: 150, ratePerDay: 25.6, start: 6, days: 9 }],
    lookalikes: [
      { scenario: 'B1', name: 'class', size: 60, start: 4 },
      { scenario: 'B2', name: 'company', size: 250 },
      { scenario: 'B3', name: 'launch', size: 200, start: 5 },
    ],
    releases: [{ model: 'sonnet-5.1', tier: 'medium', day: 9.67 }],
    noise: { duplicates: 0.003, late: 0.002, missing: 0.01, accountsWithoutRecord: 0.01 },
  }),
  /** Nobody hostile, but a company, a class and a launch that look the part. */
  quiet: (seed: string): WorldSpec => ({
    seed,
    start: START,
    days: 21,
    benign: { accounts: 4000, maxPerDay: 3000 },
    lookalikes: [
      { scenario: 'B1', name: 'class', size: 120, start: 5 },
      { scenario: 'B2', name: 'company', size: 500 },
      { scenario: 'B3', name: 'launch', size: 400, start: 8 },
    ],
    releases: [{ model: 'opus-5.1', tier: 'large', day: 12.67 }],
    holidays: [16],
    outages: [{ day: 9.6, minutes: 70 }],
  }),
  /** The published case at full size: a million accounts, 25,000 of them hostile, 60 days. */
  headline: (seed: string): WorldSpec => ({
    seed,
    start: START,
    days: 60,
    benign: { accounts: 1_000_000 },
    campaigns: [{ scenario: 'A1', name: 'quiet-clone', start: 10 }],
    lookalikes: [
      { scenario: 'B1', name: 'class', size: 300, start: 12 },
      { scenario: 'B2', name: 'company', size: 5000 },
      { scenario: 'B3', name: 'launch', size: 10_000, start: 15 },
      { scenario: 'B5', name: 'viral', size: 50_000, start: 20 },
    ],
    releases: [
      { model: 'opus-5.1', tier: 'large', day: 27.67 },
      { model: 'haiku-5.1', tier: 'small', day: 41.7 },
    ],
    holidays: [16, 40],
    outages: [
      { day: 9.6, minutes: 70 },
      { day: 33.2, minutes: 25 },
    ],
  }),
} as const;

export const WORLD_NAMES = Object.keys(WORLDS) as (keyof typeof WORLDS)[];

export function isWorldName(name: string): name is keyof typeof WORLDS {
  return Object.hasOwn(WORLDS, name);
}

/** @throws WorldSpecError where no world has that name. */
export function namedWorld(name: string, seed: string): WorldSpec {
  if (isWorldName(name)) return WORLDS[name](seed);
  throw new WorldSpecError(`${name}: no world of that name. Known: ${WORLD_NAMES.join(', ')}.`);
}
