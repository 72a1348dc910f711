/** Exchanges as the stream gives them to the function: by lane and window. */

import { simulateWorld } from '../../cli/simulate/world.ts';
import { namedWorld } from '../../cli/simulate/worlds.ts';
import { hashText, lanes } from '../../core/aggregates/hash.ts';
import { TASKS } from '../../core/records/format.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { DAY_MS, isoTime, timeMs } from '../../core/records/time.ts';
import { randomFrom } from '../lib/usage-lines.ts';

/** Four shards, two batches at a time of each. */
export const LANES = 8;
export const WINDOW_MS = 10_000;
/** Records of a batch: as many as a lane gets in a window at a million exchanges a day. */
export const BATCH = Math.round((1e6 / LANES) * (WINDOW_MS / DAY_MS));
/** As the event source's. */
const LARGEST = 1000;
const DAY = 20_600;

export interface Arrivals {
  name: string;
  batches: UsageRecord[][];
  exchanges: number;
}

/** `accounts` with `perDay` exchanges each, at any time of the day alike, which is the dearest: few come together. */
export function spread(perDay: number, accounts: number): Arrivals {
  const random = randomFrom(perDay);
  const records: UsageRecord[] = [];
  for (let account = 0; account < accounts; account++) {
    for (let i = 0; i < perDay; i++) records.push(exchange(account, `${account}_${i}`, random));
  }
  return arrivals(perDay.toLocaleString('en'), records);
}

/** The world of `npm start`. */
export function demo(): Arrivals {
  const records: UsageRecord[] = [];
  for (const record of simulateWorld(namedWorld('demo', 'demo'))) if (record.type === 'usage') records.push(record);
  return arrivals('demo', records);
}

function arrivals(name: string, records: UsageRecord[]): Arrivals {
  const windows = new Map<string, UsageRecord[]>();
  for (const record of records) {
    hashText(record.account);
    const key = `${String(Math.floor(timeMs(record.time) / WINDOW_MS)).padStart(12, '0')} ${lanes.low % LANES}`;
    const held = windows.get(key) ?? [];
    windows.set(key, held);
    held.push(record);
  }
  const batches = [...windows].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, held]) => cut(held));
  return { name, batches, exchanges: records.length };
}

function cut(records: UsageRecord[]): UsageRecord[][] {
  const parts: UsageRecord[][] = [];
  for (let at = 0; at < records.length; at += LARGEST) parts.push(records.slice(at, at + LARGEST));
  return parts;
}

/** A person with a few networks and clients, some prompts of their own and sessions of about five exchanges. */
function exchange(account: number, id: string, random: () => number): UsageRecord {
  const whole = (below: number) => Math.floor(random() * below);
  const print = (kind: string, of: number) => `${kind}${(0x100000000000 + account * 4096 + of).toString(16)}`;
  return {
    type: 'usage',
    id: `req_01HZX4${id}`,
    time: isoTime(DAY * DAY_MS + whole(DAY_MS)),
    account: `k_${account.toString(16).padStart(8, '0')}`,
    model: whole(5) === 0 ? 'haiku-5' : 'opus-5',
    tokens: { input: 200 + whole(8000), output: whole(3000), reasoning: whole(900), cacheRead: whole(2) * 1024 },
    latencyMs: whole(60_000),
    params: { maxTokens: 4096, temperature: 1, tools: whole(3), stream: true },
    network: { ip: print('a', whole(3)), subnet: print('b', whole(2)), asn: 64_512 + whole(2), kind: 'residential' },
    client: { tls: print('c', 0), agent: print('d', whole(2)) },
    session: print('e', whole(200)),
    prompt: {
      system: print('f', whole(3)),
      template: print('9', whole(20)),
      sketch: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA',
      contract: print('8', whole(3)),
      topic: whole(12),
      task: TASKS[whole(5)]!,
      language: 'en',
    },
    custody: { minted: [print('7', whole(4096))] },
  };
}
