/** What opens a campaign: evidence per group, how many groups, which of them, and what their sum is worth. */
import type { Measurement } from '../detectors/detector.ts';
import { CAMPAIGN_DETECTORS } from '../detectors/index.ts';
import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import type { Settings } from '../settings.ts';
import type { Seed } from './seed.ts';

export const GROUP_CAP_NATS = 6;

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

export const MIN_GROUPS = 3;

export const MIN_BESIDES_INTENT = 2;

export interface Candidate {
  seed: Seed;
  measurements: Measurement[];
  /** Nats per evidence group, at most 6. */
  groups: Partial<Record<EvidenceGroup, number>>;
  /** Natural log of its e-value; -Infinity where the gate holds it back. */
  nats: number;
  /** Smallest level of e-BH at which it is let through; 1 where it never is. */
  q: number;
  /** Of detectors in shadow; absent where there are none. They are in none of the above. */
  shadow?: readonly Measurement[];
  /** No member has data that could join accounts: three groups of whatever is there must do. */
  blind: boolean;
}

/** Gate and product over the measurements that are left, e.g. after an innocent cause took some away. */
export function judge(seed: Seed, measurements: Measurement[], settings: Settings, blind = false): Candidate {
  const { positiveNats, lambda } = settings.detection;
  const kept = withoutUnsupported(measurements, blind);
  const groups = groupNats(kept);
  const positive = (Object.keys(groups) as EvidenceGroup[])
    .filter((group) => groups[group]! >= positiveNats)
    // A client build is a product's as well as an operator's: without one operator it is none of the three.
    .filter((group) => group !== 'network' || joins(group, kept, positiveNats) || (!blind && showsControl(kept)));
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

/** Weighted mean of the e-values of each group, as nats: valid whatever the dependence within the group. */
export function groupNats(measurements: readonly Measurement[]): Partial<Record<EvidenceGroup, number>> {
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
