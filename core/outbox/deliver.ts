/** One round of delivery: what is due is tried once, what waits too long goes to the next channel as well. */
import type { Envelope } from '../messages/envelope.ts';
import { type Hours, opensAt, waitsForHours } from './hours.ts';
import {
  type Attempt,
  attempted,
  besideOf,
  type Channel,
  channelsFor,
  escalation,
  isDue,
  isHeld,
  type OutboxRow,
  pending,
  undelivered,
} from './outbox.ts';

export interface OutboxStore {
  /** Keeps the message and its rows. Rows that are there already, in whatever state, stay; returns those added. */
  enrol(message: Envelope, rows: readonly OutboxRow[]): Promise<OutboxRow[]>;
  pending(): Promise<OutboxRow[]>;
  failed(): Promise<OutboxRow[]>;
  message(messageId: string): Promise<Envelope>;
  /** Puts the row's due time off to `until`; false where another run has done so meanwhile. */
  claim(row: OutboxRow, until: number): Promise<boolean>;
  update(row: OutboxRow): Promise<void>;
}

/** Longer than a channel may take to answer. A run that dies leaves its row to the next one after this. */
const LEASE_MS = 60_000;

/** Gives a message to one channel and returns what the channel answered. Throws where it did not take it. */
export type Sender = (message: Envelope, now: number) => Promise<string>;

export interface Delivery {
  store: OutboxStore;
  /** In the order in which a SEV1 is passed on. */
  senders: ReadonlyMap<Channel, Sender>;
  /** Left out: always. */
  hours?: Hours | undefined;
  now: () => number;
  random: () => number;
}

export interface Round {
  sent: number;
  retried: number;
  failed: number;
  /** Messages that nobody may have been told of. */
  undelivered: number;
}

/** Writes the rows of a message. Doing it again changes nothing: a message is known by its id. */
export async function enrol(message: Envelope, delivery: Delivery, unpaged = false): Promise<void> {
  const { store, senders, hours } = delivery;
  const { messageId, finding } = message;
  const now = delivery.now();
  const severity = finding?.severity ?? 'SEV2';
  const subject = finding?.id ?? message.dedupKey.split('/').slice(2).join('/');
  const channels = channelsFor(severity, [...senders.keys()], message.message, unpaged);
  const handed = besideOf(message).addresses.length > 0;
  if (senders.has('mail') && !channels.includes('mail') && !unpaged && handed) channels.push('mail');
  const rows = channels.map((channel) => {
    const waits = hours !== undefined && waitsForHours(severity, channel, message.message);
    return pending({ messageId, channel, subject, severity }, waits ? opensAt(hours, now) : now);
  });
  await overtake(await store.enrol(message, rows), delivery);
}

/** What goes out now makes stale what still waits for its hours in the same thread of the same channel. */
async function overtake(rows: readonly OutboxRow[], { store, hours, now }: Delivery): Promise<void> {
  const urgent = hours === undefined ? [] : rows.filter((row) => !isHeld(row, now()));
  if (urgent.length === 0) return;
  for (const row of await store.pending()) {
    const later = urgent.find(({ channel, subject }) => channel === row.channel && subject === row.subject);
    if (later === undefined || !isHeld(row, now())) continue;
    await store.update({ ...row, state: 'overtaken', settled: now(), receipt: `overtaken by ${later.messageId}` });
  }
}

export async function deliver(delivery: Delivery): Promise<Round> {
  const { store, now } = delivery;
  const round: Round = { sent: 0, retried: 0, failed: 0, undelivered: 0 };
  const rows = await withEscalated(await store.pending(), delivery);
  for (const row of rows) {
    if (!isDue(row, now())) continue;
    if (!(await store.claim(row, now() + LEASE_MS))) continue;
    const { state } = await tryOnce(row, delivery);
    round[state === 'sent' || state === 'failed' ? state : 'retried']++;
  }
  round.undelivered = undelivered([...(await store.pending()), ...(await store.failed())], now()).length;
  return round;
}

async function tryOnce(row: OutboxRow, { store, senders, now, random }: Delivery): Promise<OutboxRow> {
  const attempt = await attemptOf(row, store, senders, now());
  const moved = attempted(row, attempt, now(), random);
  await store.update(moved);
  return moved;
}

async function attemptOf(
  { messageId, channel }: OutboxRow,
  store: OutboxStore,
  senders: Delivery['senders'],
  now: number,
): Promise<Attempt> {
  const send = senders.get(channel);
  if (send === undefined) return { sent: false, error: `${channel} is not connected` };
  try {
    return { sent: true, receipt: await send(await store.message(messageId), now) };
  } catch (error) {
    const line = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { sent: false, error: line.split('\n')[0]!.slice(0, 200) };
  }
}

/** A SEV1 that its channel has not taken for a quarter of an hour goes to the next one too, unless it went there before. */
async function withEscalated(rows: readonly OutboxRow[], { store, senders, now }: Delivery): Promise<OutboxRow[]> {
  const all: OutboxRow[] = [];
  for (const row of rows) {
    const channel = escalation(row, [...senders.keys()], now());
    all.push(channel === undefined ? row : { ...row, escalated: true });
    if (channel === undefined) continue;
    const { messageId, subject, severity } = row;
    const next = pending({ messageId, channel, subject, severity }, now());
    all.push(...(await store.enrol(await store.message(messageId), [next])));
    await store.update({ ...row, escalated: true });
  }
  return all;
}
