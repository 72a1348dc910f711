/** The account-days of one day and segment as Parquet: what is kept of a day that changes no more. */
import { FlatFile, FlatFileError, writeFlatFile } from '../parquet/flat-file.ts';
import { COUNTER, exchangesOf } from './account-day.ts';
import { unpackAccountDay } from './account-day-codec.ts';

export interface DayRow {
  account: string;
  packed: Uint8Array;
}

export interface DayFile {
  /** Days since 1970. */
  day: number;
  /** Before anything was read, ms since 1970. */
  readAt: number;
  rows: readonly DayRow[];
}

const LAYOUT = '1';

export function writeDayFile({ day, readAt, rows }: DayFile): Uint8Array {
  const days = rows.map(({ packed }) => unpackAccountDay(packed, day));
  return writeFlatFile(
    [
      { name: 'account', kind: 'text', data: rows.map(({ account }) => account) },
      { name: 'exchanges', kind: 'count', data: days.map(exchangesOf) },
      { name: 'output_tokens', kind: 'count', data: days.map(({ counters }) => counters[COUNTER.outputTokens]!) },
      { name: 'account_day', kind: 'bytes', data: rows.map(({ packed }) => packed) },
    ],
    { layout: LAYOUT, read_at: String(readAt) },
  );
}

/** Undefined where another version wrote it or where it is damaged: it is a copy, and is made again. */
export function readDayFile(bytes: Uint8Array): { readAt: number; rows: DayRow[] } | undefined {
  try {
    const file = new FlatFile(bytes);
    if (file.note('layout') !== LAYOUT) return undefined;
    const packed = file.blobs('account_day');
    const rows = file.texts('account').map((account, i) => ({ account, packed: packed[i]! }));
    return { readAt: Number(file.note('read_at')), rows };
  } catch (error) {
    if (error instanceof FlatFileError) return undefined;
    throw error;
  }
}
