/** The outbox in memory, and channels that can be broken. */

import type { Envelope } from '../../../core/messages/envelope.ts';
import type { Delivery, OutboxStore, Sender } from '../../../core/outbox/deliver.ts';
import { CHANNELS, type Channel, type OutboxRow } from '../../../core/outbox/outbox.ts';

export class MemoryOutbox implements OutboxStore {
  readonly rows = new Map<string, OutboxRow>();
  private readonly messages = new Map<string, Envelope>();

  async enrol(message: Envelope, rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
    this.messages.set(message.messageId, message);
    const added = rows.filter((row) => !this.rows.has(keyOf(row)));
    for (const row of added) this.rows.set(keyOf(row), row);
    return added;
  }

  async pending(): Promise<OutboxRow[]> {
    return this.inState('pending');
  }

  async failed(): Promise<OutboxRow[]> {
    return this.inState('failed');
  }

  async message(messageId: string): Promise<Envelope> {
    return this.messages.get(messageId)!;
  }

  async claim(row: OutboxRow, until: number): Promise<boolean> {
    if (this.rows.get(keyOf(row))?.due !== row.due) return false;
    this.rows.set(keyOf(row), { ...row, due: until });
    return true;
  }

  async update(row: OutboxRow): Promise<void> {
    this.rows.set(keyOf(row), row);
  }

  private inState(state: OutboxRow['state']): OutboxRow[] {
    return [...this.rows.values()].filter((row) => row.state === state);
  }
}

const keyOf = ({ messageId, channel }: OutboxRow) => `${messageId}#${channel}`;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A world with a clock, and channels that keep what they took. */
export function world(connected: readonly Channel[] = CHANNELS) {
  const store = new MemoryOutbox();
  const taken = new Map<Channel, Envelope[]>(connected.map((channel) => [channel, []]));
  const state = { now: Date.UTC(2026, 5, 22), broken: new Set<Channel>() };
  const sender =
    (channel: Channel): Sender =>
    async (message) => {
      if (state.broken.has(channel)) throw new Error('503 from the endpoint');
      taken.get(channel)!.push(message);
      return 'ok';
    };
  const delivery: Delivery = {
    store,
    senders: new Map(connected.map((channel) => [channel, sender(channel)])),
    now: () => state.now,
    random: () => 0.5,
  };
  return { store, taken, state, delivery };
}
