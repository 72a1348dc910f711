/**
 * Who belongs: each account's own evidence against the campaign's core, as bits.
 *
 * For a value that the account shares with the core: log2(share of the core that holds it / share outside). An account
 * never vouches for itself. A group gives at most 10 bits, none below 0, so 17 bits always mean at least two groups
 * (after Fellegi & Sunter, JASA 1969, with term frequencies).
 */
import type { EvidenceGroup } from '../findings/finding.ts';
import { CodeTable } from '../population/code-table.ts';
import { GrowingFloats } from '../population/columns.ts';
import type { Population } from '../population/population.ts';
import { DAY_MS } from '../records/time.ts';
import { addHandOvers } from './hand-overs.ts';

const GROUP_CAP_BITS = 10;
const CERTAIN_BITS = 17;
/** Bits that only ever speak for membership overstate it; an account on probation needs more than even a high posterior. */
const PROBABLE_BITS = 13;
/**
 * And one group that speaks clearly by a value that joins accounts: birth, load, task mix, a card issuer or a client build
 * fit too many, and an exit must be rare to tell.
 */
const TELLING_BITS: Partial<Record<EvidenceGroup, number>> = { custody: 5, identity: 5, content: 5, network: 8 };
/** Below this a member is no longer claimed: even odds. */
const RELEASE_POSTERIOR = 0.5;
const CERTAIN_POSTERIOR = 0.99;
const PROBABLE_POSTERIOR = 0.9;
const ROUNDS = 3;
/** Shares are smoothed by this many accounts, so that a rare value is not worth infinitely many bits. */
const PSEUDO = 0.5;
/** Core members that must hold a value before it counts; one shared card or referral is telling by itself. */
const MIN_SHARING = 2;

export interface Membership {
  /** Account numbers. */
  certain: number[];
  probable: number[];
  /** At even odds or better: kept if they are members already. */
  held: Set<number>;
  /** Of those: log2 of the odds that they belong. */
  odds: Map<number, number>;
}

/** Grows and cleans a core until it is stable, at most three rounds. */
export function refine(population: Population, features: readonly Feature[], seed: Iterable<number>): Membership {
  let core = new Set(seed);
  let result = scoreAgainst(population, features, core);
  for (let round = 1; round < ROUNDS; round++) {
    const next = new Set([...result.certain, ...result.probable]);
    if (next.size < 3 || sameSet(core, next)) break;
    core = next;
    result = scoreAgainst(population, features, core);
  }
  return result;
}

export interface Feature {
  group: EvidenceGroup;
  table: CodeTable;
  /** Whether a value of it joins accounts by itself. */
  joins: boolean;
}

/** Everything an account can share with a core: linked values, time of birth, elicitation, load, main task. */
export function featuresOf(population: Population): Feature[] {
  const linked = population.links.map(({ group, table, joins }): Feature => ({ group, table, joins }));
  const bins = (group: EvidenceGroup, read: (account: number) => number[]): Feature => {
    return { group, table: tableOf(population.size, read), joins: false };
  };
  return [
    ...linked,
    bins('cohort', (i) => birthBins(population.born[i]!)),
    bins('intent', (i) => [elicitationBin(population.work.elicited[i]! / population.exchanges[i]!)]),
    bins('intent', (i) => mainTask(population.work.taskRow(i))),
    bins('schedule', (i) => [Math.round(2 * Math.log2(population.rate(i)))]),
  ];
}

function tableOf(size: number, read: (account: number) => number[]): CodeTable {
  const keys = new GrowingFloats();
  const offsets = new Int32Array(size + 1);
  for (let i = 0; i < size; i++) {
    for (const key of read(i)) keys.push(key);
    offsets[i + 1] = keys.length;
  }
  return CodeTable.of(offsets, keys.take());
}

/** Two overlapping grids of three days, so that neighbours share a bin wherever its edges fall. */
function birthBins(born: number): number[] {
  if (Number.isNaN(born)) return [];
  const width = 3 * DAY_MS;
  return [2 * Math.floor(born / width), 2 * Math.floor(born / width + 0.5) + 1];
}

function elicitationBin(share: number): number {
  return share >= 0.5 ? 2 : share >= 0.2 ? 1 : 0;
}

function mainTask(tasks: Float64Array): number[] {
  let main = -1;
  tasks.forEach((count, task) => {
    if (count > 0 && (main < 0 || count > tasks[main]!)) main = task;
  });
  return main < 0 ? [] : [main];
}

