/** Folds one exchange into its account-day: the only place where a record becomes a count. */
import { FLAGS, STATUSES } from '../records/format.ts';
import type { UsageRecord } from '../records/schema.ts';
import {
  type AccountDay,
  addSample,
  addValue,
  COUNTER,
  DISTINCT,
  HISTOGRAM,
  MAX_COUNTER,
  markThrottled,
  type Registers,
  SAMPLE_SIZE,
  SIGHTINGS,
  VALUES,
} from './account-day.ts';
import { ABSENT, ROW, ROW_FIELDS, STREAMED, sketchOf, WITH_TOOLS, writeExchange } from './exchange.ts';
import { addSighting, type Sightings } from './sightings.ts';

const THROTTLED = STATUSES.indexOf('throttled');
const SLOT_MS = 300_000;
const DAY_MS = 86_400_000;

const row = new Float64Array(ROW_FIELDS);

/** `ms` is the exchange's time, `rank` the 48-bit hash of (account, id). */
export function foldUsage(day: AccountDay, record: UsageRecord, ms: number, rank: number): void {
  writeExchange(record, row, 0);
  row[ROW.time] = ms;
  foldExchange(day, row, 0, rank);
}

/** The row at `at`; `rank` is the 48-bit hash of (account, id). */
export function foldExchange(day: AccountDay, rows: Float64Array, at: number, rank: number): void {
  const ms = rows[at + ROW.time]!;
  const slot = ((ms % DAY_MS) / SLOT_MS) | 0;
  day.slots[slot >> 5]! |= 1 << (slot & 31);
  day.bins[HISTOGRAM.hours.at + ((slot / 12) | 0)]!++;
  if (ms < day.first) day.first = ms;
  if (ms > day.last) day.last = ms;
  foldCounters(day, rows, at, slot);
  foldOrigin(day, rows, at);
  foldPrompt(day, rows, at, rank);
  const minted = rows[at + ROW.minted]!;
  const presented = rows[at + ROW.presented]!;
  if (minted > 0) see(day, COUNTER.minted, day.minted, rows, at + ROW.minted, ms);
  if (presented > 0) see(day, COUNTER.presented, day.presented, rows, at + ROW.presented, ms);
}

function foldCounters(day: AccountDay, rows: Float64Array, at: number, slot: number): void {
  const { counters, bins } = day;
  const input = rows[at + ROW.input]!;
  const output = rows[at + ROW.output]!;
  counters[COUNTER.exchanges]!++;
  const status = rows[at + ROW.status]!;
  if (status > 0) {
    counters[status]!++;
    if (status === THROTTLED) markThrottled(day, slot >> 5, 1 << (slot & 31));
  }
  addSum(counters, COUNTER.inputTokens, input);
  addSum(counters, COUNTER.outputTokens, output);
  addSum(counters, COUNTER.reasoningTokens, rows[at + ROW.reasoning]!);
  addSum(counters, COUNTER.cacheReadTokens, rows[at + ROW.cacheRead]!);
  addSum(counters, COUNTER.latency, rows[at + ROW.latency]!);
  bins[HISTOGRAM.grid.at + 8 * octaves(input, 64) + octaves(output, 16)]!++;
  const params = rows[at + ROW.params]! | 0;
  if (params < 0) return;
  if (params & STREAMED) counters[COUNTER.stream]!++;
  if (params & WITH_TOOLS) counters[COUNTER.tools]!++;
  bins[HISTOGRAM.params.at + (params & 31)]!++;
}

/** The list that begins with its length at `at`. */
function see(day: AccountDay, counter: number, list: Sightings, rows: Float64Array, at: number, ms: number): void {
  const held = rows[at]!;
  day.counters[counter]! += held;
  for (let i = 1; i <= held; i++) addSighting(list, rows[at + i]!, ms, SIGHTINGS);
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

function foldOrigin(day: AccountDay, rows: Float64Array, at: number): void {
  addValue(day, VALUES.model, rows[at + ROW.model]!);
  const ip = rows[at + ROW.ip]!;
  if (ip !== ABSENT) {
    addValue(day, VALUES.ip, ip);
    mark(day, DISTINCT.ip, ip);
  }
  const subnet = rows[at + ROW.subnet]!;
  if (subnet !== ABSENT) addValue(day, VALUES.subnet, subnet);
  const kind = rows[at + ROW.networkKind]!;
  if (kind !== ABSENT) day.counters[COUNTER.networks + kind]!++;
  const asn = rows[at + ROW.asn]!;
  if (asn !== ABSENT) addValue(day, VALUES.asn, asn);
  const client = rows[at + ROW.client]!;
  if (client !== ABSENT) {
    addValue(day, VALUES.client, client);
    mark(day, DISTINCT.client, client);
  }
  const session = rows[at + ROW.session]!;
  if (session !== ABSENT) mark(day, DISTINCT.session, session);
}

function foldPrompt(day: AccountDay, rows: Float64Array, at: number, rank: number): void {
  const system = rows[at + ROW.system]!;
  const template = rows[at + ROW.template]!;
  const contract = rows[at + ROW.contract]!;
  if (system !== ABSENT) {
    addValue(day, VALUES.system, system);
    mark(day, DISTINCT.system, system);
  }
  if (template !== ABSENT) {
    addValue(day, VALUES.template, template);
    mark(day, DISTINCT.template, template);
  }
  if (contract !== ABSENT) addValue(day, VALUES.contract, contract);
  const language = rows[at + ROW.language]!;
  if (language !== ABSENT) addValue(day, VALUES.language, language);
  const task = rows[at + ROW.task]!;
  if (task !== ABSENT) day.bins[HISTOGRAM.tasks.at + task]!++;
  const topic = rows[at + ROW.topic]!;
  if (topic !== ABSENT) day.bins[HISTOGRAM.topics.at + topic]!++;
  const flags = rows[at + ROW.flags]!;
  if (flags !== 0) foldFlags(day, flags);
  const { sample } = day;
  if (sample.length === SAMPLE_SIZE && sample[SAMPLE_SIZE - 1]!.rank <= rank) return;
  const told = rows[at + ROW.sketched] === 1 && rows[at + ROW.input]! >= SHORT_PROMPT;
  const sketch = told ? sketchOf(rows, at) : undefined;
  addSample(day, {
    rank,
    sketch,
    system: Math.max(0, system),
    template: Math.max(0, template),
    contract: Math.max(0, contract),
  });
}

/** Sketches of prompts under this many input tokens say nothing. */
const SHORT_PROMPT = 64;

function foldFlags(day: AccountDay, flags: number): void {
  for (let flag = 0; flag < FLAGS.length; flag++) {
    if (flags & (1 << flag)) day.counters[COUNTER.flags + flag]!++;
  }
  day.counters[COUNTER.anyFlag]!++;
}

/** `hash`: a whole number below 2^53, of which the lowest 32 bits are taken. */
function mark(day: AccountDay, { at, registers }: Registers, hash: number): void {
  const low = hash | 0;
  const register = at + (low & (registers - 1));
  // The register's index takes 6 bits at most; the rank of the first one bit is read from the 26 bits above them.
  const rank = Math.clz32(low >>> 6) - 5;
  if (rank > day.registers[register]!) day.registers[register] = rank;
}
