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
import { custodyEdges } from '../population/custody-edges.ts';
import type { Population } from '../population/population.ts';
import { DAY_MS } from '../records/time.ts';

const GROUP_CAP_BITS = 10;
const CERTAIN_BITS = 17;
/** Bits that only ever speak for membership overstate it; an account on probation needs more than even a high posterior. */
const PROBABLE_BITS = 13;
/** And one group that speaks clearly: birth, load and task mix alone fit too many, and an exit must be rare to tell. */
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
}

/** Everything an account can share with a core: linked values, time of birth, elicitation, load, main task. */
export function featuresOf(population: Population): Feature[] {
  const linked = population.links.map(({ group, table }): Feature => ({ group, table }));
  const bins = (group: EvidenceGroup, read: (account: number) => number[]): Feature => {
    return { group, table: tableOf(population.size, read) };
  };
  return [
    ...linked,
    { group: 'custody', table: custodyTable(population) },
    bins('cohort', (i) => birthBins(population.born[i]!)),
    bins('intent', (i) => [elicitationBin(population.work.elicited[i]! / population.exchanges[i]!)]),
    bins('intent', (i) => mainTask(population.work.taskRow(i))),
    bins('schedule', (i) => [Math.round(2 * Math.log2(population.rate(i)))]),
  ];
}

/** A conversation that moved between two accounts is a value that both hold. */
function custodyTable(population: Population): CodeTable {
  const { offsets, to } = custodyEdges(population);
  const moves: number[][] = Array.from({ length: to.length === 0 ? 0 : population.size }, () => []);
  for (let from = 0; from < moves.length; from++) {
    for (let at = offsets[from]!; at < offsets[from + 1]!; at++) {
      const pair = Math.min(from, to[at]!) * population.size + Math.max(from, to[at]!);
      moves[from]!.push(pair);
      moves[to[at]!]!.push(pair);
    }
  }
  return tableOf(population.size, (account) => moves[account] ?? []);
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
  for (const [group, sameGroup] of byGroup(features)) {
    const least = group === 'identity' || group === 'custody' ? 1 : MIN_SHARING;
    for (const feature of sameGroup) addBits(feature.table, core, least, best, inGroup);
    const tellingFrom = TELLING_BITS[group] ?? Infinity;
    for (const account of inGroup) {
      const bits = best[account]!;
      if (groups[account] === 0) touched.push(account);
      total[account]! += Math.min(GROUP_CAP_BITS, bits);
      groups[account]!++;
      if (bits >= tellingFrom) telling[account] = 1;
      best[account] = 0;
    }
    inGroup.length = 0;
  }
  const membership: Membership = { certain: [], probable: [], held: new Set() };
  const prior = Math.log2(core.size / Math.max(1, population.size - core.size));
  for (const account of touched.sort((x, y) => x - y)) {
    const bits = total[account]!;
    const posterior = groups[account]! >= 2 && telling[account] ? 1 / (1 + 2 ** -(prior + bits)) : 0;
    if (posterior >= RELEASE_POSTERIOR) membership.held.add(account);
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

/**
 * Raises `best` of every account that holds a value of the core, and lists those it touches. Values of one group move
 * together (an address, its subnet, its network), so the best one speaks for the group.
 */
function addBits(
  table: CodeTable,
  core: ReadonlySet<number>,
  least: number,
  best: Float64Array,
  touched: number[],
): void {
  const inCore = new Map<number, number>();
  let withField = 0;
  for (const account of core) {
    if (table.has(account)) withField++;
    for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++)
      inCore.set(table.codes[at]!, (inCore.get(table.codes[at]!) ?? 0) + 1);
  }
  if (withField < 3) return;
  const outside = table.holders - withField;
  for (const [code, held] of inCore) {
    const shareOut = (table.frequency[code]! - held + PSEUDO) / (outside + 1);
    const worth = (sharing: number, of: number) => (sharing < least ? 0 : Math.log2(sharing / of / shareOut));
    // A member of the core does not vouch for itself.
    const inside = worth(held - 1, withField - 1);
    const forOthers = worth(held, withField);
    if (forOthers < LEAST_BITS && inside < LEAST_BITS) continue;
    for (const account of table.accountsOf(code)) {
      const bits = core.has(account) ? inside : forOthers;
      if (bits < LEAST_BITS || bits <= best[account]!) continue;
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
  };
}
