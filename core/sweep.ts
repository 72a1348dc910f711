/**
 * The sentence that joins the parts: profiles in, transitions of findings out.
 *
 * Pure and deterministic: the same profiles, releases and findings give the same transitions, whatever the order of
 * accounts or the number of segments.
 */
import { AccountProfile } from './aggregates/account-profile.ts';
import type { PopulationDay } from './aggregates/population.ts';
import type { Segment } from './aggregates/segment.ts';
import { advanceCampaigns } from './campaigns/advance-campaigns.ts';
import { advanceConsumers } from './campaigns/advance-consumers.ts';
import { discover, type Held } from './campaigns/discover.ts';
import { besideOpen, isCampaign, type SweepScene, sceneOfNoFinding } from './campaigns/scene.ts';
import type { Seed } from './campaigns/seed.ts';
import { findSeeds } from './campaigns/seeds.ts';
import { claimedAccounts } from './campaigns/track.ts';
import type { SweepMemory, TrackedFinding } from './campaigns/tracked.ts';
import { type Known, knownOf, type Reach, reachOf } from './cases/reach.ts';
import { withMoves } from './findings/membership-told.ts';
import type { Transition } from './findings/transition.ts';
import type { ReleaseRecord } from './records/schema.ts';
import { DAY_MS } from './records/time.ts';
import type { Settings } from './settings.ts';

/** What a sweep looks at. */
export interface SweepData {
  /** Event time of the sweep, ms since 1970. Only exchanges before it are in the segments. */
  at: number;
  segments: readonly Segment[];
  releases: readonly ReleaseRecord[];
  settings: Settings;
}

export interface SweepInput extends SweepData {
  /** As the sweep before left it. */
  memory: SweepMemory;
}

export interface SweepSummary {
  at: string;
  accounts: number;
  /** Sets of accounts examined, whether or not let through. */
  candidates: number;
  /** Natural log of the e-value of each candidate that passed the gate; the others have an e-value of 0. */
  candidateNats: number[];
  /** Consumers tested. */
  consumers: number;
  held: Held[];
  coverage: number;
  population: PopulationDay[];
}

export interface SweepResult {
  transitions: Transition[];
  /** Open findings as this sweep saw them, told or not. */
  current: Transition[];
  memory: SweepMemory;
  summary: SweepSummary;
  /** The accounts and organisations there are, as hashes: what a scope must match. */
  known: () => Known;
}

export function sweep({ memory, ...data }: SweepInput): SweepResult {
  return beginSweep(data)(memory);
}

/** The part that needs no memory is made at once, a third and more of it all: the sweep before may still be under way. */
export function beginSweep({ at, segments, releases, settings }: SweepData): (memory: SweepMemory) => SweepResult {
  const alone = sceneOfNoFinding(at, segments, releases, settings);
  const seeds = findSeeds(alone.population, settings.detection);
  return (memory) => sweepBeside(alone, seeds, memory);
}

function sweepBeside(alone: SweepScene, seeds: readonly Seed[], { tracked, candidates }: SweepMemory): SweepResult {
  const scene = besideOpen(alone, tracked);
  const { population, at, settings } = scene;
  const discovery = discover(population, seeds, scene.features, candidates, at, settings);
  const campaigns = advanceCampaigns(scene, tracked.filter(isCampaign), discovery);
  const claimed = new Set(campaigns.tracked.flatMap((finding) => [...claimedAccounts(finding)]));
  const consumers = advanceConsumers(
    scene,
    tracked.filter((finding) => !isCampaign(finding)),
    claimed,
  );
  const current = [...campaigns.current, ...consumers.current];
  return {
    transitions: [...campaigns.transitions, ...consumers.transitions],
    current,
    memory: {
      tracked: withSeen(scene, current, withMoves(tracked, [...campaigns.tracked, ...consumers.tracked])),
      candidates: discovery.remembered,
    },
    summary: {
      at: scene.iso,
      accounts: population.size,
      candidates: discovery.candidates,
      candidateNats: discovery.candidateNats,
      consumers: consumers.tested,
      held: discovery.held,
      coverage: scene.coverageSince(at - DAY_MS),
      population: [...scene.days],
    },
    known: () => knownOf(population.names, population.facts.orgNames()),
  };
}

/** What exceptions and plans are held against, for open findings only. */
function withSeen(
  { population, dataTo }: SweepScene,
  current: readonly Transition[],
  tracked: readonly TrackedFinding[],
): TrackedFinding[] {
  const scratch = new AccountProfile('');
  const daily = new Map(current.map(({ finding, context }) => [finding.id, context.daily]));
  return tracked.map(({ seen, ...finding }) => {
    const days = daily.get(finding.finding.id);
    if (days === undefined || finding.clearedAt !== undefined) return finding;
    const reach: Record<string, Reach[string]> = {};
    for (const { account, until } of finding.members) {
      const index = population.indexOf.get(account);
      if (until !== undefined) continue;
      // Who fell silent for as long as memory reaches keeps what it had.
      reach[account] = index === undefined ? (seen?.reach[account] ?? {}) : reachOf(population.profile(index, scratch));
    }
    return { ...finding, seen: { dataTo, daily: days, reach } };
  });
}
