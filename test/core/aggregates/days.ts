/** Exchanges and account-days for the laws of the aggregate: values from small pools, so that they repeat and overflow. */
import fc from 'fast-check';
import {
  AccountDay,
  addSample,
  addValue,
  COUNTER,
  COUNTERS,
  DISTINCT,
  HISTOGRAM,
  markThrottled,
  mergeInto,
  REGISTERS,
  SAMPLE_SIZE,
  SIGHTINGS,
  SLOT_WORDS,
  VALUE_LISTS,
} from '../../../core/aggregates/account-day.ts';
import { foldUsage } from '../../../core/aggregates/fold.ts';
import { hashPair } from '../../../core/aggregates/hash.ts';
import { addSighting } from '../../../core/aggregates/sightings.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { timeMs } from '../../../core/records/time.ts';
import { usageRecord } from '../../support/records.ts';

export const DAY = 20_565;
export const DAY_MS = 86_400_000;
export const ACCOUNT = 'k_88dc28d0';

/** An exchange on day `DAY` whose network and prompt values come from pools of `pool` values each. */
export function exchange(pool = 9): fc.Arbitrary<UsageRecord> {
  const named = (kind: string) =>
    fc.option(fc.nat(pool - 1), { nil: undefined }).map((i) => i?.toString(16).padStart(16, kind));
  const fingerprints = fc.array(
    fc.nat(4 * pool).map((i) => i.toString(16).padStart(16, '7')),
    { maxLength: 8 },
  );
  const pooled = fc.record({
    ms: fc.nat(DAY_MS - 1),
    id: fc.uuid(),
    model: fc.nat(pool - 1).map((i) => `model-${i}`),
    ip: named('1'),
    subnet: named('2'),
    asn: fc.nat(pool),
    agent: named('3'),
    system: named('4'),
    template: named('5'),
    contract: named('6'),
    minted: fingerprints,
    presented: fingerprints,
    language: fc.constantFrom('en', 'de', 'zh', 'fr', 'ja', 'ko', 'fil', 'pt', 'ar'),
  });
  return fc.tuple(usageRecord({ account: ACCOUNT }), pooled).map(([record, p]) => ({
    ...record,
    id: p.id,
    time: new Date(DAY * DAY_MS + p.ms).toISOString(),
    model: p.model,
    network: { ...record.network, ip: p.ip, subnet: p.subnet, asn: p.asn },
    client: { agent: p.agent },
    custody: { minted: p.minted, presented: p.presented },
    prompt: { ...record.prompt, system: p.system, template: p.template, contract: p.contract, language: p.language },
  }));
}

export function fold(records: readonly UsageRecord[], into = new AccountDay()): AccountDay {
  for (const record of records) foldUsage(into, record, timeMs(record.time), hashPair(record.account, record.id));
  return into;
}

