/**
 * The file format of the archive: Parquet, its pages in Snappy, in memory. The same records give the same bytes. What
 * is read may also be of another writer, as long as it has the columns.
 */
import type { AsyncBuffer, Compressors, FileMetaData, SchemaElement } from 'hyparquet';
import { parquetMetadataAsync, parquetSchema } from 'hyparquet/src/metadata.js';
import { parquetReadObjects } from 'hyparquet/src/read.js';
import { ByteWriter, parquetWrite } from 'hyparquet-writer/src/index.js';
import { COLUMNS, type ColumnKind, EXACT, type RecordType, SEQUENCE, SHARD } from './columns.ts';
import { openColumns, type Range, type ReadCells, type WantedColumn } from './parquet-columns.ts';
import { cellsOf, type Placed, type Row, typeOfColumns } from './rows.ts';

/** Rows at one time: bounds the memory for files of any size. */
const ROWS = 20_000;
const CREATED_BY = 'stillwatch';

/** All records are of `type`, and at least one. */
export function writeParquet(type: RecordType, placed: readonly Placed[]): Uint8Array {
  const writer = new ByteWriter();
  const columnData = cellsOf(type, placed) as Parameters<typeof parquetWrite>[0]['columnData'];
  parquetWrite({ writer, columnData, schema: schemaOf(type), rowGroupSize: ROWS, createdBy: CREATED_BY });
  return writer.getBytes();
}

/** Anything that gives ranges of its bytes: a file, an object, a buffer. */
export type Bytes = AsyncBuffer;

export interface ReadOptions {
  /** For pages that other writers compressed in other ways than Snappy. */
  compressors?: Compressors;
  /** Only these columns; all of the archive's where undefined. */
  columns?: readonly string[];
}

export class ParquetError extends Error {
  override name = 'ParquetError';
}

export interface ParquetFile {
  type: RecordType;
  rows: number;
  /** What is held at one time: some thousand rows, in the order of the file. */
  ranges: readonly Range[];
  readRows(range: Range, options?: ReadOptions): Promise<Row[]>;
  /** All ranges, one after the other. */
  read(options?: ReadOptions): AsyncGenerator<{ from: number; rows: Row[] }>;
  /** Reads columns in place of rows; undefined where the file keeps one of them in a way that only rows tell. */
  openColumns(wanted: readonly WantedColumn[], compressors?: Compressors): ReadCells | undefined;
}

/** @throws ParquetError of one line where it is damaged, or has not the columns of the archive */
export async function openParquet(file: Bytes): Promise<ParquetFile> {
  const metadata = await readable(() => parquetMetadataAsync(file));
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const type = typeOfColumns(names);
  if (type === undefined) throw new ParquetError('Parquet without the columns of an archive');
  const known = new Set([...COLUMNS[type].map(({ name }) => name), SHARD, SEQUENCE, EXACT]);
  const held = names.filter((name) => known.has(name));
  const ranges = rangesOf(metadata);
  const readRows = async ({ from, end }: Range, { compressors, columns }: ReadOptions = {}) => {
    const wanted = held.filter((name) => columns === undefined || columns.includes(name));
    const options = { rowStart: from, rowEnd: end, ...(compressors ? { compressors } : {}) };
    return (await readable(() => parquetReadObjects({ file, metadata, columns: wanted, ...options }))) as Row[];
  };
  return {
    type,
    rows: Number(metadata.num_rows),
    ranges,
    readRows,
    read: async function* (options) {
      for (const range of ranges) yield { from: range.from, rows: await readRows(range, options) };
    },
    openColumns: (wanted, compressors) => {
      const read = openColumns(file, metadata, wanted, compressors);
      return read && ((range) => readable(() => read(range)));
    },
  };
}

/** None of them reaches over a group of the file. */
function rangesOf({ row_groups: groups }: FileMetaData): Range[] {
  const ranges: Range[] = [];
  let from = 0;
  for (const { num_rows: rows } of groups) {
    const end = from + Number(rows);
    for (; from < end; from = ranges.at(-1)!.end) ranges.push({ from, end: Math.min(from + ROWS, end) });
  }
  return ranges;
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    // The file system says by its code what is wrong with the medium; all else is wrong with the content.
    if (error instanceof Error && 'code' in error) throw error;
    throw new ParquetError('damaged Parquet, or compressed in a way that is not known');
  }
}

const TYPES: Record<ColumnKind, SchemaElement> = {
  text: { name: '', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  time: {
    name: '',
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  count: { name: '', type: 'INT64' },
  number: { name: '', type: 'DOUBLE' },
  flag: { name: '', type: 'BOOLEAN' },
  texts: { name: '', converted_type: 'LIST', num_children: 1 },
};

const ELEMENT: SchemaElement[] = [
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
];

function schemaOf(type: RecordType): SchemaElement[] {
  const columns = COLUMNS[type].flatMap(({ name, kind, needed }) => elements(name, kind, needed));
  const beside = [
    ...elements(SHARD, 'text', true),
    ...elements(SEQUENCE, 'text', true),
    ...elements(EXACT, 'text', false),
  ];
  return [{ name: 'root', num_children: COLUMNS[type].length + 3 }, ...columns, ...beside];
}

function elements(name: string, kind: ColumnKind, needed: boolean): SchemaElement[] {
  const element: SchemaElement = { ...TYPES[kind], name, repetition_type: needed ? 'REQUIRED' : 'OPTIONAL' };
  return kind === 'texts' ? [element, ...ELEMENT] : [element];
}
