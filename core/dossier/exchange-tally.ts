/**
 * The figures of a finding counted from its exchanges, one by one. Knows nothing of how a sweep counts: account-days,
 * profiles and sketches play no part here.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Confidence } from '../findings/finding.ts';
import { DAY_MS, isoTime } from '../records/time.ts';
import { type ExchangeRow, keyOf, UNLABELLED } from './exchange-row.ts';

/** A member when the finding was told. */
export interface RosterMember {
  account: string;
  confidence: Confidence;
  /** Its first exchange that belongs, RFC 3339. */
  since: string;
}

/** Which exchanges belong. */
export interface Belonging {
  /** Members when the finding was told. */
  roster: readonly RosterMember[];
  /** The sweep that told it, RFC 3339: exchanges from then on are later than the figures. */
  at: string;
  /** Days that the platform remembers: a sweep has forgotten what is older. */
  retentionDays: number;
}

/** Belonging is kept by UTC day: the whole day of a member's first exchange belongs, as long as it is remembered. */
export function belongsTo({ roster, at, retentionDays }: Belonging): (account: string, time: string) => boolean {
  const until = isoTime(Date.parse(at));
  const remembered = isoTime((Math.floor(Date.parse(at) / DAY_MS) - retentionDays) * DAY_MS);
  const from = new Map(
    roster.map(({ account, since }) => {
      const day = `${since.slice(0, 10)}T00:00:00.000Z`;
      return [account, day > remembered ? day : remembered];
    }),
  );
  return (account, time) => {
    const first = from.get(account);
    return first !== undefined && time >= first && time < until;
  };
}

export interface Counts {
  /** With at least one exchange. */
  accounts: number;
  exchanges: number;
  outputTokens: number;
  /** RFC 3339; empty where there is no exchange. */
  window: { from: string; to: string };
  /** Exchanges by task; those without one under `UNLABELLED`. */
  tasks: ReadonlyMap<string, number>;
  /** By task and model. */
  output: ReadonlyMap<string, { task: string; model: string; exchanges: number; outputTokens: number }>;
}

export interface AccountCount {
  exchanges: number;
  outputTokens: number;
  first: string;
  last: string;
}

export interface DayCount {
  /** `YYYY-MM-DD`. */
  day: string;
  exchanges: number;
  outputTokens: number;
  active: number;
  /** Members whose first exchange fell on that day. */
  joined: number;
}

class Sum implements Counts {
  accounts = 0;
  exchanges = 0;
  outputTokens = 0;
  window = { from: '', to: '' };
  readonly tasks = new Map<string, number>();
  readonly output = new Map<string, { task: string; model: string; exchanges: number; outputTokens: number }>();

  add({ time, task, model, outputTokens }: ExchangeRow): void {
    this.exchanges++;
    this.outputTokens += outputTokens;
    if (this.window.from === '' || time < this.window.from) this.window.from = time;
    if (time > this.window.to) this.window.to = time;
    this.tasks.set(task, (this.tasks.get(task) ?? 0) + 1);
    const key = `${task}\t${model}`;
    const cell = this.output.get(key) ?? { task, model, exchanges: 0, outputTokens: 0 };
    cell.exchanges++;
    cell.outputTokens += outputTokens;
    this.output.set(key, cell);
  }
}

/** Takes the exchanges that belong, each once, ordered by account and id. */
export class ExchangeTally {
  private readonly sums = { all: new Sum(), certain: new Sum() };
  readonly accounts = new Map<string, AccountCount>();
  /** Exchanges per hour of the week, Monday 00:00 UTC first. */
  readonly week: number[] = new Array<number>(168).fill(0);
  private readonly days = new Map<string, DayCount>();
  private readonly certain: ReadonlySet<string>;
  private readonly list: Hash = createHash('sha256');
  private current = '';
  private activeDays = new Set<string>();

  constructor(roster: readonly RosterMember[]) {
    this.certain = new Set(roster.filter(({ confidence }) => confidence === 'certain').map(({ account }) => account));
  }

  add(row: ExchangeRow): void {
    const certain = this.certain.has(row.account);
    if (!this.accounts.has(row.account)) this.begin(row.account, certain);
    this.sums.all.add(row);
    if (certain) this.sums.certain.add(row);
    this.list.update(`${keyOf(row)}\n`, 'utf8');
    this.countAccount(row);
    this.countDay(row);
    this.week[hourOfWeek(row.time)]!++;
  }

  get all(): Counts {
    return this.sums.all;
  }

  get onlyCertain(): Counts {
    return this.sums.certain;
  }

  /** SHA-256 of the sorted lines `account TAB id`, each ended by a line feed. To be asked for once. */
  listDigest(): string {
    return this.list.copy().digest('hex');
  }

  /** Days with an exchange, in order. */
  daily(): DayCount[] {
    for (const { first } of this.accounts.values()) this.days.get(first.slice(0, 10))!.joined++;
    const daily = [...this.days.values()].map((day) => ({ ...day }));
    for (const day of this.days.values()) day.joined = 0;
    return daily.sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  private begin(account: string, certain: boolean): void {
    this.current = account;
    this.activeDays = new Set();
    this.accounts.set(account, { exchanges: 0, outputTokens: 0, first: '', last: '' });
    this.sums.all.accounts++;
    if (certain) this.sums.certain.accounts++;
  }

  private countAccount({ account, time, outputTokens }: ExchangeRow): void {
    if (account !== this.current) throw new Error('exchanges must come account by account');
    const count = this.accounts.get(account)!;
    count.exchanges++;
    count.outputTokens += outputTokens;
    if (count.first === '' || time < count.first) count.first = time;
    if (time > count.last) count.last = time;
  }

  private countDay({ time, outputTokens }: ExchangeRow): void {
    const day = time.slice(0, 10);
    const count = this.days.get(day) ?? { day, exchanges: 0, outputTokens: 0, active: 0, joined: 0 };
    this.days.set(day, count);
    count.exchanges++;
    count.outputTokens += outputTokens;
    if (this.activeDays.has(day)) return;
    this.activeDays.add(day);
    count.active++;
  }
}

/** Monday 00:00 UTC is 0; 1970-01-01 was a Thursday. */
export function hourOfWeek(time: string): number {
  return (Math.floor(Date.parse(time) / 3_600_000) + 3 * 24) % 168;
}

/** Exchanges of tasks that records name. */
export function labelled(tasks: ReadonlyMap<string, number>): [string, number][] {
  return [...tasks].filter(([task]) => task !== UNLABELLED).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
