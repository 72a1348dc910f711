/** What falls due in a case by itself. */
import type { Severity } from '../findings/finding.ts';
import { DAY_MS } from '../records/time.ts';
import type { CaseState } from './case-state.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A cleared finding may come back under its own id until then. */
const ARCHIVE_MS = 14 * DAY_MS;

/** Who hears of a finding that nobody took on; a deployment may name an address for each. */
export const ROLES = {
  secondOnCall: 'second on-call',
  abuseLead: 'abuse lead',
  securityLeader: 'security leader',
} as const;
export type Role = keyof typeof ROLES;
/** Their addresses, as far as they are named. */
export type Roles = { [role in Role]?: string | undefined };
export const ROLE_NAMES = Object.keys(ROLES) as Role[];

export interface Escalation {
  afterMs: number;
  to: (typeof ROLES)[Role];
}

/** Who hears of a finding that nobody acknowledged, and when. SEV3 waits for the weekly report. */
export const ESCALATIONS: Record<Severity, readonly Escalation[]> = {
  SEV1: [
    { afterMs: 30 * MINUTE_MS, to: ROLES.secondOnCall },
    { afterMs: 2 * HOUR_MS, to: ROLES.securityLeader },
  ],
  SEV2: [
    { afterMs: 8 * HOUR_MS, to: ROLES.abuseLead },
    { afterMs: 24 * HOUR_MS, to: ROLES.securityLeader },
  ],
  SEV3: [],
  INFO: [],
};

export type Due =
  | { at: number; what: 'cover' }
  | { at: number; what: 'snooze' | 'fold' | 'escalation' | 'archive'; finding: string };

export function dueOf(held: CaseState): Due[] {
  const { finding, state, snooze, foldUntil, clearedAt } = held;
  const dues: Due[] = [];
  if (state === 'snoozed' && snooze) dues.push({ at: Date.parse(snooze.until), what: 'snooze', finding });
  if (foldUntil !== null) dues.push({ at: Date.parse(foldUntil), what: 'fold', finding });
  if (state === 'cleared' && clearedAt) dues.push({ at: Date.parse(clearedAt) + ARCHIVE_MS, what: 'archive', finding });
  const next = nextEscalation(held);
  if (next !== undefined) dues.push({ at: Date.parse(held.unackedSince!) + next.afterMs, what: 'escalation', finding });
  return dues;
}

/** The one that comes next while nobody acknowledges; undefined where there is none. */
function nextEscalation({ state, unackedSince, reminders, last }: CaseState): Escalation | undefined {
  if (state !== 'new' || unackedSince === null) return undefined;
  return ESCALATIONS[last.finding.severity][reminders];
}

/** The one that a reminder is, by how many there were. */
export function escalationOf({ reminders, last }: CaseState): Escalation | undefined {
  return ESCALATIONS[last.finding.severity][reminders - 1];
}
