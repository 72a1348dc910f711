/**
 * What certain accounts did in their last days, so that nobody is throttled unseen who also has other work: a campaign
 * hides in cover traffic, and a stolen key has a customer behind it.
 *
 * An exchange is the campaign's where its template is used by another certain account too, or where it asks for a
 * targeted capability. Everything else is other work, an exchange without a template and a task among it.
 */
import { DAY_MS, isoTime } from '../records/time.ts';
import type { ExchangeRow } from './exchange-row.ts';

const WORK_DAYS = 7;
/** From this share of an account's exchanges on, other work is named. */
const OTHER_SHARE = 0.2;

export class RecentWork {
  /** Exchanges of the last 24 hours by account, of all members. */
  readonly lastDay = new Map<string, number>();
  private readonly own = new Map<string, { all: number; untargeted: Map<string, number> }>();
  /** The one certain account that uses a template; null where several do. */
  private readonly users = new Map<string, string | null>();
  private readonly certain: ReadonlySet<string>;
  private readonly targeted: ReadonlySet<string>;
  private readonly dayAgo: string;
  private readonly daysAgo: string;

  /** `end` (RFC 3339) is where the last days end. */
  constructor(certain: ReadonlySet<string>, targeted: ReadonlySet<string>, end: string) {
    this.certain = certain;
    this.targeted = targeted;
    this.dayAgo = isoTime(Date.parse(end) - DAY_MS);
    this.daysAgo = isoTime(Date.parse(end) - WORK_DAYS * DAY_MS);
  }

  add({ account, time, template, task }: ExchangeRow): void {
    if (time >= this.dayAgo) this.lastDay.set(account, (this.lastDay.get(account) ?? 0) + 1);
    if (!this.certain.has(account)) return;
    if (template !== '') {
      const user = this.users.get(template);
      if (user === undefined) this.users.set(template, account);
      else if (user !== account) this.users.set(template, null);
    }
    if (time < this.daysAgo) return;
    const work = this.own.get(account) ?? { all: 0, untargeted: new Map() };
    this.own.set(account, work);
    work.all++;
    if (!this.targeted.has(task)) work.untargeted.set(template, (work.untargeted.get(template) ?? 0) + 1);
  }

  /** Share of the account's exchanges of the last seven days that are other work; 0 where it had none. */
  otherShare(account: string): number {
    const work = this.own.get(account);
    if (work === undefined) return 0;
    let other = 0;
    for (const [template, count] of work.untargeted)
      if (template === '' || this.users.get(template) !== null) other += count;
    return other / work.all;
  }

  hasOtherWork(account: string): boolean {
    return this.otherShare(account) >= OTHER_SHARE;
  }
}
