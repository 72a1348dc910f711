/**
 * What has still to be told, one row per message and channel: pending until a channel has taken it, failed after a day
 * of trying. No failure switches a channel off, and a row never changes what it says. Pure: clock and chance are given.
 */
import { ROLE_NAMES, ROLES, type Roles } from '../cases/timers.ts';
import type { Severity } from '../findings/finding.ts';
import type { Envelope } from '../messages/envelope.ts';

export const CHANNELS = ['sns', 'chat', 'pagerduty', 'webhook', 'mail'] as const;
export type Channel = (typeof CHANNELS)[number];

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits before each further attempt; then hourly. */
const WAITS_MS = [10 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS];
const LATER_MS = HOUR_MS;
export const GIVE_UP_MS = 24 * HOUR_MS;
/** Share of a wait by which it may be shorter or longer, so that what failed together is not tried together. */
const JITTER = 0.2;
/** A SEV1 that its channel has not taken by then goes to the next channel as well. */
export const ESCALATE_MS = 15 * MINUTE_MS;
export const KEEP_FAILED_MS = 14 * 24 * HOUR_MS;

export interface OutboxRow {
  messageId: string;
  channel: Channel;
  /** Finding, or cause of a watch alarm. */
  subject: string;
  severity: Severity;
  /** `overtaken`: it waited for working hours until a later message of its thread made it stale. */
  state: 'pending' | 'sent' | 'failed' | 'overtaken';
  attempts: number;
  /** From when on it may be told, and when it is due next; ms since 1970. */
  since: number;
  due: number;
  /** Why the last attempt failed, in one line. */
  error?: string;
  /** What the channel answered. */
  receipt?: string;
  /** When it was sent, given up or overtaken. */
  settled?: number;
  /** It went to the next channel as well. */
  escalated?: boolean;
}

export type NewRow = Pick<OutboxRow, 'messageId' | 'channel' | 'subject' | 'severity'>;

/** `from`: now, or the next working hour. */
export function pending(row: NewRow, from: number): OutboxRow {
  return { ...row, state: 'pending', attempts: 0, since: from, due: from };
}

/** Waits for working hours and was not tried yet. */
export function isHeld({ state, attempts, due }: OutboxRow, now: number): boolean {
  return state === 'pending' && attempts === 0 && due > now;
}

/** By which channels a message goes out where all are connected, and in this order a SEV1 is passed on. */
const MOST_RANK: Record<Channel, number> = { sns: 4, chat: 3, pagerduty: 2, webhook: 4, mail: 2 };
const RANK: Record<Severity, number> = { SEV1: 1, SEV2: 2, SEV3: 3, INFO: 4 };

/** What is above the day's quota of pages leaves these out. */
const RINGING: readonly Channel[] = ['pagerduty', 'mail'];

/** Lines in a thread are no mail; a pager has its own way to remind. */
const LEFT_OUT: Partial<Record<Envelope['message'], readonly Channel[]>> = {
  acked: ['sns', 'mail'],
  assigned: ['sns', 'pagerduty', 'mail'],
  snoozed: ['sns', 'pagerduty', 'mail'],
  resumed: ['sns', 'pagerduty', 'mail'],
  reminder: ['pagerduty'],
};

export function channelsFor(
  severity: Severity,
  connected: readonly Channel[],
  message: Envelope['message'] = 'opened',
  unpaged = false,
): Channel[] {
  const without = [...(LEFT_OUT[message] ?? []), ...(unpaged ? RINGING : [])];
  return CHANNELS.filter(
    (channel) => connected.includes(channel) && !without.includes(channel) && RANK[severity] <= MOST_RANK[channel],
  );
}

/** Addresses beside those of the deployment that a mail goes to; `alone`: to nobody else. */
export interface Beside {
  addresses: string[];
  alone: boolean;
}

/**
 * Where an assignee is known by an address, messages on the finding go there too, whatever its severity; and a reminder
 * goes to the one who is to hear of it now.
 */
export function besideOf(message: Envelope, roles: Roles = {}): Beside {
  if (message.finding === null || message.line !== undefined) return { addresses: [], alone: false };
  const { case: held, escalation, finding } = message;
  const role = ROLE_NAMES.find((name) => ROLES[name] === escalation?.to);
  const addresses = [
    ...(held.assignee !== null && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(held.assignee) ? [held.assignee] : []),
    ...(role !== undefined && roles[role] ? [roles[role]] : []),
  ];
  return { addresses, alone: RANK[finding.severity] > MOST_RANK.mail };
}

export type Attempt = { sent: true; receipt: string } | { sent: false; error: string };

/** The row behind an attempt at `now`; `random` gives numbers from 0 up to 1. */
export function attempted(row: OutboxRow, attempt: Attempt, now: number, random: () => number): OutboxRow {
  const attempts = row.attempts + 1;
  const { error: _, ...rest } = row;
  if (attempt.sent) return { ...rest, attempts, state: 'sent', receipt: attempt.receipt, settled: now };
  const wait = (WAITS_MS[attempts - 1] ?? LATER_MS) * (1 + JITTER * (2 * random() - 1));
  const last = row.since + GIVE_UP_MS;
  if (now >= last) return { ...rest, attempts, state: 'failed', error: attempt.error, settled: now };
  return { ...rest, attempts, error: attempt.error, due: Math.min(last, Math.round(now + wait)) };
}

export function isDue({ state, due }: OutboxRow, now: number): boolean {
  return state === 'pending' && due <= now;
}

/** The channel behind a row's own that a SEV1 unsent for 15 minutes goes to as well; undefined where none is left. */
export function escalation(row: OutboxRow, connected: readonly Channel[], now: number): Channel | undefined {
  if (row.severity !== 'SEV1' || row.state === 'sent' || row.escalated || now - row.since < ESCALATE_MS)
    return undefined;
  const at = connected.indexOf(row.channel);
  return connected.length > 1 ? connected[(at + 1) % connected.length] : undefined;
}

/** When a settled row may be forgotten: a sent one after the longest time in which it could be delivered again. */
export function forgetAt({ settled = 0 }: OutboxRow): number {
  return settled + KEEP_FAILED_MS;
}

/** What people are owed: failed rows, and SEV1 that wait longer than they may. Oldest first. */
export function undelivered(rows: readonly OutboxRow[], now: number): OutboxRow[] {
  const late = (row: OutboxRow) => row.severity === 'SEV1' && now - row.since >= ESCALATE_MS;
  return rows
    .filter((row) => row.state === 'failed' || (row.state === 'pending' && late(row)))
    .sort((a, b) => a.since - b.since || (a.messageId < b.messageId ? -1 : 1));
}
