/** A thread that turns lines into rows; what it cannot read it sends back by its place. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { AccountCodes } from '../../../core/aggregates/account-codes.ts';
import { ROW, ROW_FIELDS } from '../../../core/aggregates/exchange.ts';
import { ExchangeReader } from '../../../core/aggregates/exchange-reader.ts';
import { ExchangeRows } from '../../../core/aggregates/exchange-rows.ts';

/** Of one block of whole lines. Lines are counted from 0 within it. */
export interface Parsed {
  bytes: Uint8Array;
  /** Accounts are numbered by the thread: `names` are those that it has not told before, in order. */
  rows: Float64Array;
  count: number;
  names: string[];
  lines: number;
  /** Lines that are not for the reader: number, beginning and end of each. */
  unread: number[];
}

const NEWLINE = 10;
/** Bytes; of shorter lines there are more, for which room is made. */
const USUAL_LINE = 512;
const codes = new AccountCodes();
const reader = new ExchangeReader(codes);
let told = 0;

export function parse(bytes: Uint8Array): Parsed {
  const rows = new ExchangeRows(new Float64Array(ROW_FIELDS * (64 + Math.floor(bytes.length / USUAL_LINE))));
  const unread: number[] = [];
  let line = 0;
  for (let from = 0; from < bytes.length; line++) {
    const at = rows.place();
    if (reader.read(bytes, from, rows.rows, at)) {
      rows.rows[at + ROW.line] = line;
      rows.count++;
      from = reader.next;
    } else {
      const end = bytes.indexOf(NEWLINE, from);
      unread.push(line, from, end);
      from = end + 1;
    }
  }
  const names = codes.names.slice(told);
  told = codes.names.length;
  return { bytes, rows: rows.rows, count: rows.count, names, lines: line, unread };
}

function serve(port: MessagePort): void {
  port.on('message', (bytes: Uint8Array) => {
    const parsed = parse(bytes);
    port.postMessage(parsed, [parsed.bytes.buffer as ArrayBuffer, parsed.rows.buffer as ArrayBuffer]);
  });
}

if (parentPort) serve(parentPort);
