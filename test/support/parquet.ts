/** Parquet for tests, in memory: as the archive reads it, and as another tool writes it. */
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer/src/index.js';
import type { ColumnKind } from '../../core/archive/columns.ts';
import type { Bytes } from '../../core/archive/parquet.ts';

export function bytesOf(file: Uint8Array): Bytes {
  const { buffer } = Uint8Array.from(file);
  return { byteLength: buffer.byteLength, slice: (from, to) => buffer.slice(from, to) };
}

type Element = Omit<SchemaElement, 'name'>;

export interface ForeignColumn {
  name: string;
  kind: ColumnKind;
  data: readonly unknown[];
  /** In place of what the archive has for the kind. */
  element?: Element;
}

const ELEMENTS: Record<ColumnKind, Element> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  count: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  flag: { type: 'BOOLEAN' },
  texts: { converted_type: 'LIST', num_children: 1 },
};
const LIST: SchemaElement[] = [
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
];

/** Every value may be absent, in lists too. Pages of `pageSize` bytes, so that a column has several. */
export function foreignParquet(columns: readonly ForeignColumn[], pageSize = 1_000_000): Uint8Array {
  const schema = columns.flatMap(({ name, kind, element = ELEMENTS[kind] }): SchemaElement[] => {
    const own: SchemaElement = { ...element, name, repetition_type: 'OPTIONAL' };
    return kind === 'texts' ? [own, ...LIST] : [own];
  });
  const writer = new ByteWriter();
  const columnData = columns.map(({ name, data }) => ({ name, data: [...data] }));
  parquetWrite({ writer, columnData, schema: [{ name: 'root', num_children: columns.length }, ...schema], pageSize });
  return writer.getBytes();
}
