/**
 * An account-day counted plainly: sums and tallies straight from its records, with no code of the fold, the codec or the
 * stores. What these hold in common with the fold is the record alone, so that a fault of the fold itself shows. Sketches,
 * hashed values and samples cannot be counted plainly; of each kind of value it counts the exchanges that have one.
 */
import { FLAGS, NETWORK_KINDS, TASKS } from '../records/format.ts';
import type { UsageRecord } from '../records/schema.ts';
import type { Figures } from './figures.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SLOT_MS = 300_000;

/** Names of `Figures`, and of each kind of value how many exchanges have one. */
const VALUES = ['ip', 'subnet', 'asn', 'client', 'system', 'template', 'contract', 'model', 'language', 'params'];
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}.${i}`);
export const PLAIN_FIGURES: readonly string[] = [
  ...['exchanges', 'error', 'throttled', 'refused', 'blocked', 'inputTokens', 'outputTokens', 'reasoningTokens'],
  ...['cacheReadTokens', 'latency', 'stream', 'tools', 'anyFlag', 'minted', 'presented', 'first', 'last'],
  ...FLAGS.map((flag) => `flag ${flag}`),
  ...NETWORK_KINDS.map((kind) => `network ${kind}`),
  ...[...numbered('hours', 24), ...numbered('tasks', TASKS.length), ...numbered('topics', 64), ...numbered('grid', 64)],
  ...[...numbered('slots', 9), ...numbered('throttledSlots', 9)],
  ...VALUES.map(exchangesWith),
];
const AT = new Map(PLAIN_FIGURES.map((name, i) => [name, i]));

/** Sums stop where doubles no longer hold every whole number. */
const MOST = Number.MAX_SAFE_INTEGER;

export class PlainDay {
  /** In the order of `PLAIN_FIGURES`. */
  readonly values = new Float64Array(PLAIN_FIGURES.length);

  /** Of one account and day, each exchange once. */
  add(record: UsageRecord): void {
    const ms = Date.parse(record.time);
    const { status, tokens, latencyMs = 0, params, network, client, prompt, custody } = record;
    this.count('exchanges');
    if (status !== undefined && status !== 'ok') this.count(status);
    this.count('inputTokens', tokens.input);
    this.count('outputTokens', tokens.output);
    this.count('reasoningTokens', tokens.reasoning ?? 0);
    this.count('cacheReadTokens', tokens.cacheRead ?? 0);
    this.count('latency', Math.round(latencyMs));
    if (params?.stream === true) this.count('stream');
    if ((params?.tools ?? 0) > 0) this.count('tools');
    this.count('minted', custody?.minted?.length ?? 0);
    this.count('presented', custody?.presented?.length ?? 0);
    for (const flag of new Set(prompt?.flags)) this.count(`flag ${flag}`);
    if ((prompt?.flags?.length ?? 0) > 0) this.count('anyFlag');
    if (network?.kind !== undefined) this.count(`network ${network.kind}`);
    if (prompt?.task !== undefined) this.count(`tasks.${TASKS.indexOf(prompt.task)}`);
    if (prompt?.topic !== undefined) this.count(`topics.${prompt.topic}`);
    this.count(`grid.${8 * column(tokens.input, 64) + column(tokens.output, 16)}`);
    const has = { ...network, ...prompt, params, model: record.model, client: client?.tls ?? client?.agent };
    for (const kind of VALUES) if (has[kind as keyof typeof has] !== undefined) this.count(exchangesWith(kind));
    this.place(ms, status === 'throttled');
  }

  private place(ms: number, throttled: boolean): void {
    const inDay = ((ms % DAY_MS) + DAY_MS) % DAY_MS;
    this.count(`hours.${Math.floor(inDay / HOUR_MS)}`);
    const slot = Math.floor(inDay / SLOT_MS);
    for (const name of throttled ? ['slots', 'throttledSlots'] : ['slots']) {
      const at = AT.get(`${name}.${slot >>> 5}`)!;
      this.values[at] = (this.values[at]! | (1 << (slot & 31))) >>> 0;
    }
    const [first, last] = [AT.get('first')!, AT.get('last')!];
    this.values[first] = this.values[AT.get('exchanges')!] === 1 ? ms : Math.min(this.values[first]!, ms);
    this.values[last] = Math.max(this.values[last]!, ms);
  }

  private count(name: string, more = 1): void {
    const at = AT.get(name)!;
    this.values[at] = Math.min(this.values[at]! + more, MOST);
  }
}

/** What an account-day, figure by figure, says of the same; in the order of `PLAIN_FIGURES`. */
export function plainOf(figures: Figures): Float64Array {
  const values = Float64Array.from(PLAIN_FIGURES, (name) => figures.get(name) ?? 0);
  for (const [name, value] of figures) {
    const at = AT.get(exchangesWith(name.slice(0, name.indexOf('.'))));
    if (at !== undefined) values[at]! += value;
  }
  return values;
}

/** Steps of four: below `first`, below four times that, and so on; the eighth has no end. */
function column(value: number, first: number): number {
  let step = 0;
  while (step < 7 && value >= first * 4 ** step) step++;
  return step;
}

function exchangesWith(kind: string): string {
  return `exchanges with ${kind}`;
}
