/**
 * Key sharing and resale: one credential, many people. The reverse of a pool.
 *
 * A person has a few systems, builds, exits and subjects; a crowd behind one key has many of each, and several
 * conversations at once. Each is compared with accounts of the same plan and volume, given their volume.
 */
import type { Population } from '../population/population.ts';
import { SHAPE } from '../population/work.ts';
import { type Comparison, compareAccounts } from './alike-accounts.ts';
import { type DetectorMeta, parameter } from './detector.ts';
import { guardedTail } from './tail.ts';

export const keySharingMeta: DetectorMeta = {
  slug: 'key-sharing',
  title: 'Key sharing and resale',
  groups: ['consumer'],
  threat: 'One credential lent, leaked or resold to many people.',
  inputs: ['prompt.system', 'client', 'network.ip', 'session', 'latencyMs', 'prompt.topic', 'plan', 'verified', 'org'],
  statistic:
    'Sum of robust standard units of the logs of distinct system prompts, client builds, addresses and conversations, of exchanges at the same time (latency over active 5-minute slots) and of the number of topics, less what the volume explains, over the root of how many there are.',
  nullModel:
    'The sums of all accounts that are judged, against medians of plan and volume decile; exponential tail whose scale the largest cannot move.',
  parameters: [
    { name: 'exchanges', value: 50, unit: 'exchanges of an account at least', source: 'start value' },
    { name: 'clip', value: 12, unit: 'standard units', source: 'start value: no single count decides alone' },
    { name: 'manifold', value: 3, unit: 'times what is expected', source: 'start value, of two counts at least' },
    {
      name: 'seats',
      value: 5,
      unit: 'accounts of one organisation',
      source: 'start value: a team shares what it runs',
    },
  ],
  blindSpot: 'A relay whose customers all use one client and one prompt; a shared key of a verified customer.',
  lookAlike:
    'A permitted gateway (verified), a company behind one key (organisation), CI with changing exits (one build).',
  weight: 1,
  capNats: 6,
};

export interface SharedKey {
  account: number;
  p: number;
  /** What is manifold, most telling first. */
  counts: { unit: string; observed: number; expected: number; units: number }[];
}

interface Count {
  unit: string;
  /** Belongs to a person, unlike an exit or a conversation, of which a machine may have many. */
  personal: boolean;
  /** 0 where the records do not say. */
  of(account: number): number;
}

export function sharedKeys(population: Population): { found: SharedKey[]; tested: number } {
  const least = parameter(keySharingMeta, 'exchanges');
  const accounts: number[] = [];
  for (let i = 0; i < population.size; i++)
    if (population.exchanges[i]! >= least && !population.facts.gone[i]) accounts.push(i);
  const members = Int32Array.from(accounts);
  const counts = countsOf(population);
  const compare = compareAccounts(population, members);
  const compared = counts.map(({ of }) => compare(of));
  const sums = Float64Array.from(members, (_, i) => sumOfUnits(compared, i));
  const accountable = accountableOwners(population);
  const judged = sums.map((sum, i) => (accountable(members[i]!) ? Number.NaN : sum));
  const known = judged.filter((sum) => !Number.isNaN(sum));
  const tail = guardedTail(known);
  const found: SharedKey[] = [];
  members.forEach((account, i) => {
    const manifold = Number.isNaN(judged[i]!) ? undefined : manifoldCounts(counts, compared, i);
    if (manifold !== undefined) found.push({ account, p: tail(judged[i]!), counts: manifold });
  });
  return { found, tested: known.length };
}

function countsOf(population: Population): Count[] {
  const { work, activity } = population;
  const { system, client, ip, session } = work.distinct;
  return [
    { unit: 'system prompts on one account', personal: true, of: (i) => system[i]! },
    { unit: 'client builds on one account', personal: true, of: (i) => client[i]! },
    { unit: 'addresses behind one account', personal: false, of: (i) => ip[i]! },
    { unit: 'conversations on one account', personal: false, of: (i) => session[i]! },
    {
      unit: 'exchanges at the same time',
      personal: false,
      of: (i) => activity.latency[i]! / (300_000 * Math.max(1, activity.slots[i]!)),
    },
    { unit: 'topics asked for evenly', personal: true, of: topicsOf(population) },
  ];
}

/** Topics as many as would give the same entropy if all were asked for equally. */
function topicsOf({ work }: Population): (account: number) => number {
  const { shape } = work;
  const { offsets, bins } = shape;
  return (account) => {
    const all = work.withTopic[account]!;
    if (all < parameter(keySharingMeta, 'exchanges')) return 0;
    let entropy = 0;
    for (let at = offsets[account]!; at < offsets[account + 1]! && bins[at]! < SHAPE.topics.bins; at++) {
      const share = shape.count(at) / all;
      entropy -= share * Math.log(share);
    }
    return Math.exp(entropy);
  };
}

/** NaN where fewer than two counts are known. */
function sumOfUnits(compared: readonly Comparison[], i: number): number {
  const clip = parameter(keySharingMeta, 'clip');
  let sum = 0;
  let known = 0;
  for (const { units } of compared) {
    if (Number.isNaN(units[i]!)) continue;
    sum += Math.max(-clip, Math.min(clip, units[i]!));
    known++;
  }
  return known < 2 ? Number.NaN : sum / Math.sqrt(known);
}

/** Undefined unless two counts are manifold and one of them is a person's. */
function manifoldCounts(counts: readonly Count[], compared: readonly Comparison[], i: number) {
  const times = parameter(keySharingMeta, 'manifold');
  const manifold = counts.flatMap(({ unit, personal }, k) => {
    const { observed, expected, units } = compared[k]!;
    const row = { unit, personal, observed: observed(i), expected: expected(i), units: units[i]! };
    return row.units > 0 && row.observed >= times * row.expected ? [row] : [];
  });
  if (manifold.length < 2 || !manifold.some(({ personal }) => personal)) return undefined;
  return manifold.sort((a, b) => b.units - a.units).map(({ personal: _, ...row }) => row);
}

/** Accounts whose owner is known to be a customer of many people: verified, or one of a team. */
function accountableOwners({ facts, size }: Population): (account: number) => boolean {
  const seats = new Int32Array(1 + facts.org.reduce((most, org) => Math.max(most, org), 0));
  for (let i = 0; i < size; i++) seats[facts.org[i]!]!++;
  const many = parameter(keySharingMeta, 'seats');
  return (account) => facts.verified[account] === 1 || seats[facts.org[account]!]! >= many;
}
