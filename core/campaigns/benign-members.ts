/**
 * What the checks of innocent causes read of a set of members, whatever speaks against it. Worked out when it is asked for
 * and once per set: dozens of candidates come to the members of one campaign, and each of those is a profile to read.
 */
import { custodyEdges } from '../population/custody-edges.ts';
import type { LinkTable, Population } from '../population/population.ts';
import { NETWORK_KINDS } from '../records/format.ts';
import { DAY_MS } from '../records/time.ts';
import { largestWithin } from '../sorted.ts';
import { type COUNTED, profileRows, type Read } from './benign-profiles.ts';

/** Fewer members than this share with a needed field: the cause cannot be checked. */
const KNOWN_SHARE = 0.5;
/** Hours of the week of 168 that a class may fill. */
const CLASS_HOURS = 15;
const TOGETHER_MS = 48 * 3_600_000;
const AGED_MS = 30 * DAY_MS;
/** Kinds of content that software brings with it. */
const DEFAULTS = ['system', 'template', 'contract', 'sketch'];

export class MemberFigures {
  /** Account numbers. */
  readonly members: readonly number[];
  private readonly population: Population;
  private readonly known = new Map<string, unknown>();

  /** Nothing of strata is read: the figures hold for the population with more or fewer accounts compared. */
  constructor(population: Population, members: readonly number[]) {
    this.population = population;
    this.members = members;
  }

  private once<T>(what: string, make: () => T): T {
    if (!this.known.has(what)) this.known.set(what, make());
    return this.known.get(what) as T;
  }

  private get read(): Read {
    return this.once('read', () => profileRows(this.population).sum(this.members));
  }

  /** Share of members in the `top` most common values of a fact; undefined where too few have it. */
  concentration(fact: (typeof COUNTED)[number], top: number): number | undefined {
    const largest = this.read.alike[fact];
    if (sumOf(largest) < KNOWN_SHARE * this.members.length) return undefined;
    return sumOf(largest.slice(0, top)) / this.members.length;
  }

  /** Share of the members' exchanges on one kind of network; undefined where too few say. */
  networkShare(kind: (typeof NETWORK_KINDS)[number]): number | undefined {
    const { networks } = this.read;
    const known = sumOf(networks);
    return known < KNOWN_SHARE * this.exchanges ? undefined : networks[NETWORK_KINDS.indexOf(kind)]! / known;
  }

  private get exchanges(): number {
    return this.once('exchanges', () => {
      let all = 0;
      for (const member of this.members) all += this.population.exchanges[member]!;
      return all;
    });
  }

  /** Share of exchanges that failed or were throttled. */
  get failedShare(): number {
    return this.exchanges === 0 ? 0 : this.read.failed / this.exchanges;
  }

  get orgs(): number {
    return this.once('orgs', () => new Set(this.members.map((member) => this.population.facts.org[member]!)).size);
  }

  /** Share of members on a programme for learners. */
  get learners(): number {
    return this.members.length === 0 ? 0 : this.read.learners / this.members.length;
  }

  /** Largest share of members born within 48 hours. */
  get bornTogether(): number {
    return this.once('born together', () => {
      const born = Float64Array.from(this.members, (member) => this.population.born[member]!);
      const together = largestWithin(born.filter((time) => !Number.isNaN(time)).sort(), TOGETHER_MS);
      return this.members.length === 0 ? 0 : together / this.members.length;
    });
  }

  /** Share of the members' exchanges in their 15 busiest hours of the week. */
  get classHourShare(): number {
    const { week } = this.read;
    const all = sumOf(week);
    return all === 0 ? 0 : sumOf(week.toSorted().slice(-CLASS_HOURS)) / all;
  }

  /** Share of members on one subnet. Hubs count here: a room full of people is one. */
  get oneSubnet(): number {
    return this.once('one subnet', () => this.shareOfOneValue(['subnet']));
  }

