/** The recount: every distinct exchange that was sent, folded once, against what the store holds at the end. */
import { AccountDay, COUNTER } from '../../core/aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../../core/aggregates/account-day-codec.ts';
import { foldUsage } from '../../core/aggregates/fold.ts';
import { hashPair } from '../../core/aggregates/hash.ts';
import { COUNTER_NAMES } from '../../core/audit/figures.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { DAY_MS, timeMs } from '../../core/records/time.ts';

export interface StoredDayOf {
  account: string;
  day: number;
  packed: Uint8Array;
}

export interface CounterDrift {
  name: string;
  sent: number;
  stored: number;
  /** Sum over account-days of the absolute difference. */
  drift: number;
}

export interface Drift {
  accountDays: number;
  /** Sent but not stored, and stored but never sent. */
  missing: number;
  strange: number;
  /** Whose stored bytes, with all histograms, sketches and samples, are not those of the recount. */
  unequal: number;
  counters: CounterDrift[];
}

/** Sums without the code under test. */
interface Plain {
  exchanges: number;
  input: number;
  output: number;
}

export class Recount {
  private readonly days = new Map<string, { day: number; fold: AccountDay; plain: Plain }>();

  add(record: UsageRecord): void {
    const ms = timeMs(record.time);
    const day = Math.floor(Date.parse(record.time) / DAY_MS);
    const key = keyOf(record.account, day);
    let held = this.days.get(key);
    if (held === undefined) {
      held = { day, fold: new AccountDay(), plain: { exchanges: 0, input: 0, output: 0 } };
      this.days.set(key, held);
    }
    foldUsage(held.fold, record, ms, hashPair(record.account, record.id));
    held.plain.exchanges++;
    held.plain.input += record.tokens.input;
    held.plain.output += record.tokens.output;
  }

  async compare(stored: AsyncIterable<StoredDayOf>): Promise<Drift> {
    const counters = [...COUNTER_NAMES, ...PLAIN].map((name) => ({ name, sent: 0, stored: 0, drift: 0 }));
    const drift: Drift = { accountDays: this.days.size, missing: 0, strange: 0, unequal: 0, counters };
    const left = new Set(this.days.keys());
    for await (const { account, day, packed } of stored) {
      const key = keyOf(account, day);
      const held = this.days.get(key);
      if (!left.delete(key) || held === undefined) {
        drift.strange++;
        continue;
      }
      addDrift(counters, valuesOf(held.fold, held.plain), valuesOf(unpackAccountDay(packed, day)));
      if (Buffer.compare(packAccountDay(held.fold, held.day), packed) !== 0) drift.unequal++;
    }
    for (const key of left) {
      const { fold, plain } = this.days.get(key)!;
      drift.missing++;
      addDrift(counters, valuesOf(fold, plain), new Array<number>(counters.length).fill(0));
    }
    return drift;
  }
}

export function isDrift({ missing, strange, unequal, counters }: Drift): boolean {
  return missing + strange + unequal > 0 || counters.some(({ drift }) => drift > 0);
}

function addDrift(counters: CounterDrift[], sent: number[], stored: number[]): void {
  counters.forEach((counter, i) => {
    counter.sent += sent[i]!;
    counter.stored += stored[i]!;
    counter.drift += Math.abs(sent[i]! - stored[i]!);
  });
}

const PLAIN = ['plain exchanges', 'plain inputTokens', 'plain outputTokens'];

/** The counters of a day, and three of them once more as `plain` has them. */
function valuesOf({ counters }: AccountDay, plain?: Plain): number[] {
  const { exchanges, input, output } = plain ?? {
    exchanges: counters[COUNTER.exchanges]!,
    input: counters[COUNTER.inputTokens]!,
    output: counters[COUNTER.outputTokens]!,
  };
  return [...counters, exchanges, input, output];
}

function keyOf(account: string, day: number): string {
  return `${account} ${day}`;
}
