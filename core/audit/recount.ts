/**
 * Counts an account-day again from its records and holds it against what is stored, number by number. Twice: with the
 * code of the fold, which finds what was lost, repeated or overwritten, in every sketch and sample too; and plainly, which
 * finds a fault of the fold.
 */
import { AccountDay } from '../aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../aggregates/account-day-codec.ts';
import { foldUsage } from '../aggregates/fold.ts';
import { hashPair } from '../aggregates/hash.ts';
import type { UsageRecord } from '../records/schema.ts';
import { timeMs } from '../records/time.ts';
import { type Figures, figuresOf } from './figures.ts';
import { PLAIN_FIGURES, PlainDay, plainOf } from './plain.ts';

export interface Drift {
  figure: string;
  /** 0 where it is not stored. */
  stored: number;
  recounted: number;
}

const NOTHING: Figures = new Map();

/**
 * Figures that differ; none where the count is right. `records` are all of one account on `day` (since 1970), each
 * exchange once; `packed` is undefined where nothing is stored.
 */
export function driftOf(records: readonly UsageRecord[], day: number, packed: Uint8Array | undefined): Drift[] {
  const held = packed === undefined ? NOTHING : figuresOf(unpackAccountDay(packed, day));
  const plain = plainDrift(records, held);
  const recounted = recount(records, day);
  if (packed !== undefined && same(recounted, packed)) return plain;
  const counted = figuresOf(unpackAccountDay(recounted, day));
  const drift = [...new Set([...counted.keys(), ...held.keys()])]
    .map((figure) => ({ figure, stored: held.get(figure) ?? 0, recounted: counted.get(figure) ?? 0 }))
    .filter(({ stored, recounted }) => stored !== recounted);
  const told = new Set(drift.map(({ figure }) => figure));
  return [...drift, ...plain.filter(({ figure }) => !told.has(figure))];
}

function plainDrift(records: readonly UsageRecord[], held: Figures): Drift[] {
  const counted = new PlainDay();
  for (const record of records) counted.add(record);
  const stored = plainOf(held);
  return PLAIN_FIGURES.map((figure, i) => ({ figure, stored: stored[i]!, recounted: counted.values[i]! })).filter(
    ({ stored, recounted }) => stored !== recounted,
  );
}

function recount(records: readonly UsageRecord[], dayNumber: number): Uint8Array {
  const day = new AccountDay();
  for (const record of records) foldUsage(day, record, timeMs(record.time), hashPair(record.account, record.id));
  return packAccountDay(day, dayNumber);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
