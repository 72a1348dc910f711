/** What could not be read, for whoever has to mend the producer: one object a batch, one line each. Never the text. */
import { createHash } from 'node:crypto';
import type { Objects } from '../adapters/s3.ts';
import type { Unread } from './piece.ts';

export interface UnreadStore {
  /** The same batch delivered again writes the same object. `source`: which collector, as `litellm-queue`. */
  put(source: string, unread: readonly Unread[], now: number): Promise<void>;
}

export class ObjectUnread implements UnreadStore {
  private readonly objects: Pick<Objects, 'put'>;

  constructor(objects: Pick<Objects, 'put'>) {
    this.objects = objects;
  }

  async put(source: string, unread: readonly Unread[], now: number): Promise<void> {
    if (unread.length === 0) return;
    const quarantinedAt = new Date(now).toISOString();
    const lines = unread.map((entry) => `${JSON.stringify({ source, ...entry, quarantinedAt })}\n`).join('');
    const name = createHash('sha256');
    for (const { position, path, sha256 } of unread) name.update(`${position}\0${path}\0${sha256}\0`);
    const key = `quarantine/${source}/${name.digest('hex').slice(0, 32)}.json`;
    await this.objects.put(key, lines, 'application/x-ndjson');
  }
}
