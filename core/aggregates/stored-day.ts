/**
 * One stored account-day and the rule by which a delivered batch changes it. Pure: every store adapter calls this and
 * adds only how it reads and how it writes conditionally.
 */
import type { AccountDayBatch, FoldOutcome } from '../ports.ts';
import { timeMs } from '../records/time.ts';
import { AccountDay } from './account-day.ts';
import { packAccountDay, unpackAccountDay } from './account-day-codec.ts';
import { foldUsage } from './fold.ts';
import { hashPair } from './hash.ts';

/**
 * Ids remembered per account-day, 6 bytes each. Up to this many, a repeated id is always recognised; past it, only
 * repeats of a stream position are.
 */
export const EXACT_IDS = 4096;
/** Shards remembered per account-day: an account is on one shard at a time, and moves when the stream is re-sharded. */
const MAX_SHARDS = 8;

export interface StoredDay {
  packed: Uint8Array;
  /** Ascending 48-bit hashes of (account, id), 6 bytes each, little-endian. */
  seen: Uint8Array;
  /** Shard to the last sequence number applied. */
  positions: Record<string, string>;
}

export interface Applied {
  /** Undefined when the batch changes nothing. */
  next: StoredDay | undefined;
  outcome: FoldOutcome;
}

/** Skips what the day already holds by stream position or id, folds the rest. */
export function applyBatch(current: StoredDay | undefined, batch: AccountDayBatch): Applied {
  const day = current ? unpackAccountDay(current.packed, batch.day) : new AccountDay();
  const seen = new Set(current ? readIds(current.seen) : []);
  const applied = current?.positions[batch.shard];
  let position = applied;
  const outcome: FoldOutcome = { folded: 0, duplicates: 0 };
  for (const { sequence, record } of batch.entries) {
    const rank = hashPair(record.account, record.id);
    const repeated = (applied !== undefined && compareSequences(sequence, applied) <= 0) || seen.has(rank);
    if (position === undefined || compareSequences(sequence, position) > 0) position = sequence;
    if (repeated) {
      outcome.duplicates++;
      continue;
    }
    outcome.folded++;
    if (seen.size < EXACT_IDS) seen.add(rank);
    foldUsage(day, record, timeMs(record.time), rank);
  }
  if (position === undefined || (outcome.folded === 0 && position === applied)) return { next: undefined, outcome };
  const positions = latestShards({ ...current?.positions, [batch.shard]: position });
  return { next: { packed: packAccountDay(day, batch.day), seen: writeIds(seen), positions }, outcome };
}

/** Decimal strings of any length; the longer is the greater. */
export function compareSequences(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function latestShards(positions: Record<string, string>): Record<string, string> {
  const entries = Object.entries(positions);
  if (entries.length <= MAX_SHARDS) return positions;
  return Object.fromEntries(entries.sort((a, b) => compareSequences(b[1], a[1])).slice(0, MAX_SHARDS));
}

function readIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  for (let i = 0; i + 6 <= bytes.length; i += 6) {
    let id = 0;
    for (let j = 5; j >= 0; j--) id = id * 256 + bytes[i + j]!;
    ids.push(id);
  }
  return ids;
}

function writeIds(ids: Set<number>): Uint8Array {
  const sorted = Float64Array.from(ids).sort();
  const bytes = new Uint8Array(sorted.length * 6);
  sorted.forEach((id, i) => {
    for (let j = 0, rest = id; j < 6; j++, rest = Math.floor(rest / 256)) bytes[i * 6 + j] = rest % 256;
  });
  return bytes;
}
