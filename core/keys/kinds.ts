/** Which fingerprints the bridge joins, and for how long. */
import type { FingerprintKind } from '../records/fingerprint.ts';
import { type KeyRing, overlaps } from './epoch.ts';

/** Kinds that end in one field of a record are one kind here: a reader of the record cannot tell them apart. */
export type BridgeKind = Exclude<FingerprintKind, 'agent-headers' | 'output'>;

export function bridgeKind(kind: FingerprintKind): BridgeKind {
  if (kind === 'agent-headers') return 'agent';
  return kind === 'output' ? 'custody' : kind;
}

/** Given to one exchange or conversation: they come back within days or never, so only the last of them are noted. */
const PASSING: ReadonlySet<BridgeKind> = new Set(['exchange', 'session', 'custody']);

const DAY_MS = 86_400_000;
/** Before the change of names, within which passing values are noted. */
const NOTE_PASSING_MS = 2 * DAY_MS;
/** After it, for which they are still looked up. */
const SEEK_PASSING_MS = 7 * DAY_MS;

export function isPassing(kind: BridgeKind): boolean {
  return PASSING.has(kind);
}

/** Whether a value of this kind, seen now, is to be found again under its later name. */
export function isNoted(kind: BridgeKind, ring: KeyRing, now: number): boolean {
  if (!overlaps(ring, now)) return false;
  return !isPassing(kind) || now >= ring.switchAt! - NOTE_PASSING_MS;
}

/**
 * Whether a name that a record has now may have had an older one. In an overlap that is a name of the outgoing key,
 * which may itself have followed another: what lasts is looked up then as well, or it would change its name for a while.
 */
export function isSought(kind: BridgeKind, ring: KeyRing, now: number): boolean {
  if (ring.switchAt === undefined) return false;
  if (!isPassing(kind)) return true;
  return !overlaps(ring, now) && now < ring.switchAt + SEEK_PASSING_MS;
}
