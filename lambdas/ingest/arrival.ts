/** What ingest is given, by a stream or by a queue, in one form. */
import type { KinesisStreamEvent, SQSEvent, SQSRecord } from 'aws-lambda';
import { UNORDERED } from '../../core/aggregates/stored-day.ts';

export interface Arrival {
  /** Of the stream, or `UNORDERED`. */
  shard: string;
  /** Decimal. The same wherever the record is delivered again. */
  sequence: string;
  data: string;
  encoding: 'base64' | 'utf8';
  /** By which the source is asked for it again. */
  item: string;
}

export type IngestEvent = KinesisStreamEvent | SQSEvent;

export function arrivalsOf({ Records }: IngestEvent): Arrival[] {
  let shard = '';
  return Records.map((record) => {
    if ('messageId' in record) return ofQueue(record);
    const { eventID, kinesis } = record;
    // The batch is of one shard, whose name is then one text: texts that are the same one are compared at once.
    const end = eventID.indexOf(':');
    if (end !== shard.length || !eventID.startsWith(shard)) shard = eventID.slice(0, end);
    const { sequenceNumber, data } = kinesis;
    return { shard, sequence: sequenceNumber, data, encoding: 'base64', item: sequenceNumber };
  });
}

/** Digits of a message's id, 128 bits. */
const ID_DIGITS = 39;

/** A queue gives no position: the time at which the message was sent, ms, and its id stand for one. */
function ofQueue({ messageId, body, attributes }: SQSRecord): Arrival {
  const id = BigInt(`0x${messageId.replaceAll('-', '')}`).toString();
  const sequence = `${attributes.SentTimestamp}${id.padStart(ID_DIGITS, '0')}`;
  return { shard: UNORDERED, sequence, data: body, encoding: 'utf8', item: messageId };
}
