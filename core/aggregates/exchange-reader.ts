/**
 * The short way from a line of our own format to a row: checked and hashed in one pass over its bytes, without an object
 * or a text on the way. It takes the lines that nearly all are, exactly as `parseRecord` would, and leaves the others to
 * it: a property test holds the two together.
 */
import { MAX_LATENCY_MS, STATUSES } from '../records/format.ts';
import { END, LineCursor } from '../records/line-cursor.ts';
import { Words } from '../records/words.ts';
import type { AccountCodes } from './account-codes.ts';
import { EMPTY_ROW, ROW, ROW_FIELDS } from './exchange.ts';
import { readClient, readCustody, readNetwork, readParams, readTokens } from './exchange-parts.ts';
import { readPrompt } from './exchange-prompt.ts';
import { hashBytes, lanes } from './hash.ts';

const USAGE = {
  type: 0,
  id: 1,
  time: 2,
  account: 3,
  model: 4,
  tokens: 5,
  provider: 6,
  operation: 7,
  status: 8,
  finish: 9,
  latencyMs: 10,
  params: 11,
  network: 12,
  client: 13,
  session: 14,
  prompt: 15,
  custody: 16,
} as const;
/** `type` to `tokens`. */
const NEEDED = 0b111_111;

const usage = Words.of(USAGE);
const types = new Words(['usage']);
const statuses = new Words(STATUSES);

export class ExchangeReader {
  /** Where the line after the latest one begins. */
  next = 0;
  private readonly codes: AccountCodes;
  private readonly cursor = new LineCursor();

  constructor(codes: AccountCodes) {
    this.codes = codes;
  }

  /**
   * The line of `bytes` that begins at `from`, into the row at `at`: all but its line number. False where it is not for
   * this reader; then the row is as good as empty. A newline must end the line.
   */
  read(bytes: Uint8Array, from: number, rows: Float64Array, at: number): boolean {
    const { cursor } = this;
    cursor.bytes = bytes;
    cursor.at = from;
    cursor.strange = false;
    for (let i = 0; i < ROW_FIELDS; i++) rows[at + i] = EMPTY_ROW[i]!;
    this.readUsage(cursor, rows, at);
    if (!cursor.end()) return false;
    this.next = cursor.at;
    return true;
  }

  private readUsage(cursor: LineCursor, rows: Float64Array, at: number): void {
    let idFrom = 0;
    let idTo = 0;
    let accountFrom = 0;
    let accountTo = 0;
    for (let key = cursor.first(usage); key !== END; key = cursor.next(usage)) {
      switch (key) {
        case USAGE.type:
          cursor.word(types);
          break;
        case USAGE.id:
          cursor.text(128);
          idFrom = cursor.from;
          idTo = cursor.to;
          break;
        case USAGE.time:
          rows[at + ROW.time] = cursor.time();
          break;
        case USAGE.account:
          cursor.text(256);
          accountFrom = cursor.from;
          accountTo = cursor.to;
          break;
        case USAGE.model:
          cursor.text(128);
          hashBytes(cursor.bytes, cursor.from, cursor.to);
          rows[at + ROW.model] = lanes.low;
          break;
        case USAGE.tokens:
          readTokens(cursor, rows, at);
          break;
        case USAGE.provider:
        case USAGE.operation:
        case USAGE.finish:
          cursor.text(128);
          break;
        case USAGE.status:
          rows[at + ROW.status] = cursor.word(statuses);
          break;
        case USAGE.latencyMs:
          rows[at + ROW.latency] = Math.round(cursor.decimal(MAX_LATENCY_MS));
          break;
        case USAGE.params:
          readParams(cursor, rows, at);
          break;
        case USAGE.network:
          readNetwork(cursor, rows, at);
          break;
        case USAGE.client:
          readClient(cursor, rows, at);
          break;
        case USAGE.session:
          cursor.fingerprint();
          rows[at + ROW.session] = lanes.low;
          break;
        case USAGE.prompt:
          readPrompt(cursor, rows, at);
          break;
        default:
          readCustody(cursor, rows, at);
      }
    }
    if ((usage.seen & NEEDED) !== NEEDED) cursor.miss();
    if (cursor.strange) return;
    hashBytes(cursor.bytes, accountFrom, accountTo);
    rows[at + ROW.account] = this.codes.ofBytes(cursor.bytes, accountFrom, accountTo, lanes.low);
    hashBytes(cursor.bytes, idFrom, idTo, lanes.low, lanes.high);
    rows[at + ROW.idLow] = lanes.low;
    rows[at + ROW.idHigh] = lanes.high;
  }
}
