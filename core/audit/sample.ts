/**
 * A sample of account-days from the records of one day: those of the accounts whose hash with a seed is smallest, so
 * every account is as likely, and one reading of the records in any order is enough (bottom-k sampling: Cohen & Kaplan,
 * PODC 2007). What is held is bounded by the records of the accounts that are in the sample.
 */
import { createHash } from 'node:crypto';
import { compareSequences } from '../aggregates/stored-day.ts';
import type { Placed } from '../archive/rows.ts';
import type { UsageRecord } from '../records/schema.ts';

export type PlacedUsage = Placed<UsageRecord>;

interface Drawn {
  account: string;
  rank: string;
  /** By id: the first of its repeats in the stream, which is the one that was counted. */
  records: Map<string, PlacedUsage>;
}

export class AuditSample {
  private readonly size: number;
  private readonly seed: string;
  private readonly drawn = new Map<string, Drawn>();
  /** Accounts as large as this in rank are out for good: the sample only gets smaller ranks. */
  private bound = '~';

  /** `size` accounts at most; another `seed` takes others. */
  constructor(size: number, seed: string) {
    this.size = size;
    this.seed = seed;
  }

  add(placed: PlacedUsage): void {
    const { account, id } = placed.record;
    const held = this.drawn.get(account) ?? this.draw(account);
    if (held === undefined) return;
    const first = held.records.get(id);
    if (first === undefined || comesBefore(placed, first)) held.records.set(id, placed);
  }

  /** By account, each exchange once. */
  accounts(): { account: string; records: UsageRecord[] }[] {
    return [...this.drawn.values()]
      .sort((a, b) => (a.account < b.account ? -1 : 1))
      .map(({ account, records }) => ({ account, records: Array.from(records.values(), ({ record }) => record) }));
  }

  private draw(account: string): Drawn | undefined {
    const rank = createHash('sha256').update(`${this.seed}\0${account}`).digest('hex');
    if (rank >= this.bound) return undefined;
    const drawn: Drawn = { account, rank, records: new Map() };
    this.drawn.set(account, drawn);
    if (this.drawn.size > this.size) this.drop();
    return this.drawn.get(account);
  }

  private drop(): void {
    let largest: Drawn | undefined;
    for (const one of this.drawn.values()) if (largest === undefined || one.rank > largest.rank) largest = one;
    this.drawn.delete(largest!.account);
    this.bound = largest!.rank;
  }
}

/** Those of two shards have no order of their own; any that lasts will do. */
function comesBefore(a: PlacedUsage, b: PlacedUsage): boolean {
  if (a.shard !== b.shard) return a.shard < b.shard;
  return compareSequences(a.sequence, b.sequence) < 0;
}