export function mergeAll(days: readonly AccountDay[]): AccountDay {
  return days.reduce(mergeInto, new AccountDay());
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Splits `total` over `bins` at random, some left empty. */
function split(total: number, bins: number, next: () => number): number[] {
  const weights = Array.from({ length: bins }, () => (next() < 0.2 ? 0 : next() ** 3));
  const sum = weights.reduce((a, b) => a + b, 0) || 1;
  const counts = weights.map((weight) => Math.floor((total * weight) / sum));
  counts[0]! += total - counts.reduce((a, b) => a + b, 0);
  return counts;
}

/** A day of `exchanges` with every part filled at random, without folding that many records. */
export function randomDay(exchanges: number, seed: number): AccountDay {
  const next = numbers(seed);
  const day = new AccountDay();
  for (let i = 0; i < COUNTERS; i++) day.counters[i] = Math.floor(next() * exchanges);
  day.counters[COUNTER.exchanges] = exchanges;
  day.counters[COUNTER.inputTokens] = Math.floor(next() * exchanges * 4000);
  for (const { at, bins } of Object.values(HISTOGRAM)) day.bins.set(split(exchanges, bins, next), at);
  for (let i = 0; i < SLOT_WORDS; i++) day.slots[i] = (next() * 2 ** 32) >>> 0;
  for (let i = 0; i < SLOT_WORDS; i++) markThrottled(day, i, day.slots[i]! & ((next() * 2 ** 32) >>> 0) & 0x1111);
  for (let i = 0; i < REGISTERS; i++) day.registers[i] = next() < 0.3 ? 0 : 1 + Math.floor(next() * 26);
  for (const list of VALUE_LISTS) {
    split(exchanges, 12, next).forEach((count, key) => {
      if (count > 0) addValue(day, list, key * 5 + 1, count);
    });
  }
  for (let i = 0; i < Math.min(exchanges, 12); i++) addSample(day, randomSample(next));
  for (const list of [day.minted, day.presented]) {
    for (let i = 0; i < Math.min(exchanges, 12); i++) {
      addSighting(list, Math.floor(next() * 40) * 2 ** 42, DAY * DAY_MS + Math.floor(next() * DAY_MS), SIGHTINGS);
    }
  }
  day.first = DAY * DAY_MS + Math.floor(next() * 1000);
  day.last = day.first + Math.floor(next() * (DAY_MS - 1000));
  return day;
}

function randomSample(next: () => number): Parameters<typeof addSample>[1] {
  const value = () => (next() < 0.2 ? 0 : Math.floor(next() * 12) * 5 + 1);
  const sketch = next() < 0.2 ? undefined : Uint8Array.from({ length: 32 }, () => next() * 256);
  return { rank: Math.floor(next() * 2 ** 48), sketch, system: value(), template: value(), contract: value() };
}

/** The least count that takes one digit more than `length` digits: of varints, and of bins in digits of four bits. */
const LONGER_VARINT = (length: number) => 128 ** length;
const LONGER_BIN = (length: number) => (length === 0 ? 1 : 8 ** length + 1);

/** Counts that sum to at most `total` and take the most room: every one at the cheapest next length. */
export function longestCounts(total: number, many: number, longer = LONGER_VARINT, most = 2 ** 53): number[] {
  const counts = new Array<number>(many).fill(0);
  let left = total;
  for (let length = 0; longer(length) <= most; length++) {
    for (let i = 0; i < many; i++) {
      const more = longer(length) - counts[i]!;
      if (more > left) continue;
      counts[i] = longer(length);
      left -= more;
    }
  }
  return counts;
}

/** The day of `exchanges` that is hardest to store; `evenGrid` puts the token grid where folding cannot shrink it. */
export function largestDay(exchanges: number, evenGrid: boolean): AccountDay {
  const day = new AccountDay();
  fillCounters(day, exchanges);
  for (const { at, bins } of Object.values(HISTOGRAM)) {
    const places = bins === 64 && at === HISTOGRAM.grid.at && evenGrid ? EVEN_CELLS : [...Array(bins).keys()];
    const counts = longestCounts(exchanges, places.length, LONGER_BIN, 4_294_967_295);
    places.forEach((place, i) => {
      day.bins[at + place] = counts[i]!;
    });
  }
  day.slots.fill(0xffffffff);
  for (let i = 0; i < SLOT_WORDS; i++) markThrottled(day, i, 0xffffffff);
  for (const { at, registers } of Object.values(DISTINCT)) day.registers.fill(27, at, at + registers);
  fillValues(day, exchanges);
  for (let i = 1; i <= SAMPLE_SIZE; i++) {
    addSample(day, { rank: i, sketch: new Uint8Array(32).fill(255), system: i, template: i, contract: i });
  }
  for (const list of [day.minted, day.presented]) {
    for (let i = 1; i <= SIGHTINGS; i++) addSighting(list, i, (DAY + 1) * DAY_MS - 1, SIGHTINGS);
  }
  // Both offsets of four varint bytes: the first at 2^21 ms, the last at the end of the day.
  day.first = DAY * DAY_MS + 2 ** 21;
  day.last = (DAY + 1) * DAY_MS - 1;
  return day;
}

const EVEN_CELLS = Array.from({ length: 16 }, (_, i) => 16 * (i >> 2) + 2 * (i & 3));

function fillCounters(day: AccountDay, exchanges: number): void {
  day.counters.fill(exchanges);
  longestCounts(exchanges, 4).forEach((count, i) => {
    day.counters[COUNTER.error + i] = count;
    day.counters[COUNTER.networks + i] = count;
  });
  for (const sum of ['inputTokens', 'outputTokens', 'reasoningTokens', 'cacheReadTokens', 'latency'] as const) {
    day.counters[COUNTER[sum]] = Number.MAX_SAFE_INTEGER;
  }
  day.counters[COUNTER.minted] = Math.min(8 * exchanges, Number.MAX_SAFE_INTEGER);
  day.counters[COUNTER.presented] = Math.min(8 * exchanges, Number.MAX_SAFE_INTEGER);
}

/** More distinct values than any list holds, none of them one that the samples name. */
function fillValues(day: AccountDay, exchanges: number): void {
  for (const list of VALUE_LISTS) {
    longestCounts(exchanges, 7).forEach((count, i) => {
      if (count > 0) addValue(day, list, 1000 + i, count);
    });
  }
}
