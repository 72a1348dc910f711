/** Folds one exchange into its account-day: the only place where a record becomes a count. */
import { FLAGS, NETWORK_KINDS, STATUSES, TASKS, type Task, type UsageRecord } from '../records/schema.ts';
import {
  type AccountDay,
  addSample,
  addValue,
  COUNTER,
  DISTINCT,
  type DistinctKind,
  HISTOGRAM,
  MAX_COUNTER,
  markThrottled,
  SAMPLE_SIZE,
  SIGHTINGS,
  VALUES,
  type ValueKind,
} from './account-day.ts';
import { hash48, hashNumbers, hashPair, hashText, lanes } from './hash.ts';
import { addSighting, type Sightings } from './sightings.ts';

const KIND_INDEX = Object.fromEntries(Object.keys(VALUES).map((kind, i) => [kind, i])) as Record<ValueKind, number>;
const TASK_INDEX = Object.fromEntries(TASKS.map((task, i) => [task, i])) as Record<Task, number>;
const STATUS_INDEX: Record<string, number> = Object.fromEntries(STATUSES.map((status, i) => [status, i]));
const FLAG_INDEX: Record<string, number> = Object.fromEntries(FLAGS.map((flag, i) => [flag, i]));
const NETWORK_INDEX: Record<string, number> = Object.fromEntries(NETWORK_KINDS.map((kind, i) => [kind, i]));
type Custody = NonNullable<UsageRecord['custody']>;

const SLOT_MS = 300_000;
const DAY_MS = 86_400_000;

/** `ms` is the exchange's time, `rank` the 48-bit hash of (account, id). */
export function foldUsage(day: AccountDay, record: UsageRecord, ms: number, rank: number): void {
  const inDay = ms % DAY_MS;
  const slot = (inDay / SLOT_MS) | 0;
  day.slots[slot >> 5]! |= 1 << (slot & 31);
  day.bins[HISTOGRAM.hours.at + ((slot / 12) | 0)]!++;
  if (ms < day.first) day.first = ms;
  if (ms > day.last) day.last = ms;
  foldCounters(day, record, slot);
  foldOrigin(day, record);
  foldPrompt(day, record, rank);
  if (record.custody !== undefined) foldCustody(day, record.custody, ms);
}

function foldCounters(day: AccountDay, record: UsageRecord, slot: number): void {
  const { counters, bins } = day;
  const { tokens, params } = record;
  counters[COUNTER.exchanges]!++;
  if (record.status !== undefined && record.status !== 'ok') {
    counters[STATUS_INDEX[record.status]!]!++;
    if (record.status === 'throttled') markThrottled(day, slot >> 5, 1 << (slot & 31));
  }
  addSum(counters, COUNTER.inputTokens, tokens.input);
  addSum(counters, COUNTER.outputTokens, tokens.output);
  addSum(counters, COUNTER.reasoningTokens, tokens.reasoning ?? 0);
  addSum(counters, COUNTER.cacheReadTokens, tokens.cacheRead ?? 0);
  if (record.latencyMs !== undefined) addSum(counters, COUNTER.latency, Math.round(record.latencyMs));
  bins[HISTOGRAM.grid.at + 8 * octaves(tokens.input, 64) + octaves(tokens.output, 16)]!++;
  if (params !== undefined) {
    const tools = params.tools !== undefined && params.tools > 0;
    if (params.stream === true) counters[COUNTER.stream]!++;
    if (tools) counters[COUNTER.tools]!++;
    bins[HISTOGRAM.params.at + paramsBin(params, tools)]!++;
  }
}

function foldCustody(day: AccountDay, { minted, presented }: Custody, ms: number): void {
  if (minted !== undefined) {
    day.counters[COUNTER.minted]! += minted.length;
    see(day.minted, minted, ms);
  }
  if (presented !== undefined) {
    day.counters[COUNTER.presented]! += presented.length;
    see(day.presented, presented, ms);
  }
}

function see(list: Sightings, fingerprints: readonly string[], ms: number): void {
  for (const fingerprint of fingerprints) addSighting(list, hash48(fingerprint), ms, SIGHTINGS);
}

function addSum(counters: Float64Array, at: number, more: number): void {
  counters[at] = Math.min(counters[at]! + more, MAX_COUNTER);
}

/** 0 below `first`, then one more for each factor of 4, at most 7. */
function octaves(value: number, first: number): number {
  let cell = 0;
  for (let limit = first; cell < 7 && value >= limit; limit *= 4) cell++;
  return cell;
}