  /** Share of the members that work with the prompt value which most of them work with. */
  get oneDefault(): number {
    return this.once('one default', () => this.shareOfOneValue(DEFAULTS));
  }

  private shareOfOneValue(kinds: readonly string[]): number {
    let most = 0;
    for (const link of this.population.links) {
      if (!kinds.includes(link.kind)) continue;
      for (const held of this.held(link).values()) most = Math.max(most, held);
    }
    return most / Math.max(1, this.members.length);
  }

  /** How many members hold each value that any of them holds. */
  private held({ table }: LinkTable): Map<number, number> {
    const held = new Map<number, number>();
    for (const member of this.members) for (const code of table.row(member)) held.set(code, (held.get(code) ?? 0) + 1);
    return held;
  }

  /** Of the accounts on exits that two members or more share, hubs left out: share of others; 0 where there are none. */
  get othersOnExits(): number {
    return this.once('others on exits', () => {
      let [inside, all] = [0, 0];
      for (const link of exitLinks(this.population)) {
        for (const [code, count] of this.held(link)) {
          const frequency = link.table.frequency[code]!;
          if (count < 2 || (link.hubCap > 0 && frequency > link.hubCap)) continue;
          inside += count;
          all += frequency;
        }
      }
      return all === 0 ? 0 : 1 - inside / all;
    });
  }

  /** Gini coefficient of the members' exchanges. */
  get gini(): number {
    return this.once('gini', () => {
      const volumes = this.members.map((member) => this.population.exchanges[member]!).sort((a, b) => a - b);
      const sum = sumOf(volumes);
      const weighted = volumes.reduce((total, volume, i) => total + (i + 1) * volume, 0);
      const n = volumes.length;
      return sum === 0 ? 0 : (2 * weighted) / (n * sum) - (n + 1) / n;
    });
  }

  /** Of members of known age, those born 30 days before the median first exchange; undefined where too few are known. */
  get agedShare(): number | undefined {
    return this.once('aged', () => {
      const { first, born } = this.population;
      const firsts = this.members.map((member) => first[member]!).sort((a, b) => a - b);
      const start = firsts[firsts.length >> 1] ?? 0;
      const known = this.members.filter((member) => !Number.isNaN(born[member]!));
      if (known.length < KNOWN_SHARE * this.members.length) return undefined;
      return known.filter((member) => born[member]! < start - AGED_MS).length / known.length;
    });
  }

  /**
   * Share of hand-overs between members that a move would make: one way, out of an account that was silent from then on.
   * 'unknown' where what conversations carried in is, 'none' where none changed hands.
   */
  get moved(): number | 'unknown' | 'none' {
    return this.once('moved', () => movedShare(this.population, this.members));
  }
}

export function exitLinks({ links }: Population): LinkTable[] {
  return links.filter(({ group, kind }) => group === 'network' && kind !== 'client' && kind !== 'asn');
}

function sumOf(counts: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

function movedShare(population: Population, members: readonly number[]): number | 'unknown' | 'none' {
  const { offsets, to, known } = custodyEdges(population);
  if (members.length === 0 || members.filter((member) => known[member] === 1).length < KNOWN_SHARE * members.length)
    return 'unknown';
  const inside = new Set(members);
  const pairs = members.flatMap((from) =>
    [...to.subarray(offsets[from], offsets[from + 1])]
      .filter((taker) => inside.has(taker))
      .map((taker) => [from, taker]),
  );
  if (pairs.length === 0) return 'none';
  const { org } = population.facts;
  const ways = new Set(pairs.map(([from, taker]) => `${org[from!]} ${org[taker!]}`));
  const moved = pairs.filter(([from, taker]) => {
    const back = ways.has(`${org[taker!]} ${org[from!]}`);
    return !back && population.last[from!]! <= population.first[taker!]! + DAY_MS;
  });
  return moved.length / pairs.length;
}
