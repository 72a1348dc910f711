/** Traffic of one day and more, and how the stream cuts it for the function. */

import { simulateWorld } from '../../cli/simulate/world.ts';
import { namedWorld } from '../../cli/simulate/worlds.ts';
import { TASKS } from '../../core/records/format.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { DAY_MS, isoTime, timeMs } from '../../core/records/time.ts';
import { randomFrom } from '../lib/usage-lines.ts';

const DAY = 20_600;

export interface Traffic {
  name: string;
  /** In order of time. */
  records: UsageRecord[];
}

/** `accounts` with `perDay` exchanges each, at any time of the day alike, which is the dearest: few come together. */
export function spread(perDay: number, accounts: number): Traffic {
  const random = randomFrom(perDay);
  const records: UsageRecord[] = [];
  for (let account = 0; account < accounts; account++) {
    for (let i = 0; i < perDay; i++) records.push(exchange(account, `${account}_${i}`, random));
  }
  records.sort((a, b) => timeMs(a.time) - timeMs(b.time));
  return { name: perDay.toLocaleString('en'), records };
}

/** The world of `npm start`. */
export function demo(): Traffic {
  const records: UsageRecord[] = [];
  for (const record of simulateWorld(namedWorld('demo', 'demo'))) if (record.type === 'usage') records.push(record);
  return { name: 'demo', records };
}

/**
 * What comes together: an account is in one lane, so that its exchanges of a window are in one batch whatever else is.
 */
export function windowsOf(records: readonly UsageRecord[], windowMs: number): UsageRecord[][] {
  const windows = new Map<number, UsageRecord[]>();
  for (const record of records) {
    const at = Math.floor(timeMs(record.time) / windowMs);
    const held = windows.get(at) ?? [];
    windows.set(at, held);
    held.push(record);
  }
  return [...windows.values()];
}

/** `many` batches as full as the stream makes them, each within a window that lies anywhere in the hours. */
export function batchesOf(
  records: readonly UsageRecord[],
  size: number,
  windowMs: number,
  many: number,
): UsageRecord[][] {
  const random = randomFrom(size);
  let next = 0;
  return Array.from({ length: many }, () => {
    const from = DAY * DAY_MS + Math.floor(random() * DAY_MS);
    return Array.from({ length: size }, (_, i) => {
      const record = records[next++ % records.length]!;
      return { ...record, time: isoTime(from + Math.floor((i / size) * windowMs)) };
    });
  });
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
