/**
 * Parquet of flat columns without nulls, in memory: what one part of a sweep leaves for the next, and what Athena, DuckDB
 * and Spark open as it is. Texts and bytes are not compressed: who reads them has them where they lie in the file.
 */
import type { SchemaElement } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { ByteWriter, parquetWrite } from 'hyparquet-writer/src/index.js';

/** `count`: whole numbers up to 2^53 - 1; `day`: days since 1970. */
export type FlatColumn = { name: string } & (
  | { kind: 'text'; data: readonly string[] }
  | { kind: 'count' | 'day'; data: readonly number[] }
  | { kind: 'bytes'; data: readonly Uint8Array[] }
);

export class FlatFileError extends Error {
  override name = 'FlatFileError';
}

const ROWS = 20_000;
/** "PAR1". */
const MAGIC = 0x31524150;
const TYPES: Record<FlatColumn['kind'], Omit<SchemaElement, 'name'>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  count: { type: 'INT64' },
  day: { type: 'INT32', converted_type: 'DATE' },
  bytes: { type: 'BYTE_ARRAY' },
};

/** `notes` go into the footer. Columns are of equal length. */
export function writeFlatFile(columns: readonly FlatColumn[], notes: Readonly<Record<string, string>>): Uint8Array {
  const writer = new ByteWriter();
  const elements = columns.map(({ name, kind }) => ({ ...TYPES[kind], name, repetition_type: 'REQUIRED' as const }));
  parquetWrite({
    writer,
    columnData: columns.map((column) =>
      column.kind === 'bytes' || column.kind === 'text'
        ? { name: column.name, data: [...column.data], encoding: 'PLAIN', codec: 'UNCOMPRESSED', statistics: false }
        : { name: column.name, data: column.kind === 'count' ? column.data.map(BigInt) : [...column.data] },
    ),
    schema: [{ name: 'root', num_children: columns.length }, ...elements],
    rowGroupSize: ROWS,
    kvMetadata: Object.entries(notes).map(([key, value]) => ({ key, value })),
    createdBy: 'stillwatch',
  });
  return writer.getBytes();
}

/** Reads what `writeFlatFile` wrote; any reader of the format may, but this one has nothing else to know. */
export class FlatFile {
  readonly rows: number;
  private readonly bytes: Uint8Array;
  private readonly footer: Fields;

  /** @throws FlatFileError where it is no whole Parquet file */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.footer = whole(() => footerOf(bytes));
    this.rows = Number(this.footer.field_3);
  }

  /** @throws FlatFileError where the footer has no such note */
  note(name: string): string {
    const notes = (this.footer.field_5 ?? []) as Fields[];
    const found = notes.find(({ field_1 }) => textOf(field_1) === name);
    if (found === undefined) throw new FlatFileError(`Parquet without the note ${name}`);
    return textOf(found.field_2);
  }

  texts(name: string): string[] {
    return this.blobs(name).map(textOf);
  }

  /** Of a column of texts or bytes, each a view of the file's own bytes. */
  blobs(name: string): Uint8Array[] {
    const blobs: Uint8Array[] = [];
    for (const group of (this.footer.field_4 ?? []) as Fields[]) {
      const chunk = (group.field_1 as Fields[])
        .map(({ field_3 }) => field_3 as Fields)
        .find(({ field_3 }) => textOf((field_3 as unknown[])[0]) === name);
      if (chunk === undefined) throw new FlatFileError(`Parquet without the column ${name}`);
      whole(() => this.readChunk(chunk, blobs));
    }
    if (blobs.length !== this.rows) throw new FlatFileError('damaged Parquet');
    return blobs;
  }

  /** Pages of a length and bytes by turns, without levels, since no value may be missing. */
  private readChunk(chunk: Fields, into: Uint8Array[]): void {
    const view = viewOf(this.bytes);
    const reader = { view, offset: Number(chunk.field_9) };
    const until = into.length + Number(chunk.field_5);
    while (into.length < until) {
      const header = deserializeTCompactProtocol(reader) as Fields;
      const end = reader.offset + Number(header.field_3);
      while (reader.offset < end) {
        const from = reader.offset + 4;
        reader.offset = from + view.getUint32(reader.offset, true);
        if (reader.offset > end) throw new RangeError('a value beyond its page');
        into.push(this.bytes.subarray(from, reader.offset));
      }
    }
  }
}

/** A struct of Thrift by the numbers of its fields, as parquet.thrift has them. */
type Fields = Record<`field_${number}`, unknown>;

/** FileMetaData. */
function footerOf(bytes: Uint8Array): Fields {
  const view = viewOf(bytes);
  const end = bytes.length - 8;
  const magic = [0, end + 4].map((at) => view.getUint32(at, true));
  if (magic.some((each) => each !== MAGIC)) throw new RangeError('no Parquet');
  return deserializeTCompactProtocol({ view, offset: end - view.getUint32(end, true) }) as Fields;
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

const decoder = new TextDecoder();

function textOf(bytes: unknown): string {
  return decoder.decode(bytes as Uint8Array);
}

function whole<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new FlatFileError('damaged Parquet');
  }
}
