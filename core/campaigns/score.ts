/**
 * From a seed to a decision: evidence per group, the gate, the product of e-values, and e-BH over the sweep.
 *
 * Discovery is not confirmation: a group that formed a seed is judged on another set that nearly coincides with it and
 * was found without that group, or by the seed's own tail over all sets of its kind, or not at all.
 */

import type { CampaignDetector, CandidateView, Measurement } from '../detectors/detector.ts';
import { viewOf } from '../detectors/detector.ts';
import { CAMPAIGN_DETECTORS } from '../detectors/index.ts';
import { natsOfP, testedMembers } from '../detectors/resample.ts';
import { measureHeldOut } from '../detectors/template-family.ts';
import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import { custodyEdges } from '../population/custody-edges.ts';
import { SeedIndex } from '../population/overlap.ts';
import type { Population } from '../population/population.ts';
import { seededRandom } from '../population/random.ts';
import type { Settings } from '../settings.ts';
import type { Seed } from './seed.ts';

export const GROUP_CAP_NATS = 6;
/** How alike two seeds must be for one to confirm the other. */
const SAME_SET = 0.2;
/** Groups of which at least one must join the accounts: the rest alone describe a class or a launch as well. */
const TELLING: readonly EvidenceGroup[] = ['custody', 'identity', 'network', 'intent'];
/** Detectors whose own evidence shows an intent to distil; the other intent detectors only support. */
const DISTILLING: readonly DetectorSlug[] = [
  'reasoning-elicitation',
  'rubric-grading',
  'coverage-sweep',
  'content-shift',
];
/** Groups that show one operator; without any of them an own mix of work is the mix of a product's users. */
const CONTROL: readonly EvidenceGroup[] = ['custody', 'identity', 'network', 'schedule'];
/**
 * Nats (e of 100) from which one of them shows it. A launch brings its own content, birth, client and mix of work, so
 * nothing but this stands between it and a finding, and it is looked at in several sets every day: one in ten is chance.
 */
const CONTROL_NATS = Math.log(100);
const MIN_GROUPS = 3;
const MIN_BESIDES_INTENT = 2;
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

export interface Candidate {
  seed: Seed;
  measurements: Measurement[];
  /** Nats per evidence group, at most 6. */
  groups: Partial<Record<EvidenceGroup, number>>;
  /** Natural log of its e-value; -Infinity where the gate holds it back. */
  nats: number;
  /** Smallest level of e-BH at which it is let through; 1 where it never is. */
  q: number;
  /** No member has data that could join accounts: three groups of whatever is there must do. */
  blind: boolean;
}

export function scoreSeeds(
  population: Population,
  seeds: readonly Seed[],
  at: number,
  settings: Settings,
): Candidate[] {
  const bench = new Bench(population, seeds, at, settings);
  const settled = new Uint8Array(population.size);
  return seeds.map((seed, i) => {
    if (inside(seed, settled)) return judge(seed, [], settings);
    const candidate = scoreOne(i);
    const sure = candidate.nats >= SETTLED_NATS + Math.log(seeds.length / settings.detection.alpha);
    if (sure && intendsDistillation(candidate, settings)) for (const member of seed.members) settled[member] = 1;
    return candidate;
  });

  function scoreOne(i: number): Candidate {
    const seed = seeds[i]!;
    return judge(seed, bench.measure(i), settings, isBlind(population, seed));
  }
}

/** Nats beyond what lets a candidate through, four for the weight of its first day, from which nothing is left to ask. */
const SETTLED_NATS = 4;
/** Sets by which one campaign may get through together. */
const SETS_OF_ONE = 10;
/** Share of a seed inside settled sets from which it has nothing to add: it is a part of what is found already. */
const INSIDE_SHARE = 0.8;

function inside({ members }: Seed, settled: Uint8Array): boolean {
  let common = 0;
  for (const member of members) common += settled[member]!;
  return common >= INSIDE_SHARE * members.length;
}

