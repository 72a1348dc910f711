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

/**
 * Core members that stand on values that many of the core hold. The others may be a household that shares a
 * card and an exit with itself: what only they hold must not speak for them.
 */
export function anchorsOf(
  { size }: Population,
  groups: ReadonlyMap<EvidenceGroup, readonly Feature[]>,
  core: ReadonlySet<number>,
): ReadonlySet<number> {
  const bits = new Map<number, number>();
  for (const features of groups.values()) {
    const best = new Map<number, number>();
    for (const { table } of features) broadBits(table, core, best);
    for (const [member, one] of best) bits.set(member, (bits.get(member) ?? 0) + Math.min(GROUP_CAP_BITS, one));
  }
  const even = -Math.log2(core.size / Math.max(1, size - core.size));
  const least = Math.max(ANCHOR_BITS, even);
  const anchored = new Set([...core].filter((member) => (bits.get(member) ?? 0) >= least));
  return anchored.size >= ANCHORED_SHARE * core.size ? anchored : core;
}

function broadBits(table: CodeTable, core: ReadonlySet<number>, best: Map<number, number>): void {
  const { held, withField } = heldBy(table, core);
  const broad = Math.max(BROAD_MEMBERS, BROAD_SHARE * withField);
  const outside = table.holders - withField;
  for (const member of core) {
    for (const code of table.row(member)) {
      const sharing = held.get(code)!;
      if (sharing < broad) continue;
      const shareOut = (table.frequency[code]! - sharing + PSEUDO) / (outside + 1);
      const bits = Math.log2((sharing - 1) / (withField - 1) / shareOut);
      if (bits >= LEAST_BITS && bits > (best.get(member) ?? 0)) best.set(member, bits);
    }
  }
}

/** How many of the accounts hold each value, and how many hold any. */
function heldBy(table: CodeTable, accounts: ReadonlySet<number>): { held: Map<number, number>; withField: number } {
  const held = new Map<number, number>();
  let withField = 0;
  for (const account of accounts) {
    if (table.has(account)) withField++;
    for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++)
      held.set(table.codes[at]!, (held.get(table.codes[at]!) ?? 0) + 1);
  }
  return { held, withField };
}

interface Raising {
  /** Others that must hold a value for it to count. */
  least: number;
  tellingFrom: number;
  best: Float64Array;
  telling: Uint8Array;
}

/**
 * Raises `best` of every account that holds a value of the core's anchors, and lists those it touches. Values of one group
 * move together (an address, its subnet, its network), so the best one speaks for the group.
 */
export function addBits(
  table: CodeTable,
  core: ReadonlySet<number>,
  anchors: ReadonlySet<number>,
  { least, tellingFrom, best, telling }: Raising,
  touched: number[],
): void {
  const { held, withField } = heldBy(table, core);
  if (withField < 3) return;
  const anchored = anchors === core ? held : heldBy(table, anchors).held;
  const outside = table.holders - withField;
  for (const [code, sharing] of held) {
    const vouching = anchored.get(code) ?? 0;
    if (vouching === 0) continue;
    const shareOut = (table.frequency[code]! - sharing + PSEUDO) / (outside + 1);
    const worth = (others: number, of: number) => (others < least ? 0 : Math.log2(others / of / shareOut));
    // A member of the core does not vouch for itself.
    const inside = worth(vouching - 1, withField - 1);
    const forOthers = worth(vouching, withField);
    if (forOthers < LEAST_BITS && inside < LEAST_BITS) continue;
    for (const account of table.accountsOf(code)) {
      const bits = anchors.has(account) ? inside : forOthers;
      if (bits < LEAST_BITS) continue;
      if (bits >= tellingFrom) telling[account] = 1;
      if (bits <= best[account]!) continue;
      if (best[account] === 0) touched.push(account);
      best[account] = bits;
    }
  }
}
