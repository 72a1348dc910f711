/**
 * What a shared value is worth: log2 of the share of the core that holds it over the share outside (after Fellegi &
 * Sunter, JASA 1969, with term frequencies), and whose holding counts.
 */
import type { EvidenceGroup } from '../findings/finding.ts';
import type { CodeTable } from '../population/code-table.ts';
import type { Population } from '../population/population.ts';
import type { Feature } from './features.ts';

export const GROUP_CAP_BITS = 10;

/** Shares are smoothed by this many accounts, so that a rare value is not worth infinitely many bits. */
const PSEUDO = 0.5;

/** Less than this is no evidence. */
const LEAST_BITS = 1;

/** Share of the core, and members, that must hold a value for it to be the core's and not a clique's. */
const BROAD_SHARE = 0.2;

const BROAD_MEMBERS = 3;

/** Birth, load and mix of work together give a stranger up to about eight. */
const ANCHOR_BITS = 10;

/** Where fewer of the core stand on broad values, cliques are all there is, and they count. */
const ANCHORED_SHARE = 0.5;

/** Numbers of one pass over a core: zeros between passes, but for `codes`. */
export interface Room {
  /** Per account: most bits by a value of the group at hand. */
  best: Float64Array;
  /** Per account of the core: bits of broad values over all groups. */
  broad: Float64Array;
  /** Per account: 1 for the core's anchors. */
  anchor: Uint8Array;
  /** Per value of the table at hand: how many of the core hold it, and how many of its anchors. */
  held: Int32Array;
  vouching: Int32Array;
  worth: Float64Array;
  others: Float64Array;
  /** The values that are held. */
  codes: Int32Array;
}

export function roomFor({ size }: Population, features: readonly Feature[]): Room {
  const values = features.reduce((most, { table }) => Math.max(most, table.keys.length), 0);
  return {
    best: new Float64Array(size),
    broad: new Float64Array(size),
    anchor: new Uint8Array(size),
    held: new Int32Array(values),
    vouching: new Int32Array(values),
    worth: new Float64Array(values),
    others: new Float64Array(values),
    codes: new Int32Array(values),
  };
}

/**
 * Core members that stand on values that many of the core hold. The others may be a household that shares a
 * card and an exit with itself: what only they hold must not speak for them.
 */
export function anchorsOf(
  { size }: Population,
  groups: ReadonlyMap<EvidenceGroup, readonly Feature[]>,
  core: Int32Array,
  room: Room,
): Int32Array {
  const { best, broad } = room;
  for (const features of groups.values()) {
    for (const { table } of features) broadBits(table, core, room);
    for (const member of core) {
      broad[member]! += Math.min(GROUP_CAP_BITS, best[member]!);
      best[member] = 0;
    }
  }
  const even = -Math.log2(core.length / Math.max(1, size - core.length));
  const least = Math.max(ANCHOR_BITS, even);
  const anchored = core.filter((member) => broad[member]! >= least);
  for (const member of core) broad[member] = 0;
  return anchored.length >= ANCHORED_SHARE * core.length ? anchored : core;
}

function broadBits(table: CodeTable, core: Int32Array, { held, codes, worth, best }: Room): void {
  const { distinct, withField } = countHeld(table, core, held, codes);
  const broad = Math.max(BROAD_MEMBERS, BROAD_SHARE * withField);
  const outside = table.holders - withField;
  for (let i = 0; i < distinct; i++) {
    const code = codes[i]!;
    const sharing = held[code]!;
    held[code] = 0;
    if (sharing < broad) continue;
    const shareOut = (table.frequency[code]! - sharing + PSEUDO) / (outside + 1);
    const bits = Math.log2((sharing - 1) / (withField - 1) / shareOut);
    if (bits >= LEAST_BITS) worth[code] = bits;
  }
  for (const member of core) {
    for (let at = table.offsets[member]!; at < table.offsets[member + 1]!; at++) {
      const bits = worth[table.codes[at]!]!;
      if (bits > best[member]!) best[member] = bits;
    }
  }
  for (let i = 0; i < distinct; i++) worth[codes[i]!] = 0;
}

