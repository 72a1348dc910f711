/** Transitions as events on the bus. Delivery is at least once: what the bus refuses is sent again. */
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Transition } from '../../core/findings/transition.ts';
import type { Announcer } from '../../core/ports.ts';
import { jitteredPause, type Pause } from '../backoff.ts';

/** Limits of one PutEvents call; an entry's size counts its detail, detail type and source. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
/** Left for source, detail type, bus name and time. */
const OVERHEAD_BYTES = 512;
const ATTEMPTS = 5;

export class AnnounceError extends Error {
  override name = 'AnnounceError';
}

export class EventBridgeAnnouncer implements Announcer {
  private readonly client: EventBridgeClient;
  private readonly bus: string;
  private readonly pause: Pause;

  constructor(client: EventBridgeClient, bus: string, pause: Pause = jitteredPause) {
    this.client = client;
    this.bus = bus;
    this.pause = pause;
  }

  /** Sends all it can, then throws an `AnnounceError` that counts what the bus did not take. */
  async announce(transitions: Transition[]): Promise<void> {
    const entries = transitions.map((transition) => findingEvent(transition, this.bus));
    let refused = 0;
    for (const batch of batches(entries)) refused += await this.send(batch);
    if (refused > 0) {
      throw new AnnounceError(
        `${refused} of ${entries.length} transitions were not taken by the bus; run the sweep of the same time again`,
      );
    }
  }

  /** Returns how many entries are still refused at the end. */
  private async send(batch: PutEventsRequestEntry[]): Promise<number> {
    let left = batch;
    for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt++) {
      if (attempt > 0) await this.pause(attempt);
      const { Entries = [], FailedEntryCount = 0 } = await this.client.send(new PutEventsCommand({ Entries: left }));
      left = FailedEntryCount === 0 ? [] : left.filter((_, i) => Entries[i]?.ErrorCode !== undefined);
    }
    return left.length;
  }
}

export function findingEvent(transition: Transition, bus: string): PutEventsRequestEntry {
  const { id, at } = transition.finding;
  const Detail = JSON.stringify(transition);
  if (sizeOf(Detail) > MAX_BYTES) throw new AnnounceError(`${id}: ${sizeOf(Detail)} bytes do not fit one event`);
  return { EventBusName: bus, Source: 'stillwatch', DetailType: 'Stillwatch Finding', Time: new Date(at), Detail };
}

function sizeOf(detail: string): number {
  return new TextEncoder().encode(detail).length + OVERHEAD_BYTES;
}

function batches(entries: PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const all: PutEventsRequestEntry[][] = [];
  let bytes = MAX_BYTES;
  for (const entry of entries) {
    const size = sizeOf(entry.Detail!);
    if (bytes + size > MAX_BYTES || all.at(-1)!.length === MAX_ENTRIES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)!.push(entry);
    bytes += size;
  }
  return all;
}
