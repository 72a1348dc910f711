/**
 * Where an object of the archive lies: by type of record, then by the UTC day and hour of the event, in the names that
 * Hive gave such folders, so that Athena, Spark and DuckDB skip the days that a query does not ask for.
 */
import { createHash } from 'node:crypto';
import type { StillwatchRecord } from '../records/schema.ts';
import { DAY_MS, HOUR_MS, isoDay, timeMs } from '../records/time.ts';
import type { RecordType } from './columns.ts';
import type { Placed } from './rows.ts';

export interface Partition {
  type: RecordType;
  /** Days since 1970. */
  day: number;
  /** 0 to 23. */
  hour: number;
}

export function folderOf({ type, day, hour }: Partition): string {
  return `${dayFolder(type, day)}hour=${String(hour).padStart(2, '0')}/`;
}

/** All hours of a day. */
export function dayFolder(type: RecordType, day: number): string {
  return `${type}/day=${isoDay(day)}/`;
}

/**
 * Named by shard, sequence range and content: the same batch delivered again writes the same object. A batch that is
 * cut differently, or judged differently, writes another beside it, and never takes a record away; who reads drops
 * repeats by id.
 */
export function objectName(placed: readonly Placed[], bytes: Uint8Array): string {
  const [first, last] = [placed[0]!, placed.at(-1)!];
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return `${first.shard}-${first.sequence}-${last.sequence}-${digest}.parquet`;
}

/** Records by partition, each in the order given. */
export function byPartition(placed: Iterable<Placed>): { partition: Partition; placed: Placed[] }[] {
  const parts = new Map<string, { partition: Partition; placed: Placed[] }>();
  for (const each of placed) {
    const hours = Math.floor(timeMs(each.record.time) / HOUR_MS);
    const key = `${each.record.type} ${hours}`;
    let part = parts.get(key);
    if (part === undefined) {
      part = { partition: partitionOf(each.record.type, hours), placed: [] };
      parts.set(key, part);
    }
    part.placed.push(each);
  }
  return [...parts.values()];
}

function partitionOf(type: StillwatchRecord['type'], hours: number): Partition {
  const day = Math.floor((hours * HOUR_MS) / DAY_MS);
  return { type, day, hour: hours - day * 24 };
}

/** `…/usage/day=2026-04-22/hour=09/name.parquet`: what stands before the partition, and the hour as text. */
const PLACE = /^(.*?)(usage|account|release)\/day=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/[^/]+\.parquet$/;

/** Undefined where a path is of no archive. `at` sorts as time does. */
export function placeOf(path: string): { root: string; type: RecordType; at: string } | undefined {
  const found = PLACE.exec(path);
  if (found === null) return undefined;
  const [, root, type, day, hour] = found as unknown as [string, string, RecordType, string, string];
  return { root, type, at: `${day}T${hour}` };
}
