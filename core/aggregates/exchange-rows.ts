/** Rows that grow by one at a time: the exchanges of a batch. */
import type { UsageRecord } from '../records/schema.ts';
import type { AccountCodes } from './account-codes.ts';
import { ROW, ROW_FIELDS, writeExchange } from './exchange.ts';
import { hashPairWide, lanes } from './hash.ts';

export class ExchangeRows {
  rows: Float64Array;
  count: number;

  constructor(rows: Float64Array = new Float64Array(256 * ROW_FIELDS), count = 0) {
    this.rows = rows;
    this.count = count;
  }

  /** Where the next row begins, with room for it. It counts once `count` is raised. */
  place(): number {
    const at = this.count * ROW_FIELDS;
    if (at + ROW_FIELDS <= this.rows.length) return at;
    const larger = new Float64Array(this.rows.length * 2);
    larger.set(this.rows);
    this.rows = larger;
    return at;
  }

  /** The rows with room for `count`, none of which is kept. */
  room(count: number): Float64Array {
    if (count * ROW_FIELDS > this.rows.length) this.rows = new Float64Array(count * ROW_FIELDS);
    return this.rows;
  }

  /** A copy of the row at `at` of `rows`. */
  push(rows: Float64Array, at: number): void {
    const place = this.place();
    this.rows.set(rows.subarray(at, at + ROW_FIELDS), place);
    this.count++;
  }

  timeOf(index: number): number {
    return this.rows[index * ROW_FIELDS + ROW.time]!;
  }

  lineOf(index: number): number {
    return this.rows[index * ROW_FIELDS + ROW.line]!;
  }
}

/** The record as the row at `at`, its account by the number that `accounts` has for it. */
export function writeRow(record: UsageRecord, accounts: AccountCodes, rows: Float64Array, at: number): void {
  writeExchange(record, rows, at);
  rows[at + ROW.account] = accounts.of(record.account);
  hashPairWide(record.account, record.id);
  rows[at + ROW.idLow] = lanes.low;
  rows[at + ROW.idHigh] = lanes.high;
}
