/**
 * Whether an account runs from a network and a client build that it never used before a day: the mark of a stolen or
 * sold account, and of a move to a new server.
 *
 * Profiles keep networks and builds for the whole window, not per day. But a value that came with the change has as many
 * exchanges as there were since, and the rest have as many as there were before; only equality and counts are read.
 */
import { COUNTER, VALUE_KINDS, type ValueKind, valuesOf } from '../aggregates/account-day.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';

/** Exchanges before the change from which one can say what was usual. */
const MIN_BEFORE = 20;
/** Share of either side that must agree: the owner may be seen in both. */
const AGREEMENT = 0.97;

/** `sinceDay`: first day of the change, in days since 1970. False where networks or builds are not recorded. */
export function changedHands({ total, series }: AccountProfile, sinceDay: number): boolean {
  let since = 0;
  for (const { day, exchanges } of series) if (day >= sinceDay) since += exchanges;
  const before = total.counters[COUNTER.exchanges]! - since;
  if (before < MIN_BEFORE) return false;
  const kinds: readonly ValueKind[] = ['asn', 'client'];
  return kinds.every((kind) => {
    const values = valuesOf(total, kind);
    const known = values.reduce((sum, { count }) => sum + count, total.others[VALUE_KINDS.indexOf(kind)]!);
    const share = known / (since + before);
    return values.some(
      ({ count }) =>
        count <= since && count >= AGREEMENT * share * since && known - count >= AGREEMENT * share * before,
    );
  });
}
