/**
 * A second place that is durable: records wait in a bucket until they can go onto the stream. They hold no text by then,
 * only fingerprints and classes. Each object is told to a queue, from which a function sends it on.
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import type { Objects } from '../adapters/s3.ts';

export interface Hold {
  /** The same records from the same place make the same object. */
  put(records: readonly StillwatchRecord[], position: string): Promise<void>;
}

export const HELD_PREFIX = 'held/';

export class ObjectHold implements Hold {
  private readonly objects: Pick<Objects, 'put'>;

  constructor(objects: Pick<Objects, 'put'>) {
    this.objects = objects;
  }

  async put(records: readonly StillwatchRecord[], position: string): Promise<void> {
    if (records.length === 0) return;
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const name = createHash('sha256').update(position).update(lines).digest('hex').slice(0, 32);
    await this.objects.put(`${HELD_PREFIX}${name}.ndjson.gz`, gzipSync(lines), 'application/x-ndjson');
  }
}
