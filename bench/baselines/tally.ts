/** What the simple rules look at: counts per account and day, and who used which shared value first on which day. */
import type { UsageRecord } from '../../core/records/schema.ts';

/** Fields of which a value may be shared. */
export const SHARED = ['ip', 'subnet', 'template', 'system'] as const;
export type Shared = (typeof SHARED)[number];

export interface Sighting {
  day: number;
  value: string;
  account: string;
}

export class Tally {
  /** Exchanges per account, by day of the window. */
  readonly perDay = new Map<string, Map<number, number>>();
  private readonly startMs: number;
  private readonly seen = new Set<string>();
  private readonly sightings: Record<Shared, Sighting[]> = { ip: [], subnet: [], template: [], system: [] };

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  add({ account, network, prompt }: UsageRecord, ms: number): void {
    const day = Math.floor((ms - this.startMs) / 86_400_000);
    const days = this.perDay.get(account) ?? new Map<number, number>();
    days.set(day, (days.get(day) ?? 0) + 1);
    this.perDay.set(account, days);
    this.see('ip', network?.ip, account, day);
    this.see('subnet', network?.subnet, account, day);
    this.see('template', prompt?.template, account, day);
    this.see('system', prompt?.system, account, day);
  }

  /** First use of each value by each account, in order of time. */
  firstUses(field: Shared): readonly Sighting[] {
    return this.sightings[field];
  }

  private see(field: Shared, value: string | undefined, account: string, day: number): void {
    if (value === undefined) return;
    const key = `${field} ${value} ${account}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.sightings[field].push({ day, value, account });
  }
}
