/**
 * An exchange as the fold needs it: one row of numbers, with every text hashed. Rows lie one after the other in one
 * array, so that reading a file makes no objects, and a batch crosses from one thread to another as it lies.
 */
import { FLAGS, NETWORK_KINDS, STATUSES, TASKS } from '../records/format.ts';
import type { UsageRecord } from '../records/schema.ts';
import { timeMs } from '../records/time.ts';
import { decodeSketch, decodeSketchBytes } from './decode-sketch.ts';
import { hash48, hashNumbersLow, hashPair, hashText, lanes } from './hash.ts';

/** Positions in a row. What an exchange does not have is ABSENT, but for tokens and latency, which are then 0. */
export const ROW = {
  /** ms since 1970. */
  time: 0,
  /** Of whoever made the row: its number for the account. */
  account: 1,
  /** 64 bits of (account, id), in two unsigned words. */
  idLow: 2,
  idHigh: 3,
  /** Place in `STATUSES`. */
  status: 4,
  input: 5,
  output: 6,
  reasoning: 7,
  cacheRead: 8,
  /** ms, rounded. */
  latency: 9,
  /** Bin of the histogram, plus 32 where streamed, plus 64 where tools were given. */
  params: 10,
  /** 32 bits. */
  model: 11,
  /** 48 bits, as all that follow but where said otherwise. */
  ip: 12,
  subnet: 13,
  /** Place in `NETWORK_KINDS`. */
  networkKind: 14,
  /** 32 bits. */
  asn: 15,
  client: 16,
  /** 32 bits. */
  session: 17,
  system: 18,
  template: 19,
  contract: 20,
  /** 16 bits. */
  language: 21,
  /** Place in `TASKS`. */
  task: 22,
  topic: 23,
  /** One bit for each of `FLAGS`; 0 where there is none. */
  flags: 24,
  /** How many, then the first eight of them, which is all that the contract allows. */
  minted: 25,
  presented: 34,
  /** 1 where the next four places hold the 32 bytes of the sketch. */
  sketched: 43,
  sketch: 44,
  /** Of whoever made the row: where in its input it stood. */
  line: 48,
} as const;
export const ROW_FIELDS = 49;
export const ABSENT = -1;
const SKETCH_BYTES = 32;
export const STREAMED = 32;
export const WITH_TOOLS = 64;
const WORD = 4_294_967_296;

/** Places that hold 0, not ABSENT, where an exchange has nothing for them. */
const COUNTED = [
  ...(['account', 'idLow', 'idHigh', 'status', 'input', 'output', 'reasoning', 'cacheRead', 'latency'] as const),
  ...(['flags', 'minted', 'presented', 'sketched', 'line'] as const),
];
export const EMPTY_ROW = new Float64Array(ROW_FIELDS).fill(ABSENT);
for (const place of COUNTED) EMPTY_ROW[ROW[place]] = 0;

const placesOf = (words: readonly string[]) => new Map(words.map((word, i) => [word, i]));
const STATUS = placesOf(STATUSES);
const NETWORK_KIND = placesOf(NETWORK_KINDS);
const TASK = placesOf(TASKS);
const FLAG = placesOf(FLAGS);

/** `record` as the row at `at`: all but the account, its id and the line, which are the caller's. */
export function writeExchange(record: UsageRecord, rows: Float64Array, at: number): void {
  rows.set(EMPTY_ROW, at);
  rows[at + ROW.time] = timeMs(record.time);
  writeCounts(record, rows, at);
  writeOrigin(record, rows, at);
  if (record.prompt !== undefined) writePrompt(record.prompt, rows, at);
  writeMarks(record.custody?.minted, rows, at + ROW.minted);
  writeMarks(record.custody?.presented, rows, at + ROW.presented);
}

function writeCounts({ status, tokens, latencyMs, params }: UsageRecord, rows: Float64Array, at: number): void {
  if (status !== undefined) rows[at + ROW.status] = STATUS.get(status)!;
  rows[at + ROW.input] = tokens.input;
  rows[at + ROW.output] = tokens.output;
  rows[at + ROW.reasoning] = tokens.reasoning ?? 0;
  rows[at + ROW.cacheRead] = tokens.cacheRead ?? 0;
  if (latencyMs !== undefined) rows[at + ROW.latency] = Math.round(latencyMs);
  if (params === undefined) return;
  const { maxTokens = ABSENT, temperature = ABSENT, tools = 0, stream = false } = params;
  rows[at + ROW.params] = paramsCell(maxTokens, temperature, tools > 0, stream);
}

