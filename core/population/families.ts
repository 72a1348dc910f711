/**
 * Families of near-copies among sampled prompts, by MinHash sketches (Broder, 1997; b-bit form: Li & Koenig, WWW 2010).
 *
 * Leader clustering: a sketch joins the first leader with which it agrees in enough slots, else it leads a new family.
 * Members are compared with the leader only, so families do not drift by chains. Order is by rank, a hash, so the
 * result does not depend on the order of accounts.
 */
import type { AccountProfile } from '../aggregates/account-profile.ts';

const BANDS = 8;
const ROWS = 4;
/** Of 32 slots: Jaccard similarity of about 0.53. */
const EQUAL_SLOTS = 17;
/** Leaders compared per band key; a key shared by more is boilerplate. */
const MAX_LEADERS = 24;

/** Families per account, as the ranks of their leaders; an account may work with several. */
export function sketchFamilies(profiles: readonly AccountProfile[]): number[][] {
  const sketches: { account: number; rank: number; sketch: Uint8Array }[] = [];
  profiles.forEach((profile, account) => {
    for (const { rank, sketch } of profile.total.sample) if (sketch) sketches.push({ account, rank, sketch });
  });
  sketches.sort((a, b) => a.rank - b.rank);
  const leaders = new Map<string, { rank: number; sketch: Uint8Array }[]>();
  const families: Set<number>[] = profiles.map(() => new Set());
  for (const { account, rank, sketch } of sketches) families[account]!.add(joinOrLead(leaders, rank, sketch));
  return families.map((set) => [...set].sort((a, b) => a - b));
}

function joinOrLead(
  leaders: Map<string, { rank: number; sketch: Uint8Array }[]>,
  rank: number,
  sketch: Uint8Array,
): number {
  const keys = Array.from({ length: BANDS }, (_, band) => bandKey(sketch, band));
  for (const key of keys) {
    const leader = leaders.get(key)?.find((other) => equalSlots(other.sketch, sketch) >= EQUAL_SLOTS);
    if (leader) return leader.rank;
  }
  for (const key of keys) {
    const list = leaders.get(key);
    if (list === undefined) leaders.set(key, [{ rank, sketch }]);
    else if (list.length < MAX_LEADERS) list.push({ rank, sketch });
  }
  return rank;
}

function bandKey(sketch: Uint8Array, band: number): string {
  const at = band * ROWS;
  return String.fromCharCode(band, sketch[at]! * 256 + sketch[at + 1]!, sketch[at + 2]! * 256 + sketch[at + 3]!);
}

/** Slots of 32 in which two sketches agree. */
export function equalSlots(a: Uint8Array, b: Uint8Array): number {
  let equal = 0;
  for (let i = 0; i < 32; i++) if (a[i] === b[i]) equal++;
  return equal;
}
