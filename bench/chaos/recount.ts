/** The recount: every distinct exchange that was sent, folded once and counted plainly, against what the store holds at the end. */
import { AccountDay } from '../../core/aggregates/account-day.ts';
import { packAccountDay, unpackAccountDay } from '../../core/aggregates/account-day-codec.ts';
import { foldUsage } from '../../core/aggregates/fold.ts';
import { hashPair } from '../../core/aggregates/hash.ts';
import { COUNTER_NAMES, figuresOf } from '../../core/audit/figures.ts';
import { PLAIN_FIGURES, PlainDay, plainOf } from '../../core/audit/plain.ts';
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

export class Recount {
  private readonly days = new Map<string, { day: number; fold: AccountDay; plain: PlainDay }>();

  add(record: UsageRecord): void {
    const ms = timeMs(record.time);
    const day = Math.floor(Date.parse(record.time) / DAY_MS);
    const key = keyOf(record.account, day);
    let held = this.days.get(key);
    if (held === undefined) {
      held = { day, fold: new AccountDay(), plain: new PlainDay() };
      this.days.set(key, held);
    }
    foldUsage(held.fold, record, ms, hashPair(record.account, record.id));
    held.plain.add(record);
  }

  async compare(stored: AsyncIterable<StoredDayOf>): Promise<Drift> {
    const counters = [...COUNTER_NAMES, ...PLAIN_NAMES].map((name) => ({ name, sent: 0, stored: 0, drift: 0 }));
    const drift: Drift = { accountDays: this.days.size, missing: 0, strange: 0, unequal: 0, counters };
    const left = new Set(this.days.keys());
    for await (const { account, day, packed } of stored) {
      const key = keyOf(account, day);
      const held = this.days.get(key);
      if (!left.delete(key) || held === undefined) {
        drift.strange++;
        continue;
      }
      const stored = unpackAccountDay(packed, day);
      addDrift(counters, [held.fold.counters, held.plain.values], [stored.counters, plainOf(figuresOf(stored))]);
      if (Buffer.compare(packAccountDay(held.fold, held.day), packed) !== 0) drift.unequal++;
    }
    for (const key of left) {
      const { fold, plain } = this.days.get(key)!;
      drift.missing++;
      addDrift(counters, [fold.counters, plain.values], [new Float64Array(COUNTER_NAMES.length), NOTHING]);
    }
    return drift;
  }
}

export function isDrift({ missing, strange, unequal, counters }: Drift): boolean {
  return missing + strange + unequal > 0 || counters.some(({ drift }) => drift > 0);
}

/** Figures with a number, an hour say, are one line of the report. */
const GROUP_OF = PLAIN_FIGURES.map((name) => `plain ${name.replace(/\.\d+$/, '')}`);
const PLAIN_NAMES = [...new Set(GROUP_OF)];
const PLAIN_AT = GROUP_OF.map((name) => COUNTER_NAMES.length + PLAIN_NAMES.indexOf(name));
const NOTHING = new Float64Array(PLAIN_FIGURES.length);

/** Counters of the fold by their place, and what was counted plainly by its group. */
type Counted = readonly [Float64Array, Float64Array];

function addDrift(counters: CounterDrift[], [sent, plainSent]: Counted, [stored, plainStored]: Counted): void {
  const add = (at: number, a: number, b: number) => {
    const counter = counters[at]!;
    counter.sent += a;
    counter.stored += b;
    counter.drift += Math.abs(a - b);
  };
  for (const [i, value] of sent.entries()) add(i, value, stored[i]!);
  for (const [i, value] of plainSent.entries()) add(PLAIN_AT[i]!, value, plainStored[i]!);
}

function keyOf(account: string, day: number): string {
  return `${account} ${day}`;
}
