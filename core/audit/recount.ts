/** Counts an account-day again from its records and holds it against what is stored, number by number. */
import { AccountDay } from '../aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../aggregates/account-day-codec.ts';
import { foldUsage } from '../aggregates/fold.ts';
import { hashPair } from '../aggregates/hash.ts';
import type { UsageRecord } from '../records/schema.ts';
import { timeMs } from '../records/time.ts';
import { type Figures, figuresOf } from './figures.ts';

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
  const recounted = recount(records, day);
  if (packed !== undefined && same(recounted, packed)) return [];
  const counted = figuresOf(unpackAccountDay(recounted, day));
  const held = packed === undefined ? NOTHING : figuresOf(unpackAccountDay(packed, day));
  return [...new Set([...counted.keys(), ...held.keys()])]
    .map((figure) => ({ figure, stored: held.get(figure) ?? 0, recounted: counted.get(figure) ?? 0 }))
    .filter(({ stored, recounted }) => stored !== recounted);
}

function recount(records: readonly UsageRecord[], dayNumber: number): Uint8Array {
  const day = new AccountDay();
  for (const record of records) foldUsage(day, record, timeMs(record.time), hashPair(record.account, record.id));
  return packAccountDay(day, dayNumber);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
