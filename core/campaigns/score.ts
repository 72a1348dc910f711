/**
 * From seeds to candidates: which evidence of a seed is measured, on which set, and where it is not worth going on.
 *
 * Discovery is not confirmation: a group that formed a seed is judged on another set that nearly coincides with it and
 * was found without that group, or by the seed's own tail over all sets of its kind, or not at all.
 */

import type { CampaignDetector, CandidateView, Measurement } from '../detectors/detector.ts';
import { viewOf } from '../detectors/detector.ts';
import { CAMPAIGN_DETECTORS } from '../detectors/index.ts';
import { testedMembers } from '../detectors/resample.ts';
import { measureHeldOut } from '../detectors/template-family.ts';
import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import { custodyEdges } from '../population/custody-edges.ts';
import { SeedIndex } from '../population/overlap.ts';
import type { Population } from '../population/population.ts';
import { seededRandom } from '../population/random.ts';
import type { Settings } from '../settings.ts';
import { SAME_SHARE } from './clusters.ts';
import {
  type Candidate,
  GROUP_CAP_NATS,
  groupNats,
  intendsDistillation,
  judge,
  MIN_BESIDES_INTENT,
  MIN_GROUPS,
} from './gate.ts';
import { ownTail } from './own-tail.ts';
import type { Seed } from './seed.ts';

/** How alike two seeds must be for one to confirm the other. */
const SAME_SET = 0.2;

/** Order of looking: cheap groups first, since most sets are dismissed by them. */
const LOOKED_AT: readonly EvidenceGroup[] = [
  'custody',
  'cohort',
  'content',
  'identity',
  'network',
  'schedule',
  'intent',
];

/** Accounts that belong to a candidate at even odds or better; undefined where an innocent cause explains it. */
export type Claim = (candidate: Candidate) => ReadonlySet<number> | undefined;

export function scoreSeeds(
  population: Population,
  seeds: readonly Seed[],
  at: number,
  settings: Settings,
  claim: Claim,
): Candidate[] {
  const inShadow = (slug: DetectorSlug) => settings.detection.shadow.some((one) => one === slug);
  const bench = new Bench(population, seeds, at, settings, (slug) => !inShadow(slug));
  // With draws of its own: nothing that counts may depend on it.
  const shadows = settings.detection.shadow.length > 0 && new Bench(population, seeds, at, settings, inShadow);
  const settled: ReadonlySet<number>[] = [];
  return seeds.map((seed, i) => {
    if (settled.some((campaign) => isPartOf(seed, campaign))) return judge(seed, [], settings);
    const candidate = scoreOne(i);
    const sure = candidate.nats >= SETTLED_NATS + Math.log(seeds.length / settings.detection.alpha);
    const claimed = sure && intendsDistillation(candidate, settings) && claim(candidate);
    if (claimed) settled.push(new Set([...seed.members, ...claimed]));
    return candidate;
  });

  function scoreOne(i: number): Candidate {
    const seed = seeds[i]!;
    const candidate = judge(seed, bench.measure(i), settings, isBlind(population, seed));
    if (!shadows || candidate.nats === Number.NEGATIVE_INFINITY) return candidate;
    return { ...candidate, shadow: shadows.measureAll(i) };
  }
}

/** Nats beyond what lets a candidate through from which nothing is left to ask: 1.4 for the weight of its first day. */
const SETTLED_NATS = 2;

/** Sets by which one campaign may get through together. */
const SETS_OF_ONE = 10;

/** A seed of which so much is in one campaign that is sure already would be one with it, and has nothing to add. */
function isPartOf({ members }: Seed, campaign: ReadonlySet<number>): boolean {
  let common = 0;
  for (const member of members) if (campaign.has(member)) common++;
  return common >= SAME_SHARE * members.length;
}

/** Share of members with a field that could join accounts, below which a set is blind. */
const SEEING_SHARE = 0.5;

function isBlind(population: Population, { members }: Seed): boolean {
  const tables = population.links.filter(({ group, joins }) => joins && group !== 'content').map(({ table }) => table);
  const { known } = custodyEdges(population);
  let seeing = 0;
  for (const member of members) if (known[member] || tables.some((table) => table.has(member))) seeing++;
  return seeing < SEEING_SHARE * members.length;
}

/** Measures the seeds of one sweep, each group once per set. */
class Bench {
  private readonly population: Population;
  private readonly seeds: readonly Seed[];
  private readonly at: number;
  private readonly least: number;
  private readonly detectors: ReadonlyMap<EvidenceGroup, readonly CampaignDetector[]>;
  private readonly looked: readonly EvidenceGroup[];
  /** Nats over all groups that one of ten sets of a campaign needs to get through e-BH. */
  private readonly needed: number;
  private readonly index: SeedIndex;
  private readonly views = new Map<number, CandidateView>();
  /** What a set that confirms others has shown, per seed and group. */
  private readonly confirmed = new Map<string, Measurement[]>();

  /** `counts`: which detectors it measures by. */
  constructor(
    population: Population,
    seeds: readonly Seed[],
    at: number,
    { detection }: Settings,
    counts: (slug: DetectorSlug) => boolean,
  ) {
    this.population = population;
    this.seeds = seeds;
    this.at = at;
    this.least = detection.positiveNats;
    this.needed = Math.log(seeds.length / (SETS_OF_ONE * detection.alpha)) / detection.lambda;
    const counted = CAMPAIGN_DETECTORS.filter(({ meta }) => counts(meta.slug));
    this.detectors = new Map(
      LOOKED_AT.map((group) => [group, counted.filter(({ meta }) => meta.groups.includes(group))]),
    );
    this.looked = LOOKED_AT.filter(
      (group) => !detection.withoutGroups.includes(group) && this.detectors.get(group)!.length > 0,
    );
    this.index = new SeedIndex(
      seeds.map(({ members }) => members),
      population.size,
    );
  }

