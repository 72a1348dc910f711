/** The stores of a run on one machine: the same rules as in the cloud, in memory. Also the fakes of the tests. */
import { type AccountFacts, factsOf, mergeFacts, NO_FACTS } from '../../core/aggregates/account-facts.ts';
import { applyBatch, type StoredDay } from '../../core/aggregates/stored-day.ts';
import { NO_MEMORY, type SweepMemory } from '../../core/campaigns/tracked.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type {
  AccountDayBatch,
  AccountHistory,
  AggregateStore,
  DayRange,
  FindingStore,
  FoldOutcome,
} from '../../core/ports.ts';
import type { AccountRecord, ReleaseRecord } from '../../core/records/schema.ts';
import { timeMs } from '../../core/records/time.ts';

interface HeldDay {
  stored: StoredDay;
  files: Uint8Array[];
  version: number;
}

interface StoredAccount {
  facts: AccountFacts;
  days: Map<number, HeldDay>;
}

export class MemoryAggregates implements AggregateStore {
  private readonly accounts = new Map<string, StoredAccount>();
  private readonly released = new Map<string, ReleaseRecord>();

  async foldUsage(batch: AccountDayBatch): Promise<FoldOutcome> {
    const { days } = this.at(batch.account);
    const held = days.get(batch.day);
    const { next, file, outcome } = applyBatch(held?.stored, batch, held);
    if (next === undefined) return outcome;
    const files = held?.files ?? [];
    if (file) files[file.index] = file.ids;
    days.set(batch.day, { stored: next, files, version: (held?.version ?? 0) + 1 });
    return outcome;
  }

  async recordAccount(record: AccountRecord): Promise<void> {
    const stored = this.at(record.account);
    stored.facts = mergeFacts(stored.facts, factsOf(record));
  }

  async recordRelease({ type, time, model }: ReleaseRecord): Promise<void> {
    this.released.set(`${time}#${model}`, { type, time, model });
  }

  /** In time order. */
  async releases(): Promise<ReleaseRecord[]> {
    return [...this.released].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, release]) => release);
  }

  async accountDay(account: string, day: number): Promise<Uint8Array | undefined> {
    return this.accounts.get(account)?.days.get(day)?.stored.packed;
  }

  async *readSegment(segment: number, segments: number, { from, until }: DayRange): AsyncGenerator<AccountHistory> {
    for (const [account, { facts, days }] of this.accounts) {
      if (partOf(account, segments) !== segment) continue;
      const kept = [...days].filter(([day]) => day >= from && day < until).sort(([a], [b]) => a - b);
      if (kept.length === 0 && facts === NO_FACTS) continue;
      yield { account, facts, days: kept.map(([day, { stored }]) => ({ day, packed: stored.packed })) };
    }
  }

  /** Forgets account-days before `day`, and accounts of which nothing is left. */
  expire(day: number): void {
    for (const [account, { facts, days }] of this.accounts) {
      for (const held of days.keys()) if (held < day) days.delete(held);
      if (days.size === 0 && facts === NO_FACTS) this.accounts.delete(account);
    }
  }

  private at(account: string): StoredAccount {
    let stored = this.accounts.get(account);
    if (stored === undefined) {
      stored = { facts: NO_FACTS, days: new Map() };
      this.accounts.set(account, stored);
    }
    return stored;
  }
}

/** FNV-1a (Fowler, Noll, Vo, 1991), 32 bits, over UTF-16 units. */
function partOf(account: string, parts: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < account.length; i++) hash = Math.imul(hash ^ account.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % parts;
}

export class StaleSaveError extends Error {
  override name = 'StaleSweepError';
}

export class MemoryFindings implements FindingStore {
  private at: string | undefined;
  private memory = JSON.stringify(NO_MEMORY);

  async load(): Promise<SweepMemory> {
    return JSON.parse(this.memory) as SweepMemory;
  }

  /** Kept as JSON, so that a caller who goes on changing what it saved changes nothing here. */
  async save(at: string, memory: SweepMemory, _transitions: Transition[]): Promise<void> {
    if (this.at !== undefined && timeMs(at) < timeMs(this.at)) {
      throw new StaleSaveError(
        `the sweep of ${at} is older than the one of ${this.at} that is saved; nothing was changed`,
      );
    }
    if (this.at !== undefined && timeMs(at) === timeMs(this.at)) return;
    this.at = at;
    this.memory = JSON.stringify(memory);
  }
}
