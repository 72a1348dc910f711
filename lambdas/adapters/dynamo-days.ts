/**
 * An account-day as the attributes of its item, and back. The ids of one with files lie under `tail`, not `seen`: an
 * earlier version of the function, which knows of no files, then stops at the item instead of counting repeats as new.
 */
import type { StoredDay } from '../../core/aggregates/stored-day.ts';
import type { AccountDayBatch } from '../../core/ports.ts';
import { bytesOf, type Item, numberOf, texts, textsOf } from './dynamo-items.ts';

const DAY_SECONDS = 86_400;
/** Days that an account-day outlives the retention, so that a late sweep still reads whole days. */
const MARGIN_DAYS = 2;

export function storedDay(item: Item): StoredDay {
  const filed = item.files !== undefined;
  return {
    packed: bytesOf(item, 'packed'),
    seen: bytesOf(item, filed ? 'tail' : 'seen'),
    files: filed ? numberOf(item, 'files') : 0,
    moved: filed ? numberOf(item, 'moved') : 0,
    positions: textsOf(item, 'positions'),
  };
}

/** Attributes that say nothing yet are left out: each byte of an item counts toward its write units. */
export function dayAttributes({ account, day }: AccountDayBatch, next: StoredDay, retentionDays: number): Item {
  const { packed, seen, files, moved, positions } = next;
  return {
    account: { S: account },
    day: { N: String(day) },
    packed: { B: packed },
    ...(files > 0
      ? { tail: { B: seen }, files: { N: String(files) }, moved: { N: String(moved) } }
      : { seen: { B: seen } }),
    ...(Object.keys(positions).length > 0 ? { positions: texts(positions) } : {}),
    expires: { N: String(expiryOf(day, retentionDays)) },
  };
}

/** Seconds since 1970. */
export function expiryOf(day: number, retentionDays: number): number {
  return (day + retentionDays + MARGIN_DAYS) * DAY_SECONDS;
}
