/** What a seed that is an extreme of all sets of its kind has of the group that formed it. */
import type { Measurement } from '../detectors/detector.ts';
import { natsOfP } from '../detectors/resample.ts';
import type { DetectorSlug, EvidenceGroup } from '../findings/finding.ts';
import type { Seed } from './seed.ts';

const TAIL_DETECTOR: Partial<Record<EvidenceGroup, DetectorSlug>> = {
  custody: 'state-custody',
  content: 'template-family',
  cohort: 'cohort-birth',
};

export function ownTail({ tail }: Seed, group: EvidenceGroup): Measurement[] {
  const detector = TAIL_DETECTOR[group];
  if (tail === undefined || detector === undefined) return [];
  const { p, observed, expected, unit } = tail;
  return [{ group, detector, nats: natsOfP(p), observed, expected, unit }];
}
