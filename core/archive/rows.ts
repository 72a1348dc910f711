/** Records to rows of the archive and back. A time is kept to the millisecond; an object without a field is left out. */
import type { StillwatchRecord } from '../records/schema.ts';
import { isoTime, timeMs } from '../records/time.ts';
import { COLUMNS, type Column, EXACT, type RecordType, SEQUENCE, SHARD } from './columns.ts';

/** A record, and where in the stream it was. */
export interface Placed<T extends StillwatchRecord = StillwatchRecord> {
  record: T;
  shard: string;
  /** Decimal, grows within a shard; also the place of a record among its repeats. */
  sequence: string;
}

export type Cell = string | number | boolean | bigint | Date | readonly string[] | null | undefined;
export type Row = Readonly<Record<string, unknown>>;

type Fields = Record<string, unknown>;

/** One array per column, in the order of `COLUMNS`, then shard, sequence and exact. All records are of `type`. */
export function cellsOf(type: RecordType, placed: readonly Placed[]): { name: string; data: Cell[] }[] {
  const columns = COLUMNS[type].map((column) => ({
    name: column.name,
    data: placed.map(({ record }) => cell(column, fieldOf(record as Fields, column.path))),
  }));
  return [
    ...columns,
    { name: SHARD, data: placed.map(({ shard }) => shard) },
    { name: SEQUENCE, data: placed.map(({ sequence }) => sequence) },
    { name: EXACT, data: placed.map(({ record }) => exactOf(type, record)) },
  ];
}

/** All that `recordOf` looks at. */
export function recordColumns(type: RecordType): Pick<Column, 'name' | 'kind'>[] {
  return [...COLUMNS[type], { name: EXACT, kind: 'text' }];
}

/** A row as any reader of the format gives it: absent as null or undefined, whole numbers as bigint or number. */
export function recordOf(type: RecordType, row: Row): unknown {
  if (typeof row[EXACT] === 'string') return JSON.parse(row[EXACT]) as unknown;
  const record: Fields = { type };
  for (const { name, kind, path } of COLUMNS[type]) {
    const value = row[name];
    if (value === null || value === undefined) continue;
    const [field, inner] = path;
    const fields = inner === undefined ? record : partOf(record, field);
    fields[inner ?? field] = plain(kind, value);
  }
  return record;
}

/** Of which type a file is, by its columns; undefined where it is no file of the archive. */
export function typeOfColumns(names: readonly string[]): RecordType | undefined {
  const held = new Set(names);
  const types: RecordType[] = ['usage', 'account', 'release'];
  return types.find((type) => COLUMNS[type].every(({ name, needed }) => !needed || held.has(name)));
}

function fieldOf(record: Fields, [field, inner]: Column['path']): unknown {
  const value = record[field];
  return inner === undefined ? value : (value as Fields | undefined)?.[inner];
}

function cell({ kind }: Column, value: unknown): Cell {
  if (value === undefined) return null;
  if (kind === 'time') return BigInt(timeMs(value as string));
  if (kind === 'count') return BigInt(value as number);
  if (kind === 'text') return (value as string).toWellFormed();
  return value as Cell;
}

function partOf(record: Fields, field: string): Fields {
  const part = (record[field] ?? {}) as Fields;
  record[field] = part;
  return part;
}

function plain(kind: Column['kind'], value: unknown): unknown {
  if (kind === 'time') return timeOf(Number(value));
  if (kind === 'count' || kind === 'number') return Number(value);
  return value;
}

/** A clock in a wrong unit may point where no calendar reaches: then the number, which no record takes for a time. */
function timeOf(ms: number): string {
  return Math.abs(ms) <= LAST_MS ? isoTime(ms) : String(ms);
}

/** Of JavaScript's dates. */
const LAST_MS = 8.64e15;

/**
 * Half of a surrogate pair is valid in JSON but not in UTF-8, and a mark of byte order at the beginning is lost to who
 * decodes it; JSON keeps both.
 */
function exactOf(type: RecordType, record: StillwatchRecord): string | null {
  for (const { kind, path } of COLUMNS[type]) {
    if (kind !== 'text') continue;
    const value = fieldOf(record as Fields, path);
    if (value !== undefined && !isKept(value as string)) return JSON.stringify(record);
  }
  return null;
}

function isKept(text: string): boolean {
  return text.isWellFormed() && !text.startsWith('\ufeff');
}
