/**
 * Who belongs: each account's own bits against the campaign's core.
 *
 * An account never vouches for itself. A group gives at most 10 bits, none below 0, so 17 bits always mean at least two
 * groups.
 */
import type { EvidenceGroup } from '../findings/finding.ts';
import { GrowingInts } from '../population/columns.ts';
import type { Population } from '../population/population.ts';
import { anchorsOf, GROUP_CAP_BITS, markTelling, type Room, raiseBest, roomFor, weigh } from './bits.ts';
import { byGroup, type Feature } from './features.ts';
import { handOverBits } from './hand-overs.ts';

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

/** Core members that must hold a value before it counts; one shared card or referral is telling by itself. */
const MIN_SHARING = 2;

export interface Membership {
  /** Account numbers, ascending. */
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

/** Scores every account that shares a telling value with the core; nobody else can belong. */
export function scoreAgainst(
  population: Population,
  features: readonly Feature[],
  core: ReadonlySet<number>,
): Membership {
  const { total, groups, telling, room } = scratchOf(population, features);
  const { best, anchor } = room;
  const groupsOf = byGroup(features);
  const members = Int32Array.from(core);
  const anchors = anchorsOf(population, groupsOf, members, room);
  for (const member of anchors) anchor[member] = 1;
  for (const [group, sameGroup] of groupsOf) {
    const tellingFrom = TELLING_BITS[group];
    if (tellingFrom === undefined) continue;
    for (const { table, joins } of sameGroup)
      if (joins) markTelling(weigh(table, members, anchors, leastOf(group), room), anchor, tellingFrom, telling);
  }
  const handedOver = handOverBits(population, core);
  for (const [account, bits] of handedOver) if (bits >= TELLING_BITS.custody!) telling[account] = 1;
  const scored = placesOf(telling);
  for (const [group, sameGroup] of groupsOf) {
    for (const { table } of sameGroup) raiseBest(weigh(table, members, anchors, leastOf(group), room), scored, room);
    settle();
  }
  for (const account of scored) best[account] = handedOver.get(account) ?? 0;
  settle();
  for (const member of anchors) anchor[member] = 0;
  const membership = called(population, core, scored, total, groups);
  for (const account of scored) {
    total[account] = 0;
    groups[account] = 0;
    telling[account] = 0;
  }
  return membership;

  function settle(): void {
    for (const account of scored) {
      if (best[account] === 0) continue;
      total[account]! += Math.min(GROUP_CAP_BITS, best[account]!);
      groups[account]!++;
      best[account] = 0;
    }
  }
}

function leastOf(group: EvidenceGroup): number {
  return group === 'identity' ? 1 : MIN_SHARING;
}

/** Accounts that are marked, ascending. */
function placesOf(marks: Uint8Array): Int32Array {
  const places = new GrowingInts();
  for (let account = 0; account < marks.length; account++) if (marks[account]) places.push(account);
  return places.take();
}

/** `scored`, ascending: who shares a telling value. */
function called(
  population: Population,
  core: ReadonlySet<number>,
  scored: Int32Array,
  total: Float64Array,
  groups: Uint8Array,
): Membership {
  const membership: Membership = { certain: [], probable: [], held: new Set(), odds: new Map() };
  const prior = Math.log2(core.size / Math.max(1, population.size - core.size));
  for (const account of scored) {
    if (groups[account]! < 2) continue;
    const bits = total[account]!;
    const posterior = 1 / (1 + 2 ** -(prior + bits));
    if (posterior < RELEASE_POSTERIOR) continue;
    membership.held.add(account);
    membership.odds.set(account, prior + bits);
    if (posterior >= CERTAIN_POSTERIOR && bits >= CERTAIN_BITS && !population.facts.verified[account])
      membership.certain.push(account);
    else if (posterior >= PROBABLE_POSTERIOR && bits >= PROBABLE_BITS) membership.probable.push(account);
  }
  return membership;
}

/** One number per account for each running sum: zeros between calls. */
interface Scratch {
  total: Float64Array;
  groups: Uint8Array;
  telling: Uint8Array;
  room: Room;
}

const scratches = new WeakMap<readonly Feature[], Scratch>();

function scratchOf(population: Population, features: readonly Feature[]): Scratch {
  let scratch = scratches.get(features);
  if (scratch === undefined) {
    const { size } = population;
    const [total, groups, telling] = [new Float64Array(size), new Uint8Array(size), new Uint8Array(size)];
    scratch = { total, groups, telling, room: roomFor(population, features) };
    scratches.set(features, scratch);
  }
  return scratch;
}

function sameSet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  if (a.size !== b.size) return false;
  for (const item of a) if (!b.has(item)) return false;
  return true;
}

/** Whoever belongs to either; certain in one is certain. */
export function uniteMemberships(a: Membership, b: Membership): Membership {
  return addMembership({ ...a, held: new Set(a.held), odds: new Map(a.odds) }, b);
}

/** The same in the sets of `own`, which must be nobody else's: a campaign has hundreds of parts, most of them small. */
export function addMembership(own: Membership, other: Membership): Membership {
  const { held, odds } = own;
  for (const account of other.held) held.add(account);
  for (const [account, its] of other.odds) odds.set(account, Math.max(its, odds.get(account) ?? its));
  const certain = merged(own.certain, other.certain);
  return { certain, probable: without(merged(own.probable, other.probable), certain), held, odds };
}

/** What is in either list, once; all ascending. */
function merged(a: readonly number[], b: readonly number[]): number[] {
  const all: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const next = j === b.length || a[i]! < b[j]! ? a[i]! : b[j]!;
    if (a[i] === next) i++;
    if (b[j] === next) j++;
    all.push(next);
  }
  return all;
}

/** What is in the list and not in the other; all ascending. */
function without(list: readonly number[], other: readonly number[]): number[] {
  let at = 0;
  return list.filter((account) => {
    while (at < other.length && other[at]! < account) at++;
    return other[at] !== account;
  });
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
