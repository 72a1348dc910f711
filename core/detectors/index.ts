/** The registry: every detector, those of campaigns first. */
import { capabilityFocus } from './capability-focus.ts';
import { cohortBirth } from './cohort-birth.ts';
import { consumerAnomalyMeta } from './consumer-anomaly.ts';
import { contentShift } from './content-shift.ts';
import { coverageSweep } from './coverage-sweep.ts';
import type { CampaignDetector, DetectorMeta } from './detector.ts';
import { entityLinks } from './entity-links.ts';
import { keySharingMeta } from './key-sharing.ts';
import { loadBalancing } from './load-balancing.ts';
import { outputContract } from './output-contract.ts';
import { poolRhythm } from './pool-rhythm.ts';
import { reasoningElicitation } from './reasoning-elicitation.ts';
import { releasePivot } from './release-pivot.ts';
import { rubricGrading } from './rubric-grading.ts';
import { stateCustody } from './state-custody.ts';
import { templateFamily } from './template-family.ts';

export const CAMPAIGN_DETECTORS: readonly CampaignDetector[] = [
  stateCustody,
  entityLinks,
  cohortBirth,
  loadBalancing,
  poolRhythm,
  templateFamily,
  outputContract,
  reasoningElicitation,
  rubricGrading,
  coverageSweep,
  capabilityFocus,
  releasePivot,
  contentShift,
];

export const DETECTORS: readonly DetectorMeta[] = [
  ...CAMPAIGN_DETECTORS.map(({ meta }) => meta),
  consumerAnomalyMeta,
  keySharingMeta,
];
