/** Lines of usage records as a gateway writes them, the same for the same seed. */

import { STATUSES, TASKS } from '../../core/records/format.ts';
import { isoTime } from '../../core/records/time.ts';

/** Uniform in [0, 1): mulberry32 (Ettinger, 2017). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` lines; nine in ten carry every group of fields, the rest lack prompt and custody. */
export function usageLines(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, at) => JSON.stringify(usage(at, random)));
}

const START = Date.UTC(2026, 3, 22);
/** Milliseconds between exchanges. */
const GAP = 135;

function usage(at: number, random: () => number): object {
  const whole = (below: number) => Math.floor(random() * below);
  const hex = () => `${word(random)}${word(random)}`;
  const rich = {
    prompt: {
      system: hex(),
      template: hex(),
      sketch: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA',
      topic: whole(64),
      task: TASKS[whole(TASKS.length)],
      language: 'en',
      flags: random() < 0.2 ? ['cot_elicitation', 'format_forced'] : [],
    },
    custody: { minted: [hex()], presented: random() < 0.5 ? [hex(), hex()] : [] },
  };
  return {
    type: 'usage',
    id: `req_${hex()}`,
    time: isoTime(START + at * GAP),
    account: `k_${word(random)}`,
    model: 'opus-5',
    tokens: { input: whole(40_000), output: whole(4000), reasoning: whole(900), cacheRead: whole(2) * 5120 },
    provider: 'anthropic',
    operation: 'chat',
    status: random() < 0.95 ? 'ok' : STATUSES[whole(STATUSES.length)],
    finish: 'stop',
    latencyMs: whole(60_000),
    params: { maxTokens: 4096, temperature: 1, tools: whole(4), stream: random() < 0.5 },
    network: { ip: hex(), subnet: hex(), asn: whole(65_536), kind: 'residential' },
    client: { tls: hex(), agent: hex() },
    session: hex(),
    ...(random() < 0.9 ? rich : {}),
  };
}

function word(random: () => number): string {
  return Math.floor(random() * 4_294_967_296)
    .toString(16)
    .padStart(8, '0');
}