/** Scores every account that shares a telling value with the core; the rest of the population is not touched. */
export function scoreAgainst(
  population: Population,
  features: readonly Feature[],
  core: ReadonlySet<number>,
): Membership {
  const { total, groups, telling, best } = scratchOf(population);
  const touched: number[] = [];
  const inGroup: number[] = [];
  const groupsOf = byGroup(features);
  const anchors = anchorsOf(population, groupsOf, core);
  for (const [group, sameGroup] of groupsOf) {
    const least = group === 'identity' ? 1 : MIN_SHARING;
    for (const { table, joins } of sameGroup) {
      const tellingFrom = joins ? (TELLING_BITS[group] ?? Infinity) : Infinity;
      addBits(table, core, anchors, { least, tellingFrom, best, telling }, inGroup);
    }
    settle();
  }
  addHandOvers(population, core, best, inGroup);
  for (const account of inGroup) if (best[account]! >= TELLING_BITS.custody!) telling[account] = 1;
  settle();
  return called(population, core, { total, groups, telling }, touched);

  function settle(): void {
    for (const account of inGroup) {
      const bits = best[account]!;
      if (groups[account] === 0) touched.push(account);
      total[account]! += Math.min(GROUP_CAP_BITS, bits);
      groups[account]!++;
      best[account] = 0;
    }
    inGroup.length = 0;
  }
}

function called(
  population: Population,
  core: ReadonlySet<number>,
  { total, groups, telling }: Omit<Scratch, 'best'>,
  touched: number[],
): Membership {
  const membership: Membership = { certain: [], probable: [], held: new Set(), odds: new Map() };
  const prior = Math.log2(core.size / Math.max(1, population.size - core.size));
  for (const account of touched.sort((x, y) => x - y)) {
    const bits = total[account]!;
    const posterior = groups[account]! >= 2 && telling[account] ? 1 / (1 + 2 ** -(prior + bits)) : 0;
    if (posterior >= RELEASE_POSTERIOR) {
      membership.held.add(account);
      membership.odds.set(account, prior + bits);
    }
    if (posterior >= CERTAIN_POSTERIOR && bits >= CERTAIN_BITS && !population.facts.verified[account])
      membership.certain.push(account);
    else if (posterior >= PROBABLE_POSTERIOR && bits >= PROBABLE_BITS) membership.probable.push(account);
    total[account] = 0;
    groups[account] = 0;
    telling[account] = 0;
  }
  return membership;
}

/** One number per account for each running sum: zeros between calls. */
interface Scratch {
  total: Float64Array;
  best: Float64Array;
  groups: Uint8Array;
  telling: Uint8Array;
}

const scratches = new WeakMap<Population, Scratch>();

function scratchOf(population: Population): Scratch {
  let scratch = scratches.get(population);
  if (scratch === undefined) {
    const { size } = population;
    scratch = {
      total: new Float64Array(size),
      best: new Float64Array(size),
      groups: new Uint8Array(size),
      telling: new Uint8Array(size),
    };
    scratches.set(population, scratch);
  }
  return scratch;
}

function byGroup(features: readonly Feature[]): Map<EvidenceGroup, Feature[]> {
  const groups = new Map<EvidenceGroup, Feature[]>();
  for (const feature of features) {
    const same = groups.get(feature.group);
    if (same === undefined) groups.set(feature.group, [feature]);
    else same.push(feature);
  }
  return groups;
}

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
function anchorsOf(
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
function addBits(
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

function sameSet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  if (a.size !== b.size) return false;
  for (const item of a) if (!b.has(item)) return false;
  return true;
}

/** Whoever belongs to either; certain in one is certain. */
export function uniteMemberships(a: Membership, b: Membership): Membership {
  const certain = new Set([...a.certain, ...b.certain]);
  const probable = new Set([...a.probable, ...b.probable].filter((account) => !certain.has(account)));
  return {
    certain: [...certain].sort((x, y) => x - y),
    probable: [...probable].sort((x, y) => x - y),
    held: new Set([...a.held, ...b.held]),
    odds: new Map([
      ...a.odds,
      ...[...b.odds].map(([account, odds]) => [account, Math.max(odds, a.odds.get(account) ?? odds)] as const),
    ]),
  };
}

/** Without these accounts. */
export function withoutAccounts(
  { certain, probable, held, odds }: Membership,
  gone: (account: number) => boolean,
): Membership {
  const stays = (account: number) => !gone(account);
  return {
    certain: certain.filter(stays),
    probable: probable.filter(stays),
    held: new Set([...held].filter(stays)),
    odds: new Map([...odds].filter(([account]) => stays(account))),
  };
}
