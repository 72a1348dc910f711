/**
 * Who belongs: each account's own evidence against the campaign's core, as bits.
 *
 * For a value that the account shares with the core: log2(share of the core that holds it / share outside). An account
 * never vouches for itself. A group gives at most 10 bits, none below 0, so 17 bits always mean at least two groups
 * (after Fellegi & Sunter, JASA 1969, with term frequencies).
 */
import type { EvidenceGroup } from '../findings/finding.ts';
import { CodeTable } from '../population/code-table.ts';
import type { Population } from '../population/population.ts';
import { DAY_MS } from '../records/time.ts';

const GROUP_CAP_BITS = 10;
const CERTAIN_BITS = 17;
/** Bits that only ever speak for membership overstate it; an account on probation needs more than even a high posterior. */
const PROBABLE_BITS = 13;
/** And one group that speaks clearly: birth, load, task mix and a shared exit alone fit too many. */
const TELLING_BITS = 5;
const TELLING: readonly EvidenceGroup[] = ['custody', 'identity', 'content'];
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
    return { group, table: new CodeTable(Array.from({ length: population.size }, (_, i) => read(i))) };
  };
  return [
    ...linked,
    bins('cohort', (i) => birthBins(population.born[i]!)),
    bins('intent', (i) => [elicitationBin(population.elicited[i]! / population.exchanges[i]!)]),
    bins('intent', (i) => mainTask(population.taskRow(i))),
    bins('schedule', (i) => [Math.round(2 * Math.log2(population.rate(i)))]),
  ];
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

export function scoreAgainst(
  population: Population,
  features: readonly Feature[],
  core: ReadonlySet<number>,
): Membership {
  const n = population.size;
  const total = new Float64Array(n);
  const groups = new Uint8Array(n);
  const telling = new Uint8Array(n);
  for (const [group, sameGroup] of byGroup(features)) {
    const bits = groupBits(sameGroup, core, n, group === 'identity' ? 1 : MIN_SHARING);
    for (let i = 0; i < n; i++) {
      if (bits[i]! < 1) continue;
      total[i]! += Math.min(GROUP_CAP_BITS, bits[i]!);
      groups[i]!++;
      if (bits[i]! >= TELLING_BITS && TELLING.includes(group)) telling[i] = 1;
    }
  }
  const prior = Math.log2(core.size / Math.max(1, n - core.size));
  const membership: Membership = { certain: [], probable: [], held: new Set() };
  for (let i = 0; i < n; i++) {
    const posterior = groups[i]! >= 2 && telling[i] ? 1 / (1 + 2 ** -(prior + total[i]!)) : 0;
    if (posterior >= RELEASE_POSTERIOR) membership.held.add(i);
    if (posterior >= CERTAIN_POSTERIOR && total[i]! >= CERTAIN_BITS && !population.verified[i])
      membership.certain.push(i);
    else if (posterior >= PROBABLE_POSTERIOR && total[i]! >= PROBABLE_BITS) membership.probable.push(i);
  }
  return membership;
}

function byGroup(features: readonly Feature[]): Map<EvidenceGroup, Feature[]> {
  const groups = new Map<EvidenceGroup, Feature[]>();
  for (const feature of features) groups.set(feature.group, [...(groups.get(feature.group) ?? []), feature]);
  return groups;
}

/** Values of one group move together (an address, its subnet, its network), so the best one speaks for the group. */
function groupBits(features: readonly Feature[], core: ReadonlySet<number>, n: number, least: number): Float64Array {
  const best = new Float64Array(n);
  for (const { table } of features) {
    const { offsets, codes } = table;
    const bits = bitsPerCode(table, core, least);
    if (bits === undefined) continue;
    for (let i = 0; i < n; i++) {
      const own = core.has(i) ? bits.inside : bits.outside;
      for (let at = offsets[i]!; at < offsets[i + 1]!; at++)
        if (own[codes[at]!]! > best[i]!) best[i] = own[codes[at]!]!;
    }
  }
  return best;
}

/** What sharing a value is worth, for members of the core (who do not vouch for themselves) and for others. */
function bitsPerCode(table: CodeTable, core: ReadonlySet<number>, least: number) {
  const inCore = new Int32Array(table.values.length);
  let coreWithField = 0;
  for (const account of core) {
    if (table.has(account)) coreWithField++;
    for (const code of table.row(account)) inCore[code]!++;
  }
  if (coreWithField < 3) return undefined;
  const outside = table.holders - coreWithField;
  const worth = (code: number, self: number) => {
    const sharing = inCore[code]! - self;
    if (sharing < least) return 0;
    const shareOut = (table.frequency[code]! - inCore[code]! + PSEUDO) / (outside + 1);
    return Math.log2(sharing / (coreWithField - self) / shareOut);
  };
  return {
    inside: Float64Array.from(inCore, (_, code) => worth(code, 1)),
    outside: Float64Array.from(inCore, (_, code) => worth(code, 0)),
  };
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
