/** Records that broke the contract, one object each, for whoever has to mend the producer. */
import { createHash } from 'node:crypto';
import { UNORDERED } from '../../core/aggregates/stored-day.ts';
import { type Skeleton, skeletonOf } from '../../core/archive/skeleton.ts';
import type { Objects } from './s3.ts';

export interface Rejected {
  shard: string;
  sequence: string;
  /** Where in the record, `tokens.input` say; empty for the whole. */
  path: string;
  reason: string;
  payload: Uint8Array;
}

export interface Quarantine {
  /** The same record delivered again writes the same object. */
  put(rejected: Rejected, now: number): Promise<void>;
}

export class ObjectQuarantine implements Quarantine {
  private readonly objects: Objects;
  private readonly keepPayload: boolean;

  constructor(objects: Objects, keepPayload: boolean) {
    this.objects = objects;
    this.keepPayload = keepPayload;
  }

  /** Shape and digest, never the text: it may be a prompt. By its position a stream gives the record once more. */
  async put({ payload, ...rejected }: Rejected, now: number): Promise<void> {
    const entry = {
      source: rejected.shard === UNORDERED ? 'queue' : 'stream',
      ...rejected,
      shape: shapeOf(payload),
      quarantinedAt: new Date(now).toISOString(),
      bytes: payload.length,
      sha256: createHash('sha256').update(payload).digest('hex'),
      ...(this.keepPayload ? { payload: Buffer.from(payload).toString('base64') } : {}),
    };
    const key = `quarantine/${rejected.shard}/${rejected.sequence}.json`;
    await this.objects.put(key, JSON.stringify(entry), 'application/json');
  }
}

function shapeOf(payload: Uint8Array): Skeleton {
  try {
    return skeletonOf(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return 'not JSON';
  }
}
