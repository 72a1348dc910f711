/**
 * The life of a finding: when a change is worth telling. Decision and telling are two steps; here is the decision.
 *
 * `opened` once per id; `updated` only on material change, all changes of a sweep in one reason; `cleared` once, after
 * quiet time that was watched.
 */
import type { Finding, Severity } from './finding.ts';
import { graver, oneStepDown } from './severity.ts';
import type { SinceLast } from './transition.ts';

/** A severity falls one step after this many sweeps in a row, and hours, below. */
const DOWN_SWEEPS = 3;
const DOWN_MS = 72 * 3_600_000;
/** A capability is targeted from this share and lift on. */
const TARGET_SHARE = 0.05;
const TARGET_LIFT = 2;

export interface RatedAt {
  at: string;
  severity: Severity;
}

/** Up at once; down one step after three sweeps in a row and 72 h below. `history` ends with this sweep. */
export function settleSeverity(held: Severity, history: readonly RatedAt[]): Severity {
  const now = history.at(-1)!;
  if (graver(now.severity, held) || now.severity === held) return now.severity;
  const below: RatedAt[] = [];
  for (const rated of history.toReversed()) {
    if (!graver(held, rated.severity)) break;
    below.push(rated);
  }
  const lasting = Date.parse(now.at) - Date.parse(below.at(-1)!.at) >= DOWN_MS;
  return below.length >= DOWN_SWEEPS && lasting ? oneStepDown(held) : held;
}

/**
 * The history with this sweep, as short as `settleSeverity` needs it: back to the last sweep 72 h ago, at least three
 * sweeps, and of equal neighbours the first two and the last. So it falls however often a platform sweeps.
 */
export function rememberSeverity(history: readonly RatedAt[], rated: RatedAt): RatedAt[] {
  const all = [...history, rated];
  const since = Date.parse(rated.at) - DOWN_MS;
  const oldest = all.findLastIndex(({ at }) => Date.parse(at) <= since);
  const kept = all.slice(Math.max(0, Math.min(oldest, all.length - DOWN_SWEEPS)));
  const same = (i: number, severity: Severity) => kept[i]?.severity === severity;
  return kept.filter(({ severity }, i) => !(same(i - 2, severity) && same(i - 1, severity) && same(i + 1, severity)));
}

export interface Change {
  reason: string;
  capabilitiesAdded: string[];
  groupsAdded: Finding['evidence'][number]['group'][];
}

/** What changed materially since the last transition; undefined where nothing did. */
export function materialChange(told: Finding, now: Finding): Change | undefined {
  const capabilitiesAdded = targeted(now).filter((task) => !targeted(told).includes(task));
  const toldGroups = new Set(told.evidence.map(({ group }) => group));
  const groupsAdded = [...new Set(now.evidence.map(({ group }) => group))].filter((group) => !toldGroups.has(group));
  const accounts = (finding: Finding) => finding.accounts.certain + finding.accounts.probable;
  const reasons = [
    told.severity !== now.severity && `severity ${told.severity} -> ${now.severity}`,
    told.classification !== now.classification && `classification ${told.classification} -> ${now.classification}`,
    doubled('accounts', accounts(told), accounts(now)),
    doubled('exchanges', told.exchanges, now.exchanges),
    doubled('output tokens', told.outputTokens, now.outputTokens),
    capabilitiesAdded.length > 0 && `new capability ${capabilitiesAdded.join(', ')}`,
    groupsAdded.length > 0 && `new evidence ${groupsAdded.join(', ')}`,
    told.accounts.certain === 0 && now.accounts.certain > 0 && `first certain accounts: ${count(now.accounts.certain)}`,
  ].filter((reason) => reason !== false);
  return reasons.length === 0 ? undefined : { reason: reasons.join('; '), capabilitiesAdded, groupsAdded };
}

function doubled(what: string, before: number, now: number): string | false {
  return before > 0 && now >= 2 * before && `${what} ${count(before)} -> ${count(now)} (${(now / before).toFixed(1)}x)`;
}

const count = (value: number) => value.toLocaleString('en-US');

export function targeted(finding: Finding): string[] {
  return finding.capabilities
    .filter(({ share, lift }) => share >= TARGET_SHARE && lift >= TARGET_LIFT)
    .map(({ task }) => task);
}

/** What the reader holds after this transition: the next message compares with it. */
export function toldNow(finding: Finding, change: Change | undefined): SinceLast {
  return {
    at: finding.at,
    accounts: finding.accounts.certain + finding.accounts.probable,
    exchanges: finding.exchanges,
    severity: finding.severity,
    capabilitiesAdded: change?.capabilitiesAdded ?? [],
    groupsAdded: change?.groupsAdded ?? [],
  };
}
