/**
 * From a seed to a decision: evidence per group, the gate, the product of e-values, and e-BH over the sweep.
 *
 * Discovery is not confirmation: the group that formed a seed is judged on another set that nearly coincides with it
 * and was found without that group, or by the seed's own tail over all sets of its kind, or not at all.
 */

import { type Measurement, viewOf } from '../detectors/detector.ts';
import { CAMPAIGN_DETECTORS } from '../detectors/index.ts';
import { natsOfP, testedMembers } from '../detectors/resample.ts';
import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import type { Population } from '../population/population.ts';
import { seededRandom } from '../population/random.ts';
import type { Settings } from '../settings.ts';
import { jaccard, type Seed } from './seed.ts';

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

export interface Candidate {
  seed: Seed;
  measurements: Measurement[];
  /** Nats per evidence group, at most 6. */
  groups: Partial<Record<EvidenceGroup, number>>;
  /** Natural log of its e-value; -Infinity where the gate holds it back. */
  nats: number;
  /** Smallest level of e-BH at which it is let through; 1 where it never is. */
  q: number;
}

export function scoreSeeds(
  population: Population,
  seeds: readonly Seed[],
  at: number,
  settings: Settings,
): Candidate[] {
  const sets = seeds.map(({ members }) => new Set(members));
  const candidates = seeds.map((seed, i) => {
    const measurements = measureSeed(population, seed, confirming(seeds, sets, i), at);
    return judge(seed, measurements, settings);
  });
  return withQ(candidates);
}

/** Gate and product over the measurements that are left, e.g. after an innocent cause took some away. */
export function judge(seed: Seed, measurements: Measurement[], settings: Settings): Candidate {
  const groups = groupNats(measurements);
  const { positiveNats, lambda } = settings.detection;
  const positive = (Object.keys(groups) as EvidenceGroup[]).filter((group) => groups[group]! >= positiveNats);
  const open =
    positive.length >= 3 &&
    positive.filter((group) => group !== 'intent').length >= 2 &&
    positive.some((group) => TELLING.includes(group) && joins(group, measurements, positiveNats));
  const sum = Object.values(groups).reduce((total, nats) => total + nats, 0);
  return { seed, measurements, groups, nats: open ? lambda * sum : Number.NEGATIVE_INFINITY, q: 1 };
}

function joins(group: EvidenceGroup, measurements: readonly Measurement[], least: number): boolean {
  return measurements.some((row) => row.group === group && (row.tellingNats ?? row.nats) >= least);
}

/** Weighted mean of the e-values of each group, as nats: valid whatever the dependence within the group. */
function groupNats(measurements: readonly Measurement[]): Partial<Record<EvidenceGroup, number>> {
  const sums = new Map<EvidenceGroup, { weight: number; e: number }>();
  for (const { group, detector, nats } of measurements) {
    const meta = CAMPAIGN_DETECTORS.find(({ meta: { slug } }) => slug === detector)!.meta;
    const held = sums.get(group) ?? { weight: 0, e: 0 };
    held.weight += meta.weight;
    held.e += meta.weight * Math.exp(Math.min(nats, meta.capNats));
    sums.set(group, held);
  }
  return Object.fromEntries(
    [...sums].map(([group, { weight, e }]) => [group, Math.min(GROUP_CAP_NATS, Math.log(e / weight))]),
  );
}

export function intendsDistillation({ measurements }: Candidate, settings: Settings): boolean {
  return measurements.some(
    ({ detector, nats }) => DISTILLING.includes(detector) && nats >= settings.detection.positiveNats,
  );
}

/** The seed most like this one that another group formed. */
function confirming(seeds: readonly Seed[], sets: readonly Set<number>[], index: number): Seed | undefined {
  const seed = seeds[index]!;
  let best: Seed | undefined;
  let likeness = SAME_SET;
  seeds.forEach((other, i) => {
    if (other.formedBy === seed.formedBy) return;
    const alike = jaccard(seed.members, sets[i]!);
    if (alike >= likeness) {
      best = other;
      likeness = alike;
    }
  });
  return best;
}

function measureSeed(population: Population, seed: Seed, other: Seed | undefined, at: number): Measurement[] {
  const random = seededRandom(`${seed.key} ${at}`);
  const view = viewOf(population, testedMembers(seed.members), random);
  const measured = CAMPAIGN_DETECTORS.filter(({ meta }) => meta.groups.some((group) => group !== seed.formedBy))
    .flatMap((detector) => detector.measure(view))
    .filter(({ group }) => group !== seed.formedBy);
  const own = other ? measureOn(population, other, seed.formedBy, random) : [];
  const tail = ownTail(seed);
  // Both, where there are both: their mean is an e-value, the larger of them would not be.
  return [...measured, ...own, ...tail];
}

function measureOn(
  population: Population,
  other: Seed,
  group: EvidenceGroup,
  random: ReturnType<typeof seededRandom>,
): Measurement[] {
  const view = viewOf(population, testedMembers(other.members), random);
  return CAMPAIGN_DETECTORS.filter(({ meta }) => meta.groups.includes(group))
    .flatMap((detector) => detector.measure(view))
    .filter((measurement) => measurement.group === group);
}

const TAIL_DETECTOR: Partial<Record<EvidenceGroup, DetectorSlug>> = {
  content: 'template-family',
  cohort: 'cohort-birth',
};

function ownTail({ formedBy, tail }: Seed): Measurement[] {
  const detector = TAIL_DETECTOR[formedBy];
  if (tail === undefined || detector === undefined) return [];
  const { p, observed, expected, unit } = tail;
  return [{ group: formedBy, detector, nats: natsOfP(p), observed, expected, unit }];
}

/** q of each candidate under e-BH (Wang & Ramdas, JRSS-B 2022): min over j >= rank of K / (j E_(j)). */
export function withQ(candidates: readonly Candidate[]): Candidate[] {
  const order = candidates.map((_, i) => i).sort((a, b) => candidates[b]!.nats - candidates[a]!.nats || a - b);
  const q = new Array<number>(candidates.length).fill(1);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const index = order[rank - 1]!;
    least = Math.min(least, (candidates.length / rank) * Math.exp(-candidates[index]!.nats));
    q[index] = least;
  }
  return candidates.map((candidate, i) => ({ ...candidate, q: q[i]! }));
}
