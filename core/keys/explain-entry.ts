/** What is written down of each asking: who, when, of what kind, why. A value is never in it. */
import type { FingerprintKind } from '../records/fingerprint.ts';
import type { Explained } from './explain.ts';

export interface ExplainEntry {
  /** RFC 3339. */
  at: string;
  who: string;
  kind: FingerprintKind;
  /** Told of a value, or asked about. */
  fingerprints: Explained[];
  reason: string;
  /** Where a value was sought: how many were tried, and how many had the fingerprint. */
  tried?: number;
  found?: number;
}
