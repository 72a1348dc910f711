/** The registry: every detector of campaigns, in the order of their slugs. */
import { capabilityFocus } from './capability-focus.ts';
import { cohortBirth } from './cohort-birth.ts';
import { consumerAnomalyMeta } from './consumer-anomaly.ts';
import type { CampaignDetector, DetectorMeta } from './detector.ts';
import { entityLinks } from './entity-links.ts';
import { loadBalancing } from './load-balancing.ts';
import { reasoningElicitation } from './reasoning-elicitation.ts';
import { templateFamily } from './template-family.ts';

export const CAMPAIGN_DETECTORS: readonly CampaignDetector[] = [
  entityLinks,
  cohortBirth,
  loadBalancing,
  templateFamily,
  reasoningElicitation,
  capabilityFocus,
];

export const DETECTORS: readonly DetectorMeta[] = [...CAMPAIGN_DETECTORS.map(({ meta }) => meta), consumerAnomalyMeta];
