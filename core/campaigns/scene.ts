/** What every step of one sweep reads. */
import { coverage, gaps } from '../aggregates/coverage.ts';
import type { PopulationDay } from '../aggregates/population.ts';
import { PopulationTotals, type Segment } from '../aggregates/segment.ts';
import type { DataGap } from '../findings/transition.ts';
import { Population } from '../population/population.ts';
import type { ReleaseRecord } from '../records/schema.ts';
import { DAY_MS, isoTime } from '../records/time.ts';
import type { Settings } from '../settings.ts';
import { type Feature, featuresOf } from './features.ts';
import { claimedAccounts } from './track.ts';
import type { TrackedFinding } from './tracked.ts';

export interface SweepScene {
  at: number;
  iso: string;
  population: Population;
  features: () => readonly Feature[];
  days: readonly PopulationDay[];
  dataTo: string;
  releases: readonly ReleaseRecord[];
  settings: Settings;
  /** Coverage of [from, at). */
  coverageSince(from: number): number;
  /** The same, with the longest stretches that are missing. */
  seenSince(from: number): { coverage: number; gaps: DataGap[] };
}

/** A finding may come back under its own id while it is open, and for a while after it was cleared. */
export function canReturn({ at, settings }: SweepScene, { clearedAt }: TrackedFinding): boolean {
  return clearedAt === undefined || at - Date.parse(clearedAt) <= settings.lifecycle.reopenDays * DAY_MS;
}

export const isCampaign = ({ finding }: TrackedFinding) => finding.kind === 'campaign';

export function sceneOf(
  at: number,
  segments: readonly Segment[],
  tracked: readonly TrackedFinding[],
  releases: readonly ReleaseRecord[],
  settings: Settings,
): SweepScene {
  return besideOpen(sceneOfNoFinding(at, segments, releases, settings), tracked);
}

/** Nobody is compared with the accounts of open campaigns. */
export function besideOpen(scene: SweepScene, tracked: readonly TrackedFinding[]): SweepScene {
  const open = tracked.filter((finding) => isCampaign(finding) && finding.clearedAt === undefined);
  const claimed = new Set(open.flatMap((finding) => [...claimedAccounts(finding)]));
  return { ...scene, population: scene.population.without(claimed) };
}

/** What does not depend on the findings so far. */
export function sceneOfNoFinding(
  at: number,
  segments: readonly Segment[],
  releases: readonly ReleaseRecord[],
  settings: Settings,
): SweepScene {
  const sources = segments.map(({ profiles }) => profiles);
  const population = new Population(sources, { releases });
  const totals = new PopulationTotals();
  for (const segment of segments) for (const day of segment.population) totals.merge(day);
  const days = totals.list();
  let features: readonly Feature[] | undefined;
  const last = population.last.reduce((latest, time) => Math.max(latest, time), 0);
  return {
    at,
    iso: isoTime(at),
    population,
    features: () => (features ??= featuresOf(population)),
    days,
    dataTo: isoTime(last),
    releases,
    settings,
    coverageSince: (from) => coverage(days, from, at),
    seenSince: (from) => ({ coverage: coverage(days, from, at), gaps: gaps(days, from, at) }),
  };
}