/** Adds to `held` for each value that the accounts hold, and lists those values; how many of them hold any. */
function countHeld(
  { offsets, codes }: CodeTable,
  accounts: Int32Array,
  held: Int32Array,
  list: Int32Array,
): { distinct: number; withField: number } {
  let [distinct, withField] = [0, 0];
  for (const account of accounts) {
    const from = offsets[account]!;
    const end = offsets[account + 1]!;
    if (end > from) withField++;
    for (let at = from; at < end; at++) if (held[codes[at]!]!++ === 0) list[distinct++] = codes[at]!;
  }
  return { distinct, withField };
}

/** What holding each value of a table is worth: 0 where it is less than counts. To be used once, before the next is weighed. */
export interface Weighed {
  table: CodeTable;
  /** Per value, for the values that the core holds. */
  codes: Int32Array;
  distinct: number;
  /** For an anchor, which does not vouch for itself, and for anybody else: zeros but for those values. */
  inside: Float64Array;
  others: Float64Array;
}

/** Weighs each value of the core's anchors. `least`: others that must hold it for it to count. */
export function weigh(
  table: CodeTable,
  core: Int32Array,
  anchors: Int32Array,
  least: number,
  { held, vouching, codes, worth: inside, others }: Room,
): Weighed {
  // Anchors are of the core: they hold nothing that it does not, so one list of values will do.
  if (anchors !== core) countHeld(table, anchors, vouching, codes);
  const { distinct, withField } = countHeld(table, core, held, codes);
  const outside = table.holders - withField;
  for (let i = 0; i < distinct; i++) {
    const code = codes[i]!;
    const sharing = held[code]!;
    const vouched = anchors === core ? sharing : vouching[code]!;
    held[code] = 0;
    vouching[code] = 0;
    inside[code] = 0;
    others[code] = 0;
    const frequency = table.frequency[code]!;
    // Whoever alone holds a value does not vouch for itself.
    if (withField < 3 || vouched === 0 || frequency === 1) continue;
    const shareOut = (frequency - sharing + PSEUDO) / (outside + 1);
    inside[code] = worthOf(vouched - 1, withField - 1, shareOut, least);
    others[code] = worthOf(vouched, withField, shareOut, least);
  }
  return { table, codes, distinct, inside, others };
}

function worthOf(sharing: number, of: number, shareOut: number, least: number): number {
  const bits = sharing < least ? 0 : Math.log2(sharing / of / shareOut);
  return bits < LEAST_BITS ? 0 : bits;
}

/** Marks the accounts that hold a value worth at least so many bits. */
export function markTelling(weighed: Weighed, anchor: Uint8Array, tellingFrom: number, telling: Uint8Array): void {
  const { table, codes, distinct, inside, others } = weighed;
  for (let i = 0; i < distinct; i++) {
    const code = codes[i]!;
    if (inside[code]! < tellingFrom && others[code]! < tellingFrom) continue;
    for (const account of table.accountsOf(code))
      if ((anchor[account] ? inside : others)[code]! >= tellingFrom) telling[account] = 1;
  }
  clear(weighed);
}

/**
 * Raises `best` of each of the accounts to the bits of its best value. Values of one group move together (an address, its
 * subnet, its network), so the best one speaks for the group.
 */
export function raiseBest(weighed: Weighed, accounts: Int32Array, { anchor, best }: Room): void {
  const { inside, others } = weighed;
  const { offsets, codes } = weighed.table;
  for (const account of accounts) {
    const worth = anchor[account] ? inside : others;
    for (let at = offsets[account]!; at < offsets[account + 1]!; at++) {
      const bits = worth[codes[at]!]!;
      if (bits > best[account]!) best[account] = bits;
    }
  }
  clear(weighed);
}

function clear({ codes, distinct, inside, others }: Weighed): void {
  for (let i = 0; i < distinct; i++) {
    inside[codes[i]!] = 0;
    others[codes[i]!] = 0;
  }
}