/** `maxTokens` and `temperature` are ABSENT where they were not given. */
export function paramsCell(maxTokens: number, temperature: number, tools: boolean, stream: boolean): number {
  const octave = maxTokens < 0 ? 63 : Math.min(62, Math.floor(Math.log2(maxTokens + 1)));
  const tenths = temperature < 0 ? 1023 : Math.min(1022, Math.round(temperature * 10));
  const bin = hashNumbersLow(octave * 1024 + tenths, (tools ? 2 : 0) + (stream ? 1 : 0)) & 31;
  return bin + (stream ? STREAMED : 0) + (tools ? WITH_TOOLS : 0);
}

function writeOrigin({ model, network, client, session }: UsageRecord, rows: Float64Array, at: number): void {
  rows[at + ROW.model] = low32(model);
  if (network !== undefined) {
    if (network.ip !== undefined) rows[at + ROW.ip] = hash48(network.ip);
    if (network.subnet !== undefined) rows[at + ROW.subnet] = hash48(network.subnet);
    if (network.kind !== undefined) rows[at + ROW.networkKind] = NETWORK_KIND.get(network.kind)!;
    if (network.asn !== undefined) rows[at + ROW.asn] = hashNumbersLow(network.asn, 0);
  }
  if (client !== undefined && (client.tls !== undefined || client.agent !== undefined)) {
    rows[at + ROW.client] = hashPair(client.tls ?? '', client.agent ?? '');
  }
  if (session !== undefined) rows[at + ROW.session] = low32(session);
}

function writePrompt(prompt: NonNullable<UsageRecord['prompt']>, rows: Float64Array, at: number): void {
  if (prompt.system !== undefined) rows[at + ROW.system] = hash48(prompt.system);
  if (prompt.template !== undefined) rows[at + ROW.template] = hash48(prompt.template);
  if (prompt.contract !== undefined) rows[at + ROW.contract] = hash48(prompt.contract);
  if (prompt.language !== undefined) rows[at + ROW.language] = low32(prompt.language.toLowerCase()) & 0xffff;
  if (prompt.task !== undefined) rows[at + ROW.task] = TASK.get(prompt.task)!;
  if (prompt.topic !== undefined) rows[at + ROW.topic] = prompt.topic;
  for (const flag of prompt.flags ?? []) rows[at + ROW.flags]! |= 1 << FLAG.get(flag)!;
  if (prompt.sketch === undefined) return;
  rows[at + ROW.sketched] = 1;
  const from = sketchAt(rows, at);
  decodeSketch(prompt.sketch, bytesOf(rows).subarray(from, from + SKETCH_BYTES));
}

function writeMarks(fingerprints: readonly string[] | undefined, rows: Float64Array, at: number): void {
  if (fingerprints === undefined) return;
  rows[at] = fingerprints.length;
  for (let i = 0; i < fingerprints.length; i++) rows[at + 1 + i] = hash48(fingerprints[i]!);
}

/** The 48-bit hash of (account, id) of the row at `at`. */
export function rankOf(rows: Float64Array, at: number): number {
  return (rows[at + ROW.idHigh]! & 0xffff) * WORD + rows[at + ROW.idLow]!;
}

/** A copy of the sketch of the row at `at`. */
export function sketchOf(rows: Float64Array, at: number): Uint8Array {
  const bytes = bytesOf(rows);
  const from = sketchAt(rows, at);
  const sketch = new Uint8Array(SKETCH_BYTES);
  for (let i = 0; i < SKETCH_BYTES; i++) sketch[i] = bytes[from + i]!;
  return sketch;
}

/** The 43 letters from `from` on as the sketch of the row at `at`; false where they are not of base64url. */
export function writeSketch(letters: Uint8Array, from: number, rows: Float64Array, at: number): boolean {
  if (!decodeSketchBytes(letters, from, bytesOf(rows), sketchAt(rows, at))) return false;
  rows[at + ROW.sketched] = 1;
  return true;
}

let latest: Uint8Array = new Uint8Array(0);

/** All that `rows` lie in, as bytes. To make a view for each row is slow, and the next row is mostly of the same. */
function bytesOf(rows: Float64Array): Uint8Array {
  if (latest.buffer !== rows.buffer) latest = new Uint8Array(rows.buffer);
  return latest;
}

function sketchAt(rows: Float64Array, at: number): number {
  return rows.byteOffset + 8 * (at + ROW.sketch);
}

/** `hash48(text) % 2 ** 32`, without the division. */
function low32(text: string): number {
  hashText(text);
  return lanes.low;
}
