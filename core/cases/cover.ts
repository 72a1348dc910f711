/**
 * Which accounts of a finding exceptions and plans cover, and whether that is all that matter. A silence is judged at a
 * time: it begins with its entry, ends by itself, and passes its ceiling once and for all.
 */
import type { Finding, Member } from '../findings/finding.ts';
import type { FindingDay } from '../findings/transition.ts';
import type { CaseEntry, EntryOf, Scope } from './entry.ts';
import { inScope, type Reach } from './reach.ts';

/** A finding as its last sweep saw it, as far as silences ask. */
export interface Seen {
  /** Last exchange that the sweep saw. */
  dataTo: string;
  /** Of its members, oldest first. */
  daily: FindingDay[];
  /** What its members have in common with others. */
  reach: Reach;
}

export type SilenceEntry = EntryOf<'exception'> | EntryOf<'plan'>;

export interface Silence {
  entry: SilenceEntry;
  /** When somebody ended it early. */
  endedAt?: string;
}

/** Every exception and plan of the log, with its end. */
export function silencesOf(log: readonly CaseEntry[]): Silence[] {
  const silences = new Map<string, Silence>();
  for (const entry of log) {
    if (entry.action === 'exception' || entry.action === 'plan') silences.set(entry.id, { entry });
    if (entry.action !== 'exception-end' && entry.action !== 'plan-end') continue;
    const held = silences.get(entry.id);
    if (held !== undefined && held.endedAt === undefined) held.endedAt = entry.at;
  }
  return [...silences.values()];
}

/** When it ends by itself. RFC 3339. */
export function endOf({ entry, endedAt }: Silence): string {
  const due = entry.action === 'plan' ? entry.to : entry.until;
  return endedAt !== undefined && endedAt < due ? endedAt : due;
}

/** Whether it holds at a time, whatever it covers. */
export function isActive(silence: Silence, at: string): boolean {
  const { entry } = silence;
  const begins = entry.action === 'plan' && entry.from > entry.at ? entry.from : entry.at;
  return begins <= at && at < endOf(silence);
}

export interface Cover {
  /** All certain accounts, where none is certain all accounts. */
  complete: boolean;
  covers: { id: string; accounts: number; until: string }[];
}

export interface Covered {
  finding: Finding;
  members: readonly Member[];
  seen: Seen | undefined;
  /** Silences up to this place in the log do not count. */
  coverVoid: number;
}

const NO_COVER: CoveredAccounts = { complete: false, covers: [], accounts: new Set() };

/** The same, with who is covered. */
export interface CoveredAccounts extends Cover {
  accounts: ReadonlySet<string>;
}

export function coverOf(covered: Covered, silences: readonly Silence[], at: string): Cover {
  const { complete, covers } = coveredAccounts(covered, silences, at);
  return { complete, covers };
}

export function coveredAccounts(covered: Covered, silences: readonly Silence[], at: string): CoveredAccounts {
  const { finding, members, seen, coverVoid } = covered;
  const fitting = silences.filter(
    (silence) => silence.entry.seq > coverVoid && concerns(silence, finding) && holds(silence, seen, at),
  );
  if (fitting.length === 0) return NO_COVER;
  const claimed = members.filter(({ until }) => until === undefined);
  const certain = claimed.filter(({ confidence }) => confidence === 'certain');
  const matter = certain.length > 0 ? certain : claimed;
  const accounts = new Set<string>();
  const covers = fitting.map(({ entry, ...silence }) => {
    const held = matter.filter(({ account }) => inScope(entry.scope as Scope, account, seen?.reach));
    for (const { account } of held) accounts.add(account);
    return { id: entry.id, accounts: held.length, until: endOf({ entry, ...silence }) };
  });
  return {
    complete: matter.length > 0 && accounts.size === matter.length,
    covers: covers.filter(({ accounts: held }) => held > 0),
    accounts,
  };
}

/** Whether a silence is about findings of this kind, whomever it covers. */
export function concerns({ entry }: Silence, { classification }: Pick<Finding, 'classification'>): boolean {
  return entry.action === 'plan' ? classification === 'volume_anomaly' : entry.classifications.includes(classification);
}

/** A plan is about what was used in its time, so it is held against the data; an exception against the clock. */
function holds(silence: Silence, seen: Seen | undefined, at: string): boolean {
  const { entry, endedAt } = silence;
  if (endedAt !== undefined && endedAt <= at) return false;
  if (entry.action === 'exception') return at >= entry.at && at < entry.until && !passed(entry, seen);
  const used = seen?.dataTo ?? at;
  return used >= entry.from && used < entry.to && !passed(entry, seen);
}

function passed(entry: SilenceEntry, seen: Seen | undefined): boolean {
  const used = usedOf(entry, seen);
  return used !== undefined && used > 1;
}

/** How much of its ceiling is used, 1 the whole of it; undefined where it has none, or nothing was seen. */
export function usedOf(entry: SilenceEntry, seen: Seen | undefined): number | undefined {
  if (entry.ceiling === undefined || seen === undefined) return undefined;
  const from = (entry.action === 'plan' ? entry.from : entry.at).slice(0, 10);
  const days = seen.daily.filter(({ day }) => day >= from);
  if (entry.action === 'exception') return Math.max(0, ...days.map(({ exchanges }) => exchanges)) / entry.ceiling;
  const within = days.filter(({ day }) => day <= entry.to.slice(0, 10));
  const sum = (of: 'exchanges' | 'outputTokens') => within.reduce((total, day) => total + day[of], 0);
  return 'exchanges' in entry.ceiling
    ? sum('exchanges') / entry.ceiling.exchanges
    : sum('outputTokens') / entry.ceiling.output;
}