/** Gate and product over the measurements that are left, e.g. after an innocent cause took some away. */
export function judge(seed: Seed, measurements: Measurement[], settings: Settings, blind = false): Candidate {
  const { positiveNats, lambda } = settings.detection;
  const kept = withoutUnsupported(measurements, blind);
  const groups = groupNats(kept);
  const positive = (Object.keys(groups) as EvidenceGroup[])
    .filter((group) => groups[group]! >= positiveNats)
    // A client build is a product's as well as an operator's: it adds to the sum and is none of the three.
    .filter((group) => group !== 'network' || joins(group, kept, positiveNats));
  const telling = positive.some((group) => TELLING.includes(group) && joins(group, kept, positiveNats));
  const open =
    positive.length >= MIN_GROUPS &&
    positive.filter((group) => group !== 'intent').length >= MIN_BESIDES_INTENT &&
    // A crowd has its content and its birth, but not one operator's scheduler.
    (telling || (blind && positive.includes('schedule')));
  const sum = Object.values(groups).reduce((total, nats) => total + nats, 0);
  return { seed, measurements: kept, groups, nats: open ? lambda * sum : Number.NEGATIVE_INFINITY, q: 1, blind };
}

/** A real product has its own content: a shift of content counts only beside evidence of one operator. */
function withoutUnsupported(measurements: readonly Measurement[], blind: boolean): Measurement[] {
  // Where nothing can join accounts, a build server's jobs have one schedule and a mix of their own as well.
  if (!blind && showsControl(measurements)) return [...measurements];
  return measurements.filter(({ detector }) => detector !== 'content-shift');
}

/** One operator shows: a client build is the product's, so of exits and cards only what joins accounts by itself. */
export function showsControl(measurements: readonly Measurement[]): boolean {
  const groups = groupNats(measurements);
  return CONTROL.some((group) => (groups[group] ?? 0) >= CONTROL_NATS && joins(group, measurements, CONTROL_NATS));
}

