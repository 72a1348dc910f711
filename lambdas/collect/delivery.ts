/** Where records go. When `deliver` returns they are durable, each of them; else it throws. */
import type { StillwatchRecord } from '../../core/records/schema.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Hold } from './hold.ts';
import type { RecordStream } from './record-stream.ts';

/** `position`: names the batch, so that a batch delivered again is held in the same place. */
export type Delivery = (records: readonly StillwatchRecord[], position: string) => Promise<void>;

/** Onto the stream, and what the stream does not take into the hold. */
export function toStream(stream: RecordStream, hold: Hold, told: Telemetry): Delivery {
  return async (records, position) => {
    const { left, cause } = await stream.put(records);
    if (left.length === 0) return;
    if (cause !== undefined) told.error('no records were taken; they are held', cause, { records: left.length });
    await hold.put(left, position);
    told.count('RecordsHeld', left.length);
  };
}

/** All into the hold, to be joined with what arrives later. */
export function toHold(hold: Hold, told: Telemetry): Delivery {
  return async (records, position) => {
    await hold.put(records, position);
    told.count('RecordsHeld', records.length);
  };
}
