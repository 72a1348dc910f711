/** What the producers send: records in the order of their arrival, the same for the same seed, one at a time. */
import { STATUSES, TASKS } from '../../core/records/format.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { DAY_MS, HOUR_MS, isoTime } from '../../core/records/time.ts';
import { randomFrom } from '../lib/usage-lines.ts';
import { type Garbage, garbage } from './garbage.ts';

export interface WorldOptions {
  records: number;
  accounts: number;
  seed: number;
  /** End of the traffic, ms; it begins three days before. */
  now: number;
}

/** `repeat`: an exchange that was sent before, with the same id. */
export type Arrival =
  | { kind: 'exchange' | 'repeat'; key: string; record: UsageRecord; payload: string }
  | ({ kind: 'garbage'; key: string } & Garbage);

const SPAN_MS = 3 * DAY_MS;
const REPEATS = 0.01;
const GARBAGE = 0.001;
/** A few accounts are as busy as thousands of others, so that their days outgrow an item. */
const BUSY_SHARE = 0.05;
const BUSY_ACCOUNTS = 5;
/** Arrivals among which a repeated exchange is found. */
const REACH = 50_000;

export class World {
  private readonly options: WorldOptions;

  constructor(options: WorldOptions) {
    this.options = options;
  }

  arrival(at: number): Arrival {
    const { seed, now } = this.options;
    const random = this.randomOf(at);
    const fate = random();
    if (fate < GARBAGE) {
      const time = isoTime(this.timeOf(at, random));
      return { kind: 'garbage', key: `g${at}`, ...garbage(Math.floor(random() * 2 ** 31), time, now) };
    }
    const original = fate < GARBAGE + REPEATS ? this.earlier(at, random) : undefined;
    const record = this.exchange(original ?? at, randomFrom(seed ^ Math.imul((original ?? at) + 1, 0x9e3779b1)));
    const kind = original === undefined ? 'exchange' : 'repeat';
    return { kind, key: record.account, record, payload: JSON.stringify(record) };
  }

  get length(): number {
    return this.options.records;
  }

  private randomOf(at: number): () => number {
    return randomFrom(Math.imul(at + 1, 0x85ebca6b) ^ this.options.seed);
  }

  /** Arrivals are in order but for up to an hour. */
  private timeOf(at: number, random: () => number): number {
    const { records, now } = this.options;
    return Math.floor(now - SPAN_MS + (at / records) * SPAN_MS - random() * HOUR_MS);
  }

  /** An exchange that was sent before, or none where the one that was picked is none itself. */
  private earlier(at: number, random: () => number): number | undefined {
    if (at === 0) return undefined;
    const picked = at - 1 - Math.floor(random() * Math.min(at, REACH));
    return this.randomOf(picked)() < GARBAGE + REPEATS ? undefined : picked;
  }

  private exchange(at: number, random: () => number): UsageRecord {
    const whole = (below: number) => Math.floor(random() * below);
    const print = (of: number) => `f${(0x1000000000000 + of).toString(16)}`;
    const busy = random() < BUSY_SHARE;
    const account = busy ? whole(BUSY_ACCOUNTS) : whole(this.options.accounts);
    return {
      type: 'usage',
      id: `req_${at}`,
      time: isoTime(this.timeOf(at, random)),
      account: `k_${account.toString(16).padStart(8, '0')}`,
      model: whole(8) === 0 ? 'haiku-5' : 'opus-5',
      tokens: { input: whole(30_000), output: whole(4000), reasoning: whole(900), cacheRead: whole(2) * 5120 },
      status: random() < 0.95 ? 'ok' : STATUSES[whole(STATUSES.length)]!,
      latencyMs: whole(60_000),
      params: { maxTokens: 4096, temperature: 1, tools: whole(4), stream: random() < 0.5 },
      network: { ip: print(account * 8 + whole(3)), asn: 64_512 + whole(9), kind: 'residential' },
      client: { tls: print(whole(40)), agent: print(whole(60)) },
      session: print(account * 64 + whole(20)),
      prompt: {
        system: print(whole(200)),
        template: print(whole(2000)),
        sketch: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA',
        topic: whole(64),
        task: TASKS[whole(TASKS.length)]!,
        language: 'en',
        flags: random() < 0.2 ? ['cot_elicitation', 'format_forced'] : [],
      },
      custody: { minted: [print(2 ** 40 + at)], presented: random() < 0.3 ? [print(2 ** 40 + whole(at + 1))] : [] },
    };
  }
}