function paramsBin(params: NonNullable<UsageRecord['params']>, tools: boolean): number {
  const octave = params.maxTokens === undefined ? 63 : Math.min(62, Math.floor(Math.log2(params.maxTokens + 1)));
  const tenths = params.temperature === undefined ? 1023 : Math.min(1022, Math.round(params.temperature * 10));
  return (
    hashNumbers(octave * 1024 + tenths, (tools ? 2 : 0) + (params.stream === true ? 1 : 0)) % HISTOGRAM.params.bins
  );
}

function foldOrigin(day: AccountDay, record: UsageRecord): void {
  const { network, client } = record;
  count(day, 'model', low32(record.model));
  if (network !== undefined) {
    if (network.ip !== undefined) {
      const ip = hash48(network.ip);
      count(day, 'ip', ip);
      mark(day, 'ip');
    }
    if (network.subnet !== undefined) count(day, 'subnet', hash48(network.subnet));
    if (network.kind !== undefined) day.counters[COUNTER.networks + NETWORK_INDEX[network.kind]!]!++;
    if (network.asn !== undefined) count(day, 'asn', hashNumbers(network.asn, 0) % 2 ** 32);
  }
  if (client !== undefined && (client.tls !== undefined || client.agent !== undefined)) {
    const pair = hashPair(client.tls ?? '', client.agent ?? '');
    count(day, 'client', pair);
    mark(day, 'client');
  }
  if (record.session !== undefined) {
    hashText(record.session);
    mark(day, 'session');
  }
}

function foldPrompt(day: AccountDay, record: UsageRecord, rank: number): void {
  const prompt = record.prompt;
  let system = 0;
  let template = 0;
  let contract = 0;
  if (prompt !== undefined) {
    if (prompt.system !== undefined) {
      system = hash48(prompt.system);
      count(day, 'system', system);
      mark(day, 'system');
    }
    if (prompt.template !== undefined) {
      template = hash48(prompt.template);
      count(day, 'template', template);
      mark(day, 'template');
    }
    if (prompt.contract !== undefined) {
      contract = hash48(prompt.contract);
      count(day, 'contract', contract);
    }
    if (prompt.language !== undefined) count(day, 'language', low32(prompt.language.toLowerCase()) & 0xffff);
    if (prompt.task !== undefined) day.bins[HISTOGRAM.tasks.at + TASK_INDEX[prompt.task]]!++;
    if (prompt.topic !== undefined) day.bins[HISTOGRAM.topics.at + prompt.topic]!++;
    if (prompt.flags !== undefined && prompt.flags.length > 0) foldFlags(day, prompt.flags);
  }
  const sample = day.sample;
  if (sample.length === SAMPLE_SIZE && sample[SAMPLE_SIZE - 1]!.rank <= rank) return;
  const sketch =
    prompt?.sketch === undefined || record.tokens.input < SHORT_PROMPT ? undefined : decodeSketch(prompt.sketch);
  addSample(day, { rank, sketch, system, template, contract });
}

/** Sketches of prompts under this many input tokens say nothing. */
const SHORT_PROMPT = 64;

function foldFlags(day: AccountDay, flags: readonly string[]): void {
  let seen = 0;
  for (const flag of flags) {
    const bit = 1 << FLAG_INDEX[flag]!;
    if ((seen & bit) === 0) day.counters[COUNTER.flags + FLAG_INDEX[flag]!]!++;
    seen |= bit;
  }
  day.counters[COUNTER.anyFlag]!++;
}

function count(day: AccountDay, kind: ValueKind, key: number): void {
  addValue(day, kind, KIND_INDEX[kind], key, 1);
}

/** `hash48(text) % 2 ** 32`, without the division. */
function low32(text: string): number {
  hashText(text);
  return lanes.low;
}

/** Of the text or pair that was hashed last. */
function mark(day: AccountDay, kind: DistinctKind): void {
  const { at, registers } = DISTINCT[kind];
  const { low } = lanes;
  const register = at + (low & (registers - 1));
  // The register's index takes 6 bits at most; the rank of the first one bit is read from the 26 bits above them.
  const rank = Math.clz32((low >>> 6) | 0) - 5;
  if (rank > day.registers[register]!) day.registers[register] = rank;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DIGIT = new Uint8Array(128);
for (let i = 0; i < 64; i++) DIGIT[ALPHABET.charCodeAt(i)] = i;

/** 43 characters of base64url to 32 bytes. */
export function decodeSketch(text: string): Uint8Array {
  const bytes = new Uint8Array(32);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < 43 && at < 32; i++) {
    held = ((held << 6) | DIGIT[text.charCodeAt(i)]!) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >>> bits) & 0xff;
    }
  }
  return bytes;
}
