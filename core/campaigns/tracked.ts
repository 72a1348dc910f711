/** A finding as it is remembered between sweeps. Plain JSON, so that every store keeps it the same way. */
import type { Finding, Member, Severity } from '../findings/finding.ts';
import type { SinceLast } from '../findings/transition.ts';

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
  /** Severity as of the latest sweeps, newest last: as far back as the rule by which it falls. */
  severities: { at: string; severity: Severity }[];
  /** What the reader was last told. */
  told: SinceLast;
}
