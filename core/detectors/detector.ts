/** What a detector is: its description for people and documents, and one pure function. */

import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import type { Population } from '../population/population.ts';
import type { Random } from '../population/random.ts';
import type { Strata } from '../population/strata.ts';

export interface DetectorMeta {
  slug: DetectorSlug;
  title: string;
  groups: readonly EvidenceGroup[];
  /** What an operator does that this sees. */
  threat: string;
  /** Record fields it reads. */
  inputs: readonly string[];
  statistic: string;
  nullModel: string;
  parameters: readonly { name: string; value: number; unit: string; source: string }[];
  blindSpot: string;
  lookAlike: string;
  /** Share of its group's mean e-value; a detector without data leaves its share to the rest. */
  weight: number;
  /** Ceiling of its own evidence in nats; the group's ceiling is 6. */
  capNats: number;
}

/** One measurement of a candidate against what chance would give. */
export interface Measurement {
  group: EvidenceGroup;
  detector: DetectorSlug;
  /** Natural log of an e-value; negative where chance does better. */
  nats: number;
  observed: number;
  /** Median of the null draws. */
  expected: number;
  unit: string;
  /** Nats of what shows one operator by itself: a card, an exit, one scheduler. Absent where the whole row does. */
  tellingNats?: number;
}

export interface CandidateView {
  population: Population;
  /** Account numbers, one per organisation, ascending. */
  members: Int32Array;
  random: Random;
  /** Sets drawn so far, by the strata they were drawn from. */
  drawn: Map<Strata, Int32Array[]>;
}

export function viewOf(population: Population, members: Int32Array, random: Random): CandidateView {
  return { population, members, random, drawn: new Map() };
}

export interface CampaignDetector {
  meta: DetectorMeta;
  /** Measurements of the candidate, of one of its groups where it is named; none where the data say nothing. */
  measure(view: CandidateView, group?: EvidenceGroup): Measurement[];
  /**
   * Most nats that the group could have by it, by a bound that needs no draws; absent where there is none. Exact where no
   * draws are needed to measure, `least` where it is certain only that there are fewer.
   */
  mostNats?(view: CandidateView, group: EvidenceGroup, least: number): number;
}

/** Parameters by name, so that a detector reads the number that its documentation shows. */
export function parameter(meta: DetectorMeta, name: string): number {
  const found = meta.parameters.find((candidate) => candidate.name === name);
  if (!found) throw new RangeError(`${meta.slug} has no parameter ${name}`);
  return found.value;
}
