/** Columns of exchanges, one after the other, into their rows. A value that the contract may refuse makes its row odd. */
import type { AccountCodes } from '../aggregates/account-codes.ts';
import { SKETCH_LETTERS } from '../aggregates/decode-sketch.ts';
import { paramsCell, ROW, ROW_FIELDS, writeSketch } from '../aggregates/exchange.ts';
import { hashBytes, hashNumbersLow, lanes, lanes48 } from '../aggregates/hash.ts';
import { NONE, type Texts } from '../parquet/column-codecs.ts';
import type { Lists } from '../parquet/column-reader.ts';
import { MAX_ASN, MAX_FLAGS, MAX_LATENCY_MS, MAX_MARKS, MAX_TEMPERATURE } from '../records/format.ts';
import { timeMs } from '../records/time.ts';
import { isFingerprintBytes, isInteger, isNumber } from '../records/values.ts';
import { hashName, isAscii, textOf } from './exchange-cells.ts';

export interface Into {
  rows: Float64Array;
  /** By row: 1 where it is odd. */
  odd: Uint8Array;
}
/** A column that the file does not have is undefined. */
type Numbers = Float64Array | undefined;

const MAX_COUNT = Number.MAX_SAFE_INTEGER;
/** The last that RFC 3339 can write. */
const MAX_MS = timeMs('9999-12-31T23:59:59.999Z');
const NO_BYTES = new Uint8Array(0);

/** Rows without a number that the contract needs. */
export function need(values: Numbers, { odd }: Into): void {
  if (values === undefined) odd.fill(1);
  else for (let i = 0; i < values.length; i++) if (values[i] === NONE) odd[i] = 1;
}

/** As they are. */
export function writeNumbers(values: Numbers, { rows, odd }: Into, place: number | undefined): void {
  if (values === undefined) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === NONE) continue;
    if (Number.isNaN(value)) odd[i] = 1;
    else if (place !== undefined) rows[i * ROW_FIELDS + place] = value;
  }
}

export function writeCounts(values: Numbers, { rows, odd }: Into, max: number, place: number | undefined): void {
  if (values === undefined) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === NONE) continue;
    if (!isInteger(value, max)) odd[i] = 1;
    else if (place !== undefined) rows[i * ROW_FIELDS + place] = value;
  }
}

export function writeTimes(values: Numbers, into: Into): void {
  writeCounts(values, into, MAX_MS, ROW.time);
}

export function writeLatencies(values: Numbers, { rows, odd }: Into): void {
  if (values === undefined) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === NONE) continue;
    if (isNumber(value, MAX_LATENCY_MS)) rows[i * ROW_FIELDS + ROW.latency] = Math.round(value);
    else odd[i] = 1;
  }
}

export function writeNetworks(values: Numbers, { rows, odd }: Into): void {
  if (values === undefined) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === NONE) continue;
    if (isInteger(value, MAX_ASN)) rows[i * ROW_FIELDS + ROW.asn] = hashNumbersLow(value, 0);
    else odd[i] = 1;
  }
}

export function writeParams(
  most: Numbers,
  warmth: Numbers,
  tools: Numbers,
  stream: Numbers,
  { rows, odd }: Into,
): void {
  for (let i = 0; i < odd.length; i++) {
    const maxTokens = most === undefined ? NONE : most[i]!;
    const temperature = warmth === undefined ? NONE : warmth[i]!;
    const given = tools === undefined ? NONE : tools[i]!;
    const streams = stream === undefined ? NONE : stream[i]!;
    if (maxTokens === NONE && temperature === NONE && given === NONE && streams === NONE) continue;
    const fine =
      (maxTokens === NONE || isInteger(maxTokens, MAX_COUNT)) &&
      (temperature === NONE || isNumber(temperature, MAX_TEMPERATURE)) &&
      (given === NONE || isInteger(given, MAX_COUNT)) &&
      !Number.isNaN(streams);
    if (fine) rows[i * ROW_FIELDS + ROW.params] = paramsCell(maxTokens, temperature, given > 0, streams > 0);
    else odd[i] = 1;
  }
}

