/** A platform's size, and what the stream makes of it for the function. */
import { DAY_MS } from '../../core/records/time.ts';

/** As the event source has it, and `prod`; a test holds this to the template. */
export const BATCH = { seconds: 300, records: 10_000, lanes: 10 };
/** What Lambda takes in one call, with all that is around the records. */
const CALL_BYTES = 6_000_000;
/** Of the busiest seconds over the mean of the day: an assumption, and by how much the shards are more than the mean needs. */
export const PEAK = 4;
const SHARD_RECORDS_A_SECOND = 1000;

export interface Scale {
  /** A day. */
  exchanges: number;
  shards: number;
  /** Records of a mean batch, and how long they take to come. */
  batch: number;
  windowMs: number;
}

/** `eventBytes`: of one record, as the function is given it. */
export function scaleOf(exchanges: number, eventBytes: number): Scale {
  const perSecond = (exchanges / DAY_MS) * 1000;
  const shards = Math.ceil((perSecond * PEAK) / SHARD_RECORDS_A_SECOND);
  const perLane = perSecond / (shards * BATCH.lanes);
  const batch = Math.min(BATCH.records, Math.floor(CALL_BYTES / eventBytes), Math.round(perLane * BATCH.seconds));
  return { exchanges, shards, batch, windowMs: Math.round((batch / perLane) * 1000) };
}