function joins(group: EvidenceGroup, measurements: readonly Measurement[], least: number): boolean {
  return measurements.some((row) => row.group === group && (row.tellingNats ?? row.nats) >= least);
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

/** Weighted mean of the e-values of each group, as nats: valid whatever the dependence within the group. */
function groupNats(measurements: readonly Measurement[]): Partial<Record<EvidenceGroup, number>> {
  const sums = new Map<EvidenceGroup, { weight: number; e: number }>();
  for (const { group, detector, nats } of measurements) {
    const { weight, capNats } = META.get(detector)!;
    const held = sums.get(group) ?? { weight: 0, e: 0 };
    held.weight += weight;
    held.e += weight * Math.exp(Math.min(nats, capNats));
    sums.set(group, held);
  }
  return Object.fromEntries(
    [...sums].map(([group, { weight, e }]) => [group, Math.min(GROUP_CAP_NATS, Math.log(e / weight))]),
  );
}

const META = new Map(CAMPAIGN_DETECTORS.map(({ meta }) => [meta.slug, meta]));

export function intendsDistillation({ measurements }: Candidate, settings: Settings): boolean {
  return measurements.some(
    ({ detector, nats }) => DISTILLING.includes(detector) && nats >= settings.detection.positiveNats,
  );
}

/** Measures the seeds of one sweep, each group once per set. */
class Bench {
  private readonly population: Population;
  private readonly seeds: readonly Seed[];
  private readonly at: number;
  private readonly least: number;
  private readonly looked: readonly EvidenceGroup[];
  /** Nats over all groups that one of ten sets of a campaign needs to get through e-BH. */
  private readonly needed: number;
  private readonly index: SeedIndex;
  private readonly views = new Map<number, CandidateView>();
  private readonly measured = new WeakMap<CandidateView, Map<CampaignDetector, Measurement[]>>();
  /** What a set that confirms others has shown, per seed and group. */
  private readonly confirmed = new Map<string, Measurement[]>();

  constructor(population: Population, seeds: readonly Seed[], at: number, { detection }: Settings) {
    this.population = population;
    this.seeds = seeds;
    this.at = at;
    this.least = detection.positiveNats;
    this.needed = Math.log(seeds.length / (SETS_OF_ONE * detection.alpha)) / detection.lambda;
    this.looked = LOOKED_AT.filter((group) => !detection.withoutGroups.includes(group));
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
    let positive = 0;
    const besides = this.looked.filter((group) => group !== 'intent');
    for (const [looked, group] of besides.entries()) {
      const rows = this.rowsOf(i, group);
      found.push(...rows);
      if ((groupNats(rows)[group] ?? 0) >= this.least) positive++;
      const left = besides.length - looked - 1;
      if (positive + left < MIN_BESIDES_INTENT || this.isHopeless(found, left + 1)) return this.dismiss(i, found);
    }
    if (positive >= MIN_BESIDES_INTENT && this.looked.includes('intent')) found.push(...this.rowsOf(i, 'intent'));
    return this.dismiss(i, found);
  }

  private dismiss(i: number, found: Measurement[]): Measurement[] {
    this.views.delete(i);
    return found;
  }

  /** Even where every group that is left says all it can. */
  private isHopeless(found: readonly Measurement[], left: number): boolean {
    const sum = Object.values(groupNats(found)).reduce((total, nats) => total + nats, 0);
    return sum + left * GROUP_CAP_NATS < this.needed;
  }

  private rowsOf(i: number, group: EvidenceGroup): Measurement[] {
    const seed = this.seeds[i]!;
    if (!seed.formedBy.includes(group)) return this.measureGroup(this.viewOf(i), group);
    const other = this.index.bestMatch(i, (j) => !this.seeds[j]!.formedBy.includes(group), SAME_SET)?.other;
    const own = [...ownTail(seed, group), ...(seed.halved && group === 'content' ? this.heldOut(i) : [])];
    // Both, where there are both: their mean is an e-value, the larger of them would not be.
    return other === undefined ? own : [...this.confirming(other, group), ...own];
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
    return DETECTORS_OF[group]!.flatMap((detector) => this.rowsBy(detector, view)).filter((row) => row.group === group);
  }

  /** A detector of two groups is asked once. */
  private rowsBy(detector: CampaignDetector, view: CandidateView): Measurement[] {
    if (detector.meta.groups.length === 1) return detector.measure(view);
    let known = this.measured.get(view);
    if (known === undefined) {
      known = new Map();
      this.measured.set(view, known);
    }
    let rows = known.get(detector);
    if (rows === undefined) {
      rows = detector.measure(view);
      known.set(detector, rows);
    }
    return rows;
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

const DETECTORS_OF = Object.fromEntries(
  LOOKED_AT.map((group) => [group, CAMPAIGN_DETECTORS.filter(({ meta }) => meta.groups.includes(group))]),
) as Partial<Record<EvidenceGroup, CampaignDetector[]>>;

const TAIL_DETECTOR: Partial<Record<EvidenceGroup, DetectorSlug>> = {
  custody: 'state-custody',
  content: 'template-family',
  cohort: 'cohort-birth',
};

function ownTail({ tail }: Seed, group: EvidenceGroup): Measurement[] {
  const detector = TAIL_DETECTOR[group];
  if (tail === undefined || detector === undefined) return [];
  const { p, observed, expected, unit } = tail;
  return [{ group, detector, nats: natsOfP(p), observed, expected, unit }];
}

/**
 * q of each candidate under e-BH (Wang & Ramdas, JRSS-B 2022): min over j >= rank of K / (j E_(j)). K is the number of
 * `tested` sets, of which those not given have an e-value of 0.
 */
export function withQ(candidates: readonly Candidate[], tested = candidates.length): Candidate[] {
  const order = candidates.map((_, i) => i).sort((a, b) => candidates[b]!.nats - candidates[a]!.nats || a - b);
  const q = new Array<number>(candidates.length).fill(1);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const index = order[rank - 1]!;
    least = Math.min(least, (tested / rank) * Math.exp(-candidates[index]!.nats));
    q[index] = least;
  }
  return candidates.map((candidate, i) => ({ ...candidate, q: q[i]! }));
}