/** Both as one hash; one that is absent is an empty text. */
export function writeClients(tls: Texts | undefined, agents: Texts | undefined, { rows, odd }: Into): void {
  const clients = new Clients();
  for (let i = 0; i < odd.length; i++) {
    const first = tls?.[i] ?? NO_BYTES;
    const second = agents?.[i] ?? NO_BYTES;
    if (first === NO_BYTES && second === NO_BYTES) continue;
    const hash = clients.hashOf(first, second);
    if (Number.isNaN(hash)) odd[i] = 1;
    else rows[i * ROW_FIELDS + ROW.client] = hash;
  }
}

/** A file that keeps each text once gives the same bytes for all of its rows, which come in few pairs. */
class Clients {
  private readonly known = new Map<Uint8Array, Map<Uint8Array, number>>();

  hashOf(tls: Uint8Array, agent: Uint8Array): number {
    const hashes = this.known.get(tls) ?? new Map<Uint8Array, number>();
    const known = hashes.get(agent);
    if (known !== undefined) return known;
    const hash = clientHash(tls, agent);
    this.known.set(tls, hashes.set(agent, hash));
    return hash;
  }
}

export function writeSketches(values: Texts | undefined, { rows, odd }: Into): void {
  if (values === undefined) return;
  for (let i = 0; i < values.length; i++) {
    const bytes = values[i];
    if (bytes === undefined) continue;
    if (bytes.length !== SKETCH_LETTERS || !writeSketch(bytes, 0, rows, i * ROW_FIELDS)) odd[i] = 1;
  }
}

/** Of places in `FLAGS`. */
export function writeFlags(lists: Lists | undefined, { rows, odd }: Into): void {
  if (lists === undefined) return;
  const { values, starts } = lists;
  for (let i = 0; i < odd.length; i++) {
    const end = starts[i + 1]!;
    if (end - starts[i]! > MAX_FLAGS) odd[i] = 1;
    let bits = 0;
    for (let k = starts[i]!; k < end; k++) {
      if (Number.isNaN(values[k]!)) odd[i] = 1;
      bits |= 1 << values[k]!;
    }
    rows[i * ROW_FIELDS + ROW.flags] = bits;
  }
}

/** Their number at `place`, then each. */
export function writeMarks(lists: Lists | undefined, { rows, odd }: Into, place: number): void {
  if (lists === undefined) return;
  const { values, starts } = lists;
  for (let i = 0; i < odd.length; i++) {
    const start = starts[i]!;
    const held = starts[i + 1]! - start;
    const at = i * ROW_FIELDS + place;
    if (held > MAX_MARKS) {
      odd[i] = 1;
      continue;
    }
    rows[at] = held;
    for (let k = 0; k < held; k++) {
      const value = values[start + k]!;
      if (Number.isNaN(value)) odd[i] = 1;
      rows[at + 1 + k] = value;
    }
  }
}

/** Last of all: an account of which no exchange is taken is to have no code. */
export function writeIdentities(
  accounts: Texts | undefined,
  ids: Texts | undefined,
  codes: AccountCodes,
  { rows, odd }: Into,
): void {
  for (let i = 0; i < odd.length; i++) {
    const account = accounts?.[i] ?? NO_BYTES;
    const at = i * ROW_FIELDS;
    if (odd[i] === 1 || !hashName(account, 256)) {
      odd[i] = 1;
      continue;
    }
    const { low, high } = lanes;
    if (!hashName(ids?.[i] ?? NO_BYTES, 128, low, high)) {
      odd[i] = 1;
      continue;
    }
    rows[at + ROW.idLow] = lanes.low;
    rows[at + ROW.idHigh] = lanes.high;
    const ofBytes = isAscii(account);
    rows[at + ROW.account] = ofBytes ? codes.ofBytes(account, 0, account.length, low) : codes.of(textOf(account));
  }
}

/** NaN where one of them is there and no fingerprint. */
function clientHash(tls: Uint8Array, agent: Uint8Array): number {
  if (tls !== NO_BYTES && !isFingerprintBytes(tls, 0, tls.length)) return Number.NaN;
  if (agent !== NO_BYTES && !isFingerprintBytes(agent, 0, agent.length)) return Number.NaN;
  hashBytes(tls, 0, tls.length);
  hashBytes(agent, 0, agent.length, lanes.low, lanes.high);
  return lanes48();
}
