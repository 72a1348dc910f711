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

/** Bytes in memory, which are such themselves, or of a file that is read where it is asked for. */
export interface BytesAt {
  readonly length: number;
  /** Good until the next are asked for, where they are not in memory. */
  subarray(from: number, to: number): Uint8Array;
}

/** Where the values of a column lie: value i is [starts[i], ends[i]) of the bytes. */
export interface Spans {
  starts: Float64Array;
  ends: Float64Array;
}

/** Reads what `writeFlatFile` wrote; any reader of the format may, but this one has nothing else to know. */
export class FlatFile<Bytes extends BytesAt = BytesAt> {
  readonly rows: number;
  private readonly bytes: Bytes;
  private readonly footer: Fields;

  /** @throws FlatFileError where it is no whole Parquet file */
  constructor(bytes: Bytes) {
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

  texts(this: FlatFile<Uint8Array>, name: string): string[] {
    return this.blobs(name).map(textOf);
  }

  /** Of a column of texts or bytes, each a view of the file's own bytes. */
  blobs(this: FlatFile<Uint8Array>, name: string): Uint8Array[] {
    const { starts, ends } = this.spans(name);
    return Array.from(starts, (start, i) => this.bytes.subarray(start, ends[i]!));
  }

  /** Of a column of texts or bytes. */
  spans(name: string): Spans {
    const spans = whole(() => ({ starts: new Float64Array(this.rows), ends: new Float64Array(this.rows) }));
    let row = 0;
    for (const group of (this.footer.field_4 ?? []) as Fields[]) {
      const chunk = (group.field_1 as Fields[])
        .map(({ field_3 }) => field_3 as Fields)
        .find(({ field_3 }) => textOf((field_3 as unknown[])[0]) === name);
      if (chunk === undefined) throw new FlatFileError(`Parquet without the column ${name}`);
      row = whole(() => this.readChunk(chunk, spans, row));
    }
    if (row !== this.rows) throw new FlatFileError('damaged Parquet');
    return spans;
  }

  /** Pages of a length and bytes by turns, without levels, since no value may be missing. Returns the next row. */
  private readChunk(chunk: Fields, { starts, ends }: Spans, first: number): number {
    let [row, at] = [first, Number(chunk.field_9)];
    const until = first + Number(chunk.field_5);
    while (row < until) {
      const head = { view: viewOf(this.bytes.subarray(at, Math.min(at + PAGE_HEAD, this.bytes.length))), offset: 0 };
      const { field_3: size } = deserializeTCompactProtocol(head) as Fields;
      at += head.offset;
      const end = at + Number(size);
      for (; at < end; row++) {
        starts[row] = at + LENGTH_BYTES;
        at += LENGTH_BYTES + wordAt(this.bytes, at);
        ends[row] = at;
        if (at > end) throw new RangeError('a value beyond its page');
      }
    }
    return row;
  }
}

/** Before a value's bytes. */
const LENGTH_BYTES = 4;
/** More than the header of a page without statistics takes. */
const PAGE_HEAD = 128;

/** A struct of Thrift by the numbers of its fields, as parquet.thrift has them. */
type Fields = Record<`field_${number}`, unknown>;

/** FileMetaData. */
function footerOf(bytes: BytesAt): Fields {
  const end = bytes.length - TAIL_BYTES;
  const [size, magic] = [0, 4].map((at) => wordAt(bytes, end + at));
  if (magic !== MAGIC || wordAt(bytes, 0) !== MAGIC) throw new RangeError('no Parquet');
  const from = end - size!;
  if (from < 0) throw new RangeError('a footer longer than its file');
  // Its texts are views of these.
  return deserializeTCompactProtocol({ view: viewOf(bytes.subarray(from, end).slice()), offset: 0 }) as Fields;
}

/** The footer's length, and "PAR1". */
const TAIL_BYTES = 8;

/** 32 bits, as lengths are. */
function wordAt(bytes: BytesAt, at: number): number {
  return viewOf(bytes.subarray(at, at + LENGTH_BYTES)).getUint32(0, true);
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
