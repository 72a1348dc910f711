/** Records that broke the contract, one object each, for whoever has to mend the producer. */
import { createHash } from 'node:crypto';
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

  /** The digest tells equal payloads apart from different ones without storing what may be a prompt. */
  async put({ payload, ...rejected }: Rejected, now: number): Promise<void> {
    const entry = {
      ...rejected,
      quarantinedAt: new Date(now).toISOString(),
      bytes: payload.length,
      sha256: createHash('sha256').update(payload).digest('hex'),
      ...(this.keepPayload ? { payload: Buffer.from(payload).toString('base64') } : {}),
    };
    const key = `quarantine/${rejected.shard}/${rejected.sequence}.json`;
    await this.objects.put(key, JSON.stringify(entry), 'application/json');
  }
}
