/** What comes out: findings, their transitions and their members, as the public contract has them. */
import type { Task } from '../records/schema.ts';

export const EVIDENCE_GROUPS = [
  'custody',
  'identity',
  'network',
  'cohort',
  'schedule',
  'content',
  'intent',
  'consumer',
] as const;
export type EvidenceGroup = (typeof EVIDENCE_GROUPS)[number];

export const CLASSIFICATIONS = [
  'distillation',
  'coordinated_abuse',
  'key_sharing',
  'account_takeover',
  'volume_anomaly',
] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

export type Severity = 'SEV1' | 'SEV2' | 'SEV3' | 'INFO';
export type FindingKind = 'campaign' | 'consumer';
export type FindingState = 'opened' | 'updated' | 'cleared';
export type Confidence = 'certain' | 'probable';

/** Detector slugs of the contract; the handbook's D1 to D15 in order. */
export const DETECTOR_SLUGS = [
  'state-custody',
  'entity-links',
  'cohort-birth',
  'load-balancing',
  'pool-rhythm',
  'template-family',
  'output-contract',
  'reasoning-elicitation',
  'rubric-grading',
  'coverage-sweep',
  'capability-focus',
  'release-pivot',
  'consumer-anomaly',
  'key-sharing',
  'content-shift',
] as const;
export type DetectorSlug = (typeof DETECTOR_SLUGS)[number];

/** These open findings of their own; the others speak of campaigns. */
const OF_CONSUMERS = ['consumer-anomaly', 'key-sharing'] as const;
type OfConsumers = (typeof OF_CONSUMERS)[number];

export const CAMPAIGN_SLUGS = DETECTOR_SLUGS.filter(
  (slug): slug is Exclude<DetectorSlug, OfConsumers> => !OF_CONSUMERS.some((one) => one === slug),
);

export interface Capability {
  task: Task;
  exchanges: number;
  /** Share of the members' exchanges, 0 to 1; exchanges without a task stay in the denominator. */
  share: number;
  /** Share over the population's share of the same task. */
  lift: number;
}

export interface Evidence {
  group: EvidenceGroup;
  detector: DetectorSlug;
  /** In `unit`. */
  observed: number;
  /** Median of the null draws, in `unit`. */
  expected: number;
  unit: string;
  /** Nats, capped per group. */
  strength: number;
}

export interface ErrorControl {
  /** Smallest false-discovery level under which this finding is let through, 0 to 1. */
  q: number;
  method: string;
  /** False findings expected among those that the same sweep let through. */
  expectedFalse: number;
}

export interface FindingLink {
  finding: string;
  relation: 'merged_into' | 'split_from' | 'successor_of';
}

/** One transition of a finding: a line of `findings.ndjson`. */
export interface Finding {
  type: 'finding';
  /** At most 16 characters, stable for the finding's life. */
  id: string;
  kind: FindingKind;
  state: FindingState;
  /** Event time of the sweep, RFC 3339. */
  at: string;
  classification: Classification;
  severity: Severity;
  /** First and last exchange of its members that belongs to it. */
  window: { from: string; to: string };
  accounts: { certain: number; probable: number };
  exchanges: number;
  outputTokens: number;
  capabilities: Capability[];
  /** At most five, strongest first. */
  evidence: Evidence[];
  error: ErrorControl;
  links: FindingLink[];
  /** For `updated` and `cleared`: what changed. */
  reason?: string;
}

/** A line of `members.ndjson`. */
export interface Member {
  finding: string;
  account: string;
  confidence: Confidence;
  /** Sweep that first held it. */
  claimed: string;
  /** Its first exchange that belongs to the finding. */
  since: string;
  /** Sweep from which the finding no longer claims it. */
  until?: string;
}
