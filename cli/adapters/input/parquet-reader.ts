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

  /** To be asked for the ranges of the file in their order. */

  async read(range: Range): Promise<RecordBatch> {
    const batch: RecordBatch = { records: [], lines: [], rejections: [], skipped: new Map() };
    if (this.#maker !== undefined) batch.exchanges = this.#rows;
    this.#rows.count = 0;
    const left = await this.#writeColumns(range);
    const rows = await this.#readRows(range, left);
    let next = 0;
    for (const i of left) {
      this.#keep(next, i, range);
      this.#take(recordOf(this.#file.type, rows[i - left[0]!]!), range.from + i + 1, batch);
      next = i + 1;
    }
    this.#keep(next, range.end - range.from, range);
    return batch;
  }

  /** The rows of the range, counted from its first, of which records have to be made. */
  async #writeColumns(range: Range): Promise<number[]> {
    const count = range.end - range.from;
    const cells = await this.#cells?.(range);
    if (cells === undefined) return Array.from({ length: count }, (_, i) => i);
    return writeColumns(cells, this.#maker!.accounts, this.#rows.room(count));
  }

  /** From the first to the last that is left. */
  async #readRows({ from }: Range, left: readonly number[]): Promise<Row[]> {
    if (left.length === 0) return [];
    const columns = recordColumns(this.#file.type).map(({ name }) => name);
    return this.#file.readRows({ from: from + left[0]!, end: from + left.at(-1)! + 1 }, { columns, compressors });
  }

  /** The rows from `next` up to `end` as the next ones that count. */
  #keep(next: number, end: number, range: Range): void {
    const { rows, count } = this.#rows;
    if (next > count) rows.copyWithin(count * ROW_FIELDS, next * ROW_FIELDS, end * ROW_FIELDS);
    this.#rows.count += end - next;
    for (let i = next; i < end; i++) rows[(count + i - next) * ROW_FIELDS + ROW.line] = range.from + i + 1;
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