  /**
   * Stops where the groups that are left can no longer open the gate, or not with enough evidence to get through: most
   * sets are dismissed early.
   */
  measure(i: number): Measurement[] {
    const found: Measurement[] = [];
    const besides = this.looked.filter((group) => group !== 'intent');
    const most = besides.map((group) => this.mostNats(i, group));
    const possible = besides.map((group, at) => this.seeds[i]!.formedBy.includes(group) || most[at]! > this.least);
    let left = possible.filter(Boolean).length;
    let weak = besides.length - left;
    if (this.staysShut(most) || this.isHopeless(found, left + 1, weak)) return this.dismiss(i, found);
    for (const [looked, group] of besides.entries()) {
      const rows = this.rowsOf(i, group);
      found.push(...rows);
      most[looked] = groupNats(rows)[group] ?? 0;
      if (possible[looked]) left--;
      else weak--;
      if (this.staysShut(most) || this.isHopeless(found, left + 1, weak)) return this.dismiss(i, found);
    }
    if (this.looked.includes('intent')) found.push(...this.rowsOf(i, 'intent'));
    return this.dismiss(i, found);
  }

  /** Of every group, whatever it comes to. */
  measureAll(i: number): Measurement[] {
    const found = this.looked.flatMap((group) => this.rowsOf(i, group));
    return this.dismiss(i, found);
  }

  private dismiss(i: number, found: Measurement[]): Measurement[] {
    this.views.delete(i);
    return found;
  }

  /**
   * With no more than these nats in each group but intent: too few groups are positive, or so few that it takes intent,
   * which is not asked where all of it would not be enough.
   */
  private staysShut(most: readonly number[]): boolean {
    const positive = most.filter((nats) => nats >= this.least).length;
    if (positive < MIN_BESIDES_INTENT) return true;
    const sum = most.reduce((total, nats) => total + Math.min(GROUP_CAP_NATS, nats), GROUP_CAP_NATS);
    return positive < MIN_GROUPS && sum < this.needed;
  }

  /** Even where each of `left` groups says all it can, and each of `weak` all that is not positive. */
  private isHopeless(found: readonly Measurement[], left: number, weak: number): boolean {
    const sum = Object.values(groupNats(found)).reduce((total, nats) => total + nats, 0);
    return sum + left * GROUP_CAP_NATS + weak * this.least < this.needed;
  }

  /** By a bound that needs no draws, where the group has one: most sets are dismissed by bounds alone. */
  private mostNats(i: number, group: EvidenceGroup): number {
    const seed = this.seeds[i]!;
    if (seed.formedBy.includes(group)) {
      const drawn = this.confirmerOf(i, group) !== undefined || (seed.halved && group === 'content');
      return drawn ? Infinity : (groupNats(this.counted(ownTail(seed, group)))[group] ?? 0);
    }
    const bounds = this.detectors.get(group)!.map(({ mostNats }) => {
      return mostNats?.(this.viewOf(i), group, this.least) ?? Infinity;
    });
    return Math.max(...bounds);
  }

  /** The seed most like this one that the group did not form. */
  private confirmerOf(i: number, group: EvidenceGroup): number | undefined {
    return this.index.bestMatch(i, (j) => !this.seeds[j]!.formedBy.includes(group), SAME_SET)?.other;
  }

  private rowsOf(i: number, group: EvidenceGroup): Measurement[] {
    const seed = this.seeds[i]!;
    if (!seed.formedBy.includes(group)) return this.measureGroup(this.viewOf(i), group);
    const other = this.confirmerOf(i, group);
    const own = this.counted([...ownTail(seed, group), ...(seed.halved && group === 'content' ? this.heldOut(i) : [])]);
    // Both, where there are both: their mean is an e-value, the larger of them would not be.
    return other === undefined ? own : [...this.confirming(other, group), ...own];
  }

  /** Without rows that a seed brings of a detector that it does not measure by. */
  private counted(rows: readonly Measurement[]): Measurement[] {
    return rows.filter(({ group, detector }) => this.detectors.get(group)!.some(({ meta }) => meta.slug === detector));
  }

  private heldOut(i: number): Measurement[] {
    return measureHeldOut(this.viewOf(i));
  }

  private confirming(i: number, group: EvidenceGroup): Measurement[] {
    const key = `${i} ${group}`;
    let rows = this.confirmed.get(key);
    if (rows === undefined) {
      rows = this.measureGroup(this.viewOf(i), group);
      this.confirmed.set(key, rows);
      this.views.delete(i);
    }
    return rows;
  }

  private measureGroup(view: CandidateView, group: EvidenceGroup): Measurement[] {
    return this.detectors.get(group)!.flatMap((detector) => detector.measure(view, group));
  }

  private viewOf(i: number): CandidateView {
    let view = this.views.get(i);
    if (view === undefined) {
      const { members, key } = this.seeds[i]!;
      view = viewOf(this.population, testedMembers(members), seededRandom(`${key} ${this.at}`));
      this.views.set(i, view);
    }
    return view;
  }
}
