/**
 * One stored account-day and the rule by which a delivered batch changes it. Pure: every store adapter calls this and
 * adds only how it reads and how it writes conditionally.
 *
 * The id of an exchange alone says whether it was counted. Where in the stream it came from says nothing: the same
 * exchange may come again on another shard, and a new one below a position that was reached. Ids lie in the day's own
 * item first; when they would push it over the next kilobyte they move to a file of ids beside it.
 */
import type { AccountDayBatch, FoldOutcome } from '../ports.ts';
import type { UsageRecord } from '../records/schema.ts';
import { AccountDay, exchangesOf } from './account-day.ts';
import { packAccountDay, unpackAccountDay } from './account-day-codec.ts';
import { ROW, ROW_FIELDS, rankOf, writeExchange } from './exchange.ts';
import { foldExchange } from './fold.ts';
import { FreshIds } from './fresh-ids.ts';
import { hashPairWide, lanes } from './hash.ts';
import { countOf, hashesOf, holds, type Width, withHashes } from './id-list.ts';

export interface IdLimits {
  /** Ids of a file; the item of a full one has 24 KB. */
  fileIds: number;
  /** Files that hold whole hashes: a repeated id is always recognised, a new one mistaken once in 4e9 times at most. */
  exactFiles: number;
  /** Exchanges of an account-day whose ids are remembered. Past the exact files 40 bits each: mistaken once in 10^6. */
  remembered: number;
}

export const ID_LIMITS: IdLimits = { fileIds: 4096, exactFiles: 16, remembered: 1_048_576 };
/** Ids that the item has room for at least, so that files are not written for a handful. */
const FEWEST_MOVED = 16;
/** Bytes of an item that are neither the aggregate, ids nor the account: keys, names of attributes, numbers. */
const ITEM_BYTES = 145;
const WRITE_UNIT = 1024;

export interface StoredDay {
  packed: Uint8Array;
  /** Ids that are in no file: ascending 48-bit hashes of (account, id), 6 bytes each, little-endian. */
  seen: Uint8Array;
  /** Files of ids; all but the last are full. */
  files: number;
  /** Version of this day whose `seen` was last moved to a file, or 0. */
  moved: number;
  /** Only of a day with exchanges whose ids are not remembered: shard to the last sequence number applied. */
  positions: Record<string, string>;
}

/** A file of ids to be written before the day. Whoever writes it again for the same version writes the same bytes. */
export interface IdFile {
  index: number;
  ids: Uint8Array;
}

export interface Applied {
  /** Undefined when the batch changes nothing; then nothing is to be written. */
  next: StoredDay | undefined;
  file: IdFile | undefined;
  outcome: FoldOutcome;
}

/** What lies beside a stored day: all of its files of ids, and the version of it that was read. */
export interface Beside {
  files: readonly Uint8Array[];
  version: number;
}

/** Of the batch at work; nothing of them is kept. */
const scratch = new AccountDay();
const fresh = new FreshIds();

const NOTHING: Beside = { files: [], version: 0 };

/** The shard of all that a queue delivers, which has no positions. */
export const UNORDERED = 'queue';

export function widthOf(file: number, { exactFiles } = ID_LIMITS): Width {
  return file < exactFiles ? 6 : 5;
}

/** Skips what the day already holds, folds the rest. */
export function applyBatch(
  current: StoredDay | undefined,
  batch: AccountDayBatch,
  beside = NOTHING,
  limits = ID_LIMITS,
): Applied {
  const { files } = beside;
  if (current) unpackAccountDay(current.packed, batch.day, scratch);
  else scratch.reset();
  const day = scratch;
  const forgetful = current !== undefined && isForgetful(day, current, limits);
  fresh.begin(batch.entries.length);
  const outcome: FoldOutcome = { folded: 0, duplicates: 0 };
  // Of a queue nothing is dropped for its position: what is new may come after what was sent later.
  const ordered = batch.shard !== UNORDERED;
  const applied = current?.positions[batch.shard];
  let position = applied;
  for (const entry of batch.entries) {
    const { rows, at } = 'rows' in entry ? entry : rowOf(entry.record);
    const rank = rankOf(rows, at);
    const passed = forgetful && ordered && isPassed(entry.sequence, applied);
    if (forgetful && !isPassed(entry.sequence, position)) position = entry.sequence;
    if (passed || isKnown(rank, current, files, limits) || !fresh.add(rank)) {
      outcome.duplicates++;
      continue;
    }
    outcome.folded++;
    foldExchange(day, rows, at, rank);
  }
  const mistaken = batch.entries.length * mistakenShare(files, limits);
  if (mistaken > 0) outcome.mistaken = mistaken;
  if (outcome.folded === 0) return { next: undefined, file: undefined, outcome };
  const packed = packAccountDay(day, batch.day);
  if (forgetful) {
    const positions = ordered ? latestShards({ ...current.positions, [batch.shard]: position! }) : current.positions;
    return { next: { ...current, packed, positions }, file: undefined, outcome };
  }
  return { ...remember(current, packed, fresh.sorted(), beside, limits, batch.account), outcome };
}

