/** Ranges of a Parquet file as batches: exchanges by its columns where rows are asked for, all else record by record. */
import { compressors } from 'hyparquet-compressors';
import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { ExchangeRows } from '../../../core/aggregates/exchange-rows.ts';
import type { Intake } from '../../../core/aggregates/intake.ts';
import { EXCHANGE_COLUMNS, writeColumns } from '../../../core/archive/exchange-columns.ts';
import type { ParquetFile } from '../../../core/archive/parquet.ts';
import type { Range, ReadCells } from '../../../core/archive/parquet-columns.ts';
import { type Row, recordColumns, recordOf } from '../../../core/archive/rows.ts';
import { parseRecord } from '../../../core/records/parse.ts';
import type { RecordBatch } from './record-batch.ts';

/** Makes the rows in which exchanges are given. */
export type RowMaker = Pick<Intake, 'accounts' | 'write'>;

/** Rows that are written and folded while they are near, and that fit into what crosses between threads at one time. */
const PIECE_ROWS = 512;

export class ParquetReader {
  readonly #file: ParquetFile;
  readonly #maker: RowMaker | undefined;
  readonly #cells: ReadCells | undefined;
  readonly #rows = new ExchangeRows();

  /** Gives exchanges as records where `maker` is undefined. */
  constructor(file: ParquetFile, maker: RowMaker | undefined) {
    this.#file = file;
    this.#maker = maker;
    if (maker !== undefined && file.type === 'usage') this.#cells = file.openColumns(EXCHANGE_COLUMNS, compressors);
  }

  /** A range in pieces. To be asked for the ranges of the file in their order. */
  async *read(range: Range): AsyncGenerator<RecordBatch> {
    const size = this.#cells === undefined ? range.end - range.from : PIECE_ROWS;
    let rows: Row[] = [];
    for (let { from } = range; from < range.end; from += size) {
      const piece = { from, end: Math.min(from + size, range.end) };
      const left = await this.#writeColumns(piece);
      if (left.length > 0 && rows.length === 0) rows = await this.#readRows(range);
      yield this.#batchOf(
        piece,
        left.map((i) => ({ i, row: rows[from - range.from + i]! })),
      );
    }
  }

  /** The rows of the piece, counted from its first, of which records have to be made. */
  async #writeColumns(piece: Range): Promise<number[]> {
    this.#rows.count = 0;
    const count = piece.end - piece.from;
    const cells = await this.#cells?.(piece);
    if (cells === undefined) return Array.from({ length: count }, (_, i) => i);
    return writeColumns(cells, this.#maker!.accounts, this.#rows.room(count));
  }

  async #readRows(range: Range): Promise<Row[]> {
    const columns = recordColumns(this.#file.type).map(({ name }) => name);
    return this.#file.readRows(range, { columns, compressors });
  }

  #batchOf({ from, end }: Range, left: readonly { i: number; row: Row }[]): RecordBatch {
    const batch: RecordBatch = { records: [], lines: [], rejections: [], skipped: new Map() };
    if (this.#maker !== undefined) batch.exchanges = this.#rows;
    let next = from;
    for (const { i, row } of left) {
      this.#keep(from, next, from + i);
      this.#take(recordOf(this.#file.type, row), from + i + 1, batch);
      next = from + i + 1;
    }
    this.#keep(from, next, end);
    return batch;
  }

  /** The rows from `next` up to `end`, of a piece that begins at `from`, as the next ones that count. */
  #keep(from: number, next: number, end: number): void {
    const { rows, count } = this.#rows;
    const place = (row: number) => (row - from) * ROW_FIELDS;
    if (next - from > count) rows.copyWithin(count * ROW_FIELDS, place(next), place(end));
    this.#rows.count += end - next;
    for (let i = next; i < end; i++) rows[(count + i - next) * ROW_FIELDS + ROW.line] = i + 1;
  }

  #take(value: unknown, line: number, batch: RecordBatch): void {
    const result = parseRecord(value);
    if (!result.ok) batch.rejections.push({ line, path: result.path, reason: result.reason });
    else if (this.#maker === undefined || result.record.type !== 'usage') {
      batch.records.push(result.record);
      batch.lines.push(line);
    } else {
      const at = this.#rows.place();
      this.#maker.write(result.record, this.#rows.rows, at);
      this.#rows.rows[at + ROW.line] = line;
      this.#rows.count++;
    }
  }
}
