/** A finding as it is remembered between sweeps. Plain JSON, so that every store keeps it the same way. */
import type { Seen } from '../cases/cover.ts';
import type { Finding, Member, Severity } from '../findings/finding.ts';
import type { MovedSinceTold } from '../findings/membership-told.ts';
import type { ShadowEvidence, SinceLast } from '../findings/transition.ts';
import type { RememberedCandidate } from './evidence-process.ts';

/** What one sweep leaves to the next. Plain JSON. */
export interface SweepMemory {
  tracked: TrackedFinding[];
  /** Candidates that ever passed the gate, let through or not. */
  candidates: RememberedCandidate[];
}

export const NO_MEMORY: SweepMemory = { tracked: [], candidates: [] };

export interface TrackedFinding {
  /** Layout of this object; a reader refuses a newer one. */
  version: 1;
  /** The finding as its last transition had it. */
  finding: Finding;
  members: Member[];
  openedAt: string;
  /** Messages told so far. */
  sequence: number;
  /** Last exchange of status ok by a certain member (by any member where none is certain), RFC 3339. */
  lastActive: string;
  /** Latest sweep whose error control let it through. */
  lastThrough: string;
  clearedAt?: string;
  /** Latest sweep in which its accounts fell into parts. A second one in a row splits it. */
  apartAt?: string;
  /** Severity as of the latest sweeps, newest last: as far back as the rule by which it falls. */
  severities: { at: string; severity: Severity }[];
  /** What the reader was last told. */
  told: SinceLast;
  /** What detectors in shadow saw when it was last let through; absent where none is. */
  shadow?: ShadowEvidence;
  /** Accounts that stand otherwise than when it was last told; absent where none does. */
  movedSinceTold?: MovedSinceTold;
  /** As its last sweep saw it while it was open: what exceptions and plans are held against. */
  seen?: Seen;
}
