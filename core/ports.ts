/** What the core asks of the world, and nothing more. Each port has one contract suite that every adapter passes. */
import type { AccountFacts } from './aggregates/account-facts.ts';
import type { SweepMemory } from './campaigns/tracked.ts';
import type { Transition } from './findings/transition.ts';
import type { AccountRecord, ReleaseRecord, UsageRecord } from './records/schema.ts';

/** Usage of one account on one UTC day, as one shard of the stream, or the queue, delivered it. */
export interface AccountDayBatch {
  account: string;
  /** Days since 1970-01-01 UTC. */
  day: number;
  shard: string;
  /** In stream order. `sequence` is a decimal string that only grows within a shard (Kinesis: up to 56 digits). */
  entries: UsageEntry[];
}

/** A record, or where the row is that was made of it already. */
export type UsageEntry = { sequence: string } & ({ record: UsageRecord } | { rows: Float64Array; at: number });

export interface FoldOutcome {
  /** Exchanges that are new to the aggregate. */
  folded: number;
  /** Exchanges that the aggregate already holds: by id, or past the ids it remembers by stream position. */
  duplicates: number;
  /** How many of the batch were expected to be taken for repeats though they are new; absent while ids are exact. */
  mistaken?: number;
}

/** Days since 1970, without `until`. */
export interface DayRange {
  from: number;
  until: number;
}

/** One account as a sweep reads it. */
export interface AccountHistory {
  account: string;
  facts: AccountFacts;
  /** Packed account-days, oldest first. */
  days: { day: number; packed: Uint8Array }[];
}

export interface AggregateStore {
  /** Applies a batch once, however often it is delivered. Throws when the outcome is unknown. */
  foldUsage(batch: AccountDayBatch): Promise<FoldOutcome>;
  /** Overwrites field by field; an older record never overwrites a newer one. */
  recordAccount(record: AccountRecord): Promise<void>;
  recordRelease(record: ReleaseRecord): Promise<void>;
  releases(): Promise<ReleaseRecord[]>;
  /** One packed account-day as it stands now; undefined where nothing is stored. */
  accountDay(account: string, day: number): Promise<Uint8Array | undefined>;
  /** Every account belongs to exactly one of `segments` segments; other days are left out. */
  readSegment(segment: number, segments: number, days: DayRange): AsyncIterable<AccountHistory>;
}

export interface FindingStore {
  /** Empty before the first sweep. */
  load(): Promise<SweepMemory>;
  /**
   * Saves the outcome of the sweep at `at` (RFC 3339). Saving the same sweep again changes nothing; a sweep older
   * than the last one saved is refused.
   */
  save(at: string, memory: SweepMemory, transitions: Transition[]): Promise<void>;
}

/** Tells the transitions of a sweep. Delivery is at least once; receivers drop repeats by message id. */
export interface Announcer {
  announce(transitions: Transition[]): Promise<void>;
}