const made = { rows: new Float64Array(ROW_FIELDS), at: 0 };

/** Good until the next one is made. */
function rowOf(record: UsageRecord): typeof made {
  writeExchange(record, made.rows, 0);
  hashPairWide(record.account, record.id);
  made.rows[ROW.idLow] = lanes.low;
  made.rows[ROW.idHigh] = lanes.high;
  return made;
}

/** Expected share of new exchanges that are taken for repeats, past the exact files; at most 1e-6. */
export function mistakenShare(files: readonly Uint8Array[], limits = ID_LIMITS): number {
  let ids = 0;
  for (let i = limits.exactFiles; i < files.length; i++) ids += countOf(files[i]!, widthOf(i, limits));
  return ids / 2 ** 40;
}

/** Decimal strings of any length; the longer is the greater. */
export function compareSequences(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isPassed(sequence: string, position: string | undefined): boolean {
  return position !== undefined && compareSequences(sequence, position) <= 0;
}

function isKnown(
  rank: number,
  current: StoredDay | undefined,
  files: readonly Uint8Array[],
  limits: IdLimits,
): boolean {
  if (current === undefined) return false;
  if (holds(current.seen, 6, rank)) return true;
  return files.some((ids, index) => holds(ids, widthOf(index, limits), rank));
}

/** Whether it holds exchanges whose ids are not remembered; such a day remembers no more and goes by position. */
function isForgetful(day: AccountDay, { seen, files }: StoredDay, { remembered }: IdLimits): boolean {
  const exchanges = exchangesOf(day);
  return exchanges >= remembered || (files === 0 && exchanges > countOf(seen, 6));
}

function remember(
  current: StoredDay | undefined,
  packed: Uint8Array,
  fresh: Float64Array,
  { files, version }: Beside,
  limits: IdLimits,
  account: string,
): { next: StoredDay; file: IdFile | undefined } {
  if (current === undefined || !isFull(current, account)) {
    const held = current ?? { seen: new Uint8Array(0), files: 0, moved: 0, positions: {} };
    return { next: { ...held, packed, seen: withHashes(held.seen, 6, fresh), positions: {} }, file: undefined };
  }
  const last = files.length - 1;
  const index = last >= 0 && countOf(files[last]!, widthOf(last, limits)) < limits.fileIds ? last : last + 1;
  const ids = withHashes(files[index] ?? new Uint8Array(0), widthOf(index, limits), hashesOf(current.seen));
  const seen = withHashes(new Uint8Array(0), 6, fresh);
  return { next: { packed, seen, files: index + 1, moved: version, positions: {} }, file: { index, ids } };
}

/**
 * Whether one more id would cost a write unit that moving the ids saves. Asked of what is stored alone, never of the
 * batch: so the ids that move are ids whose exchanges were counted for certain.
 */
function isFull({ packed, seen }: StoredDay, account: string): boolean {
  const bare = ITEM_BYTES + account.length + packed.length;
  const limit = Math.ceil((bare + 6 * FEWEST_MOVED) / WRITE_UNIT) * WRITE_UNIT;
  return seen.length >= 6 * FEWEST_MOVED && bare + seen.length + 6 > limit;
}

/** Shards remembered of a forgetful day: an account is on one shard at a time, and moves when the stream is re-sharded. */
const MAX_SHARDS = 8;

function latestShards(positions: Record<string, string>): Record<string, string> {
  const entries = Object.entries(positions);
  if (entries.length <= MAX_SHARDS) return positions;
  return Object.fromEntries(entries.sort((a, b) => compareSequences(b[1], a[1])).slice(0, MAX_SHARDS));
}
