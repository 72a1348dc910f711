/** From what arrived to a record of the contract, or the reason why it is none. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AccountCodes } from '../../core/aggregates/account-codes.ts';
import { ROW, ROW_FIELDS } from '../../core/aggregates/exchange.ts';
import { ExchangeReader } from '../../core/aggregates/exchange-reader.ts';
import { parseRecord } from '../../core/records/parse.ts';
import type { StillwatchRecord, UsageRecord } from '../../core/records/schema.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';
import type { Arrival } from './arrival.ts';

/** A clock that runs ahead by more than this is wrong, and would hold a finding open in the future. */
const FUTURE_MS = 10 * 60_000;

export interface Source {
  shard: string;
  sequence: string;
  payload: Uint8Array;
}

export type Decoded =
  | Exchange
  | (Source & { record: StillwatchRecord })
  | (Source & { path: string; reason: string; late: boolean });

export interface Window {
  now: number;
  retentionDays: number;
}

/** Records of up to 48 KiB may take the short way. */
const SHORT_BYTES = 48 * 1024;
/** Characters that cannot be more bytes than that. */
const LONGEST = { base64: (SHORT_BYTES / 3) * 4, utf8: SHORT_BYTES / 3 };
const NEWLINE = 10;
const scratch = Buffer.alloc(SHORT_BYTES + 1);

/** An exchange that was read without making a record of it; the archive asks for the record, the fold does not. */
export class Exchange implements Source {
  readonly shard: string;
  readonly sequence: string;
  readonly account: string;
  /** Its row begins at `at`. */
  readonly rows: Float64Array;
  readonly at: number;
  private readonly data: string;
  private readonly encoding: Arrival['encoding'];

  constructor({ shard, sequence, data, encoding }: Arrival, account: string, rows: Float64Array, at: number) {
    this.shard = shard;
    this.sequence = sequence;
    this.account = account;
    this.rows = rows;
    this.at = at;
    this.data = data;
    this.encoding = encoding;
  }

  get payload(): Buffer {
    return Buffer.from(this.data, this.encoding);
  }

  get record(): UsageRecord {
    return JSON.parse(this.payload.toString('latin1')) as UsageRecord;
  }
}

/** Reads the records of one batch. Never throws, whatever they hold. */
export class Decoder {
  private readonly window: Window;
  private readonly codes = new AccountCodes();
  private readonly reader = new ExchangeReader(this.codes);
  private readonly rows: Float64Array;
  private held = 0;

  constructor(window: Window, records: number) {
    this.window = window;
    this.rows = new Float64Array(records * ROW_FIELDS);
  }

  decode(arrival: Arrival): Decoded {
    const { shard, sequence } = arrival;
    const account = this.readShort(arrival);
    if (account !== undefined) return new Exchange(arrival, account, this.rows, this.held++ * ROW_FIELDS);
    const payload = Buffer.from(arrival.data, arrival.encoding);
    const value = readJson(payload);
    if (value === undefined) return { shard, sequence, payload, path: '', reason: 'not JSON', late: false };
    const parsed = parseRecord(unwrap(value));
    if (!parsed.ok) return { shard, sequence, payload, path: parsed.path, reason: parsed.reason, late: false };
    const { record } = parsed;
    const untimely = untimeliness(timeMs(record.time), record.type === 'usage', this.window);
    if (untimely) return { shard, sequence, payload, path: 'time', ...untimely };
    return { shard, sequence, payload, record };
  }

  /** The account of an exchange in time, which then is in the next row; undefined where the long way has to look. */
  private readShort({ data, encoding }: Arrival): string | undefined {
    if (data.length > LONGEST[encoding]) return undefined;
    const length = scratch.write(data, encoding);
    scratch[length] = NEWLINE;
    const at = this.held * ROW_FIELDS;
    if (!this.reader.read(scratch, 0, this.rows, at) || this.reader.next < length) return undefined;
    if (untimeliness(this.rows[at + ROW.time]!, true, this.window) !== undefined) return undefined;
    return this.codes.names[this.rows[at + ROW.account]!]!;
  }
}

function readJson(payload: Buffer): unknown {
  try {
    return JSON.parse(textOf(payload)) as unknown;
  } catch {
    return undefined;
  }
}

/** Nearly all payloads are ASCII, which is read without decoding. Throws for bytes that are no UTF-8. */
function textOf(payload: Buffer): string {
  if (isAscii(payload)) return payload.toString('latin1');
  if (!isUtf8(payload)) throw new RangeError('not UTF-8');
  return new TextDecoder().decode(payload);
}

/** A rule of another bus may put whole events on the stream; their `detail` is the record. */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('detail-type' in value) || !('detail' in value)) return value;
  return value.detail;
}

function untimeliness(
  ms: number,
  isUsage: boolean,
  { now, retentionDays }: Window,
): { reason: string; late: boolean } | undefined {
  if (ms > now + FUTURE_MS) return { reason: 'more than 10 minutes in the future', late: false };
  if (isUsage && ms < now - retentionDays * DAY_MS) {
    return { reason: `older than the retention of ${retentionDays} days`, late: true };
  }
  return undefined;
}
