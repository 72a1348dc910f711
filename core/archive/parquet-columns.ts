/** Columns of a Parquet file some thousand rows at a time, with a number in place of each text that is only compared. */
import type { AsyncBuffer, Compressors, FileMetaData, RowGroup, SchemaTree } from 'hyparquet';
import { parquetSchema } from 'hyparquet/src/metadata.js';
import type { TextCell, Texts } from '../parquet/column-codecs.ts';
import { type ColumnTaker, isKeptAs, openColumn } from '../parquet/column-kinds.ts';
import type { Lists } from '../parquet/column-reader.ts';
import type { Column } from './columns.ts';

/** Rows by the names of their columns. Flags are 1 and 0, times are in ms since 1970. */
export interface Cells {
  count: number;
  numbers: ReadonlyMap<string, Float64Array>;
  texts: ReadonlyMap<string, Texts>;
  lists: ReadonlyMap<string, Lists>;
}

/** Of a file, from 0; `end` is the first row that is not of it. */
export interface Range {
  from: number;
  end: number;
}

export interface WantedColumn extends Pick<Column, 'name' | 'kind'> {
  /** Of a text, or of each text of a list: the number to stand in its place. Without it, a text is given as its bytes. */
  cell?: TextCell;
}

/** To be asked for the ranges of a file in their order. Undefined where it has not the cells that it should. */
export type ReadCells = (range: Range) => Promise<Cells | undefined>;

/** Undefined where a column is of another kind than it should be: what that comes to, its records tell. */
export function openColumns(
  file: AsyncBuffer,
  metadata: FileMetaData,
  wanted: readonly WantedColumn[],
  compressors?: Compressors,
): ReadCells | undefined {
  const schema = parquetSchema(metadata);
  const held = new Map(schema.children.map((column) => [column.element.name, column]));
  const columns = wanted.filter(({ name }) => held.has(name));
  if (!columns.every(({ name, kind }) => isKeptAs(kind, held.get(name)!))) return undefined;
  const groups = metadata.row_groups.values();
  let take: (count: number) => Cells | undefined = () => undefined;
  let groupEnd = 0;
  return async ({ from, end }) => {
    while (from >= groupEnd) {
      const group = groups.next().value!;
      groupEnd += Number(group.num_rows);
      if (from < groupEnd) take = await openGroup(file, schema, group, columns, compressors);
    }
    return take(end - from);
  };
}

/** Bytes that are read at once; columns that lie further apart are read one by one. */
const READ_BYTES = 16 * 1024 * 1024;

async function openGroup(
  file: AsyncBuffer,
  schema: SchemaTree,
  group: RowGroup,
  columns: readonly WantedColumn[],
  compressors: Compressors | undefined,
): Promise<(count: number) => Cells | undefined> {
  const chunks = columns.map((column) => ({ column, ...chunkOf(group, column.name) }));
  const from = Math.min(...chunks.map((chunk) => chunk.from));
  const end = Math.max(...chunks.map((chunk) => chunk.end));
  const whole = end - from <= READ_BYTES ? new Uint8Array(await file.slice(from, end)) : undefined;
  const readers = new Map<string, ColumnTaker>();
  for (const { column, metadata, from: start, end: stop } of chunks) {
    const bytes = whole?.subarray(start - from, stop - from) ?? new Uint8Array(await file.slice(start, stop));
    readers.set(column.name, openColumn(bytes, schema, metadata, column, compressors));
  }
  let isWhole = true;
  return (count) => {
    const numbers = new Map<string, Float64Array>();
    const texts = new Map<string, Texts>();
    const lists = new Map<string, Lists>();
    const put = <T>(into: Map<string, T>, name: string, values: T | undefined) => {
      if (values === undefined) isWhole = false;
      else into.set(name, values);
    };
    for (const [name, reader] of readers) {
      if (reader.as === 'numbers') put(numbers, name, reader.take(count));
      else if (reader.as === 'texts') put(texts, name, reader.take(count));
      else put(lists, name, reader.take(count));
    }
    return isWhole ? { count, numbers, texts, lists } : undefined;
  };
}

/** Where a column lies in the file. */
function chunkOf(group: RowGroup, name: string) {
  const chunk = group.columns.find(({ meta_data: metadata }) => metadata?.path_in_schema[0] === name);
  const metadata = chunk?.meta_data;
  if (metadata === undefined || chunk?.file_path !== undefined) throw new RangeError('a column outside the file');
  const from = Number(metadata.dictionary_page_offset || metadata.data_page_offset);
  return { metadata, from, end: from + Number(metadata.total_compressed_size) };
}
