/** A batch of queue messages that tell of objects: each message is done, or comes again. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { settleAll } from '../concurrency.ts';
import type { Telemetry } from '../telemetry.ts';
import { type LineBatch, lineBatches } from './batches.ts';
import { linesOf } from './lines.ts';
import type { LogObjects, ObjectPlace } from './log-objects.ts';
import { objectsIn } from './object-events.ts';
import { type Unread, unread } from './piece.ts';
import type { UnreadStore } from './quarantine.ts';

export interface ObjectMessagesHost {
  /** Names the collector in the quarantine. */
  source: string;
  /** The only bucket that is read. */
  bucket: string;
  objects: LogObjects;
  quarantine: UnreadStore;
  told: Telemetry;
  now(): number;
  /** Whether an object of the bucket holds what is wanted. */
  wants(key: string): boolean;
  /** Takes a batch; throws where it must be delivered again. */
  take(batch: LineBatch): Promise<void>;
}

/** Objects read at one time; each holds at most one batch of lines. */
const OBJECTS_AT_ONCE = 2;

export async function takeObjects({ Records }: SQSEvent, host: ObjectMessagesHost): Promise<SQSBatchResponse> {
  const outcomes = await settleAll(Records, OBJECTS_AT_ONCE, (message) => takeMessage(message, host));
  const batchItemFailures = Records.filter((_, i) => outcomes[i]!.status === 'rejected').map(({ messageId }) => ({
    itemIdentifier: messageId,
  }));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') host.told.error('not collected; asked for again', outcome.reason);
  }
  return { batchItemFailures };
}

async function takeMessage({ messageId, body }: SQSRecord, host: ObjectMessagesHost): Promise<void> {
  const places = objectsIn(body);
  if (places === undefined) {
    const piece = { position: `message ${messageId}`, value: undefined, text: body };
    return setAside([unread(piece, '', 'the message tells of no object')], host);
  }
  for (const place of places) if (host.wants(place.key)) await takeObject(place, host);
}

async function takeObject(place: ObjectPlace, host: ObjectMessagesHost): Promise<void> {
  const name = `${place.bucket}/${place.key}`;
  const missing = (reason: string) =>
    setAside([unread({ position: name, value: undefined, text: '' }, '', reason)], host);
  if (place.bucket !== host.bucket) return missing('not of the bucket that this collector reads');
  const bytes = await host.objects.open(place);
  if (bytes === undefined) return missing('the object is gone');
  for await (const batch of lineBatches(linesOf(bytes), name)) {
    await setAside(batch.unread, host);
    if (batch.pieces.length > 0) await host.take(batch);
  }
}

async function setAside(entries: Unread[], { quarantine, source, told, now }: ObjectMessagesHost): Promise<void> {
  told.count('RecordsQuarantined', entries.length);
  await quarantine.put(source, entries, now());
}
