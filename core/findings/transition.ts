/** A finding's transition with everything a person is told about it. Nothing here depends on the wall clock. */
import type { Classification, Confidence, Evidence, EvidenceGroup, Finding, Severity } from './finding.ts';

/** The known innocent causes, checked by name for every candidate. */
export const BENIGN_CAUSES = [
  'corporate_nat',
  'carrier_nat',
  'vpn',
  'reseller',
  'load_test',
  'retry_storm',
  'class',
  'product_launch',
  'sdk_upgrade',
  'new_model_rush',
  'org_move',
] as const;
export type BenignCause = (typeof BENIGN_CAUSES)[number];

export interface BenignCheck {
  cause: BenignCause;
  result: 'explains' | 'partly' | 'ruled_out' | 'not_checked';
  /** What was measured, in `unit`. */
  value?: number;
  /** The value at which the cause would explain the finding. */
  limit?: number;
  unit?: string;
  /** For `not_checked`: what was missing. */
  why?: string;
}

/** One UTC day of a finding's members. */
export interface FindingDay {
  /** `YYYY-MM-DD`. */
  day: string;
  exchanges: number;
  outputTokens: number;
  /** Members with at least one exchange that day. */
  active: number;
  /** Members whose first exchange fell on that day. */
  joined: number;
  /** Members banned or closed that day. */
  banned: number;
}

/** A stretch in which records were due and none came. */
export interface DataGap {
  /** RFC 3339. */
  from: string;
  minutes: number;
}

/** What the members' queries look like as numbers: the metadata of an extraction alert (OWASP AISVS 11.5.2). */
export interface QueryProfile {
  /** Input tokens of an exchange, as the sketches of sizes tell them. */
  inputTokens: { p50: number; p95: number };
  /** Different topics and prompt templates. */
  topics: number;
  templates: number;
}

/** What changed since the last transition that people were told. */
export interface SinceLast {
  at: string;
  accounts: number;
  exchanges: number;
  severity: Severity;
  capabilitiesAdded: string[];
  groupsAdded: EvidenceGroup[];
}

/** What detectors in shadow saw of a campaign. Nothing else of a finding depends on it. */
export interface ShadowEvidence {
  /** Strongest first. */
  evidence: Evidence[];
  /** Nats of its strongest set when it was last let through, without and with them; null where the gate would have held it back. */
  nats: { without: number; with: number | null };
  /** What it would be called if they counted. */
  classification: Classification;
}

export interface TransitionContext {
  message: 'opened' | 'updated' | 'reopened' | 'cleared';
  /** 1 for the first message of this finding. */
  sequence: number;
  severityWhy: string[];
  /** Low end: certain members only. High end: certain and probable. */
  ranges: {
    accounts: [number, number];
    exchanges: [number, number];
    outputTokens: [number, number];
    /** USD at list price, to the cent; of `distillation`, and where some of its models have a price. */
    replacementUsd?: [number, number];
    /** Output tokens of days on which a model without a price was used; absent where there are none. */
    unpricedTokens?: number;
  };
  compare: {
    /** Share of all output tokens on the days of the window, 0 to 1. */
    shareOfOutput: number;
    /** Mean exchanges a day over the last `days` days and the `priorDays` (default: as many) before. */
    exchangesPerDay: { last: number; prior: number; days: number; priorDays?: number };
    /** Median exchanges per active account and day. */
    medianAccountPerDay: { members: number; all: number };
    /** Consumers: observed over its own usual volume. */
    multiple?: number;
  };
  since?: SinceLast;
  benign: BenignCheck[];
  data: {
    /** Last exchange seen by the sweep. */
    to: string;
    /** Share of the 5-minute slots that should hold a record and do, 0 to 1. */
    coverage: number;
    /** The longest stretches without a record, longest first. */
    gaps?: DataGap[];
  };
  profile: { orgs: number; verified: number } & Partial<QueryProfile>;
  /** Certain accounts that could be throttled: neither banned nor closed. */
  throttle?: { accounts: number; verified: number };
  daily: FindingDay[];
  /** Candidates examined by the sweep, whether or not let through. */
  candidates: number;
  /** Absent where no detector is in shadow, or none has looked at it. */
  shadow?: ShadowEvidence;
}

export interface MemberChange {
  account: string;
  confidence: Confidence;
}

export interface Transition {
  finding: Finding;
  context: TransitionContext;
}
