/**
 * What ties each member of a finding to another, counted from the records one by one: a value that both hold, a state that
 * one was given and the other hands in, a birth within the hour, the work that the campaign is after. It tells what the
 * records show and not how rare it is: that is said of all members together, by the evidence.
 */
import type { EvidenceGroup } from '../findings/finding.ts';
import type { AccountRecord, UsageRecord } from '../records/schema.ts';
import { HOUR_MS } from '../records/time.ts';

/** A value that an account holds. Two lines of one group, kind and value are of accounts that share it. */
export interface Tie {
  group: 'custody' | 'identity' | 'network' | 'content';
  kind: string;
  value: string;
  /** Of a state: whether the account was given it, or handed it in. */
  role?: 'minted' | 'presented';
}

/** Groups that speak of single members; load and pauses are those of all together. */
export const BOND_GROUPS = ['custody', 'identity', 'network', 'cohort', 'content', 'intent'] as const;

type Read<T> = readonly [Tie['group'], string, (record: T) => string | undefined];

const OF_USAGE: readonly Read<UsageRecord>[] = [
  ['network', 'ip', ({ network }) => network?.ip],
  ['network', 'subnet', ({ network }) => network?.subnet],
  ['content', 'system', ({ prompt }) => prompt?.system],
  ['content', 'template', ({ prompt }) => prompt?.template],
  ['content', 'contract', ({ prompt }) => prompt?.contract],
];

const OF_ACCOUNT: readonly Read<AccountRecord>[] = [
  ['identity', 'instrument', ({ payment }) => payment?.instrument],
  ['identity', 'phone', ({ phone }) => phone?.prefix],
  ['identity', 'domain', ({ email }) => email?.domain],
  ['identity', 'referral', ({ referral }) => referral],
];

export function tiesOf(record: UsageRecord | AccountRecord): Tie[] {
  if (record.type === 'account') return read(OF_ACCOUNT, record);
  const { minted = [], presented = [] } = record.custody ?? {};
  const state = (role: 'minted' | 'presented') => (value: string) =>
    ({ group: 'custody', kind: 'state', value, role }) as const;
  return [...read(OF_USAGE, record), ...minted.map(state('minted')), ...presented.map(state('presented'))];
}

function read<T>(reads: readonly Read<T>[], record: T): Tie[] {
  return reads.flatMap(([group, kind, look]) => {
    const held = look(record);
    return held === undefined ? [] : [{ group, kind, value: held }];
  });
}

/** One line of a sort: lines of one value stand beside each other. */
export function tieLine({ group, kind, value, role }: Tie, account: string): string {
  return JSON.stringify([group, kind, value, account, role ?? '']);
}

export type Bonds = ReadonlyMap<string, ReadonlySet<EvidenceGroup>>;

export interface BondSources {
  /** Lines of `tieLine`, sorted, repeats among them. */
  ties: Iterable<string>;
  /** When each member began, ms since 1970. */
  born: ReadonlyMap<string, number>;
  /** Each member's exchanges, and those of them that are after what the campaign is after. */
  work: ReadonlyMap<string, { all: number; aimed: number }>;
}

/** Share of a member's exchanges from which on they are said to be after it. */
const AIMED_SHARE = 0.5;

export function bondsOf({ ties, born, work }: BondSources): Bonds {
  const bonds = new Map<string, Set<EvidenceGroup>>();
  const tie = (account: string, group: EvidenceGroup) => {
    const held = bonds.get(account);
    if (held === undefined) bonds.set(account, new Set([group]));
    else held.add(group);
  };
  for (const { group, holders } of heldValues(ties)) for (const account of tied(holders)) tie(account, group);
  for (const account of togetherBorn(born)) tie(account, 'cohort');
  for (const [account, { all, aimed }] of work) if (all > 0 && aimed >= AIMED_SHARE * all) tie(account, 'intent');
  return bonds;
}

type Holders = Map<string, Set<string>>;

export interface HeldValue {
  group: Tie['group'];
  kind: string;
  value: string;
  /** The roles of each account that holds it. */
  holders: Holders;
}

/** Each value that more than one account holds. `lines`: of `tieLine`, sorted, repeats among them. */
export function* heldValues(lines: Iterable<string>): Generator<HeldValue> {
  let current = '';
  let last: Omit<HeldValue, 'holders'> = { group: 'content', kind: '', value: '' };
  let holders: Holders = new Map();
  for (const line of lines) {
    const [of, kind, value, account, role] = JSON.parse(line) as [Tie['group'], string, string, string, string];
    const key = JSON.stringify([of, kind, value]);
    if (key !== current) {
      if (holders.size > 1) yield { ...last, holders };
      [current, last, holders] = [key, { group: of, kind, value }, new Map()];
    }
    const roles = holders.get(account);
    if (roles === undefined) holders.set(account, new Set([role]));
    else roles.add(role);
  }
  if (holders.size > 1) yield { ...last, holders };
}

/** Whoever holds a value that another holds too; of a state whoever was given what another hands in, and the other. */
function tied(holders: Holders): string[] {
  const having = (role: string) => [...holders].filter(([, roles]) => roles.has(role)).map(([account]) => account);
  const [minted, presented] = [having('minted'), having('presented')];
  if (minted.length + presented.length === 0) return [...holders.keys()];
  const others = (among: readonly string[], account: string) => among.length > (among.includes(account) ? 1 : 0);
  return [
    ...minted.filter((account) => others(presented, account)),
    ...presented.filter((account) => others(minted, account)),
  ];
}

function togetherBorn(born: ReadonlyMap<string, number>): string[] {
  const inOrder = [...born].sort((a, b) => a[1] - b[1]);
  return inOrder
    .filter(([, at], i) => {
      const before = inOrder[i - 1]?.[1] ?? Number.NEGATIVE_INFINITY;
      const after = inOrder[i + 1]?.[1] ?? Number.POSITIVE_INFINITY;
      return at - before <= HOUR_MS || after - at <= HOUR_MS;
    })
    .map(([account]) => account);
}
