/** What account records say of accounts, newest first field by field. As the platform's own records have it, no more. */
import type { AccountRecord } from '../records/schema.ts';

export interface KnownAccount {
  org?: string;
  status?: 'active' | 'banned' | 'closed';
  /** When the status was said, RFC 3339. */
  statusAt?: string;
  verified?: boolean;
  /** `invoice` pays after the fact: a business relation. */
  payment?: string;
  programme?: string;
}

type Field = 'org' | 'status' | 'verified' | 'payment' | 'programme';

export class KnownAccounts {
  private readonly accounts = new Map<string, KnownAccount>();
  private readonly times = new Map<string, Partial<Record<Field, string>>>();
  /** Time of the latest record, RFC 3339; empty where there is none. */
  upTo = '';

  add({ account, time, org, status, verified, payment, programme }: AccountRecord): void {
    const known: KnownAccount = this.accounts.get(account) ?? {};
    const times = this.times.get(account) ?? {};
    const newer = (field: Field, value: unknown) => {
      if (value === undefined || (times[field] ?? '') > time) return false;
      times[field] = time;
      return true;
    };
    if (newer('org', org)) known.org = org!;
    if (newer('verified', verified)) known.verified = verified!;
    if (newer('payment', payment?.kind)) known.payment = payment!.kind!;
    if (newer('programme', programme)) known.programme = programme!;
    if (newer('status', status)) Object.assign(known, { status, statusAt: time });
    this.accounts.set(account, known);
    this.times.set(account, times);
    if (time > this.upTo) this.upTo = time;
  }

  of(account: string): KnownAccount {
    return this.accounts.get(account) ?? {};
  }

  get size(): number {
    return this.accounts.size;
  }

  /** Accounts of each of these orgs. */
  countIn(orgs: ReadonlySet<string>): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { org } of this.accounts.values())
      if (org !== undefined && orgs.has(org)) counts.set(org, (counts.get(org) ?? 0) + 1);
    return counts;
  }
}
