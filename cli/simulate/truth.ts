/** What really happened in a world: who belonged to which campaign, and what it took. */
import type { Task } from '../../core/records/schema.ts';
import { dateOf, iso } from './clock.ts';

export interface CampaignTruth {
  name: string;
  scenario: string;
  /** Accounts with at least one exchange inside the window. */
  accounts: string[];
  /** Accounts the operator signed up, used or not. */
  registered: number;
  exchanges: number;
  /** Of `exchanges`: somebody else's traffic that passed through the same accounts. */
  cover: number;
  outputTokens: number;
  /** First and last exchange, RFC 3339; absent where there was none. */
  from?: string;
  to?: string;
  /** First exchange of the hundredth account. */
  hundredthAccount?: string;
  /** Exchanges per kind of work, cover left out. */
  capabilities: Partial<Record<Task, number>>;
  /** Exchanges per UTC date. */
  perDay: Record<string, number>;
  /** Days on which the platform banned accounts: the first ban and how many. */
  bans: { at: string; accounts: number }[];
}

export interface LookalikeTruth {
  name: string;
  scenario: string;
  accounts: string[];
  exchanges: number;
}

export interface WorldTruth {
  seed: string;
  campaigns: CampaignTruth[];
  lookalikes: LookalikeTruth[];
}

/** Counts one group while its records come out. */
export class Ledger {
  readonly name: string;
  readonly scenario: string;
  registered = 0;
  exchanges = 0;
  readonly bans: { at: string; accounts: number }[] = [];
  private readonly accounts = new Set<string>();
  private readonly tasks: Partial<Record<Task, number>> = {};
  private readonly days: Record<string, number> = {};
  private cover = 0;
  private outputTokens = 0;
  private first = Number.NaN;
  private last = Number.NaN;
  private hundredth = Number.NaN;

  constructor(name: string, scenario: string) {
    this.name = name;
    this.scenario = scenario;
  }

  note(account: string, instant: number, task: Task, output: number, cover: boolean): void {
    const { accounts, days } = this;
    if (accounts.size === 99 && !accounts.has(account)) this.hundredth = instant;
    accounts.add(account);
    if (Number.isNaN(this.first)) this.first = instant;
    this.last = instant;
    this.exchanges++;
    this.outputTokens += output;
    const date = dateOf(instant);
    days[date] = (days[date] ?? 0) + 1;
    if (cover) this.cover++;
    else this.tasks[task] = (this.tasks[task] ?? 0) + 1;
  }

  campaign(): CampaignTruth {
    const span = this.exchanges > 0 ? { from: iso(this.first), to: iso(this.last) } : {};
    return {
      name: this.name,
      scenario: this.scenario,
      accounts: [...this.accounts],
      registered: this.registered,
      exchanges: this.exchanges,
      cover: this.cover,
      outputTokens: this.outputTokens,
      ...span,
      ...(Number.isNaN(this.hundredth) ? {} : { hundredthAccount: iso(this.hundredth) }),
      capabilities: this.tasks,
      perDay: this.days,
      bans: this.bans,
    };
  }

  lookalike(): LookalikeTruth {
    return { name: this.name, scenario: this.scenario, accounts: [...this.accounts], exchanges: this.exchanges };
  }
}
