/** The figures of a finding, recomputed from the profiles of its members at every sweep. Never running totals. */

import { binsOf } from '../aggregates/account-day.ts';
import { factText } from '../aggregates/account-facts.ts';
import type { AccountProfile } from '../aggregates/account-profile.ts';
import type { PopulationDay } from '../aggregates/population.ts';
import { TASKS } from '../records/format.ts';
import { DAY_MS, isoDay, isoTime } from '../records/time.ts';
import type { Capability, Confidence } from './finding.ts';
import type { FindingDay } from './transition.ts';

/** A member and what figures need of its profile, which is much more: a campaign may have tens of thousands. */
export interface FigureMember extends Pick<AccountProfile, 'series' | 'facts'> {
  /** Exchanges per task, in the order of `TASKS`. */
  tasks: ArrayLike<number>;
  confidence: Confidence;
  /** Days before this (since 1970) are not the finding's. */
  sinceDay: number;
}

/** The profile may be read into again. */
export function figureMember(
  { series, facts, total }: AccountProfile,
  claimed: Pick<FigureMember, 'confidence' | 'sinceDay'>,
): FigureMember {
  return { series: series.slice(), facts, tasks: binsOf(total, 'tasks').slice(), ...claimed };
}

export interface Figures {
  /** Undefined where no member has an exchange that belongs. */
  window: { from: string; to: string } | undefined;
  accounts: { certain: number; probable: number };
  exchanges: number;
  outputTokens: number;
  certain: { exchanges: number; outputTokens: number };
  capabilities: Capability[];
  daily: FindingDay[];
  /** When each certain member (any, where none is certain) last worked, ms since 1970; without those that never did. */
  active: number[];
}

export function figuresOf(members: readonly FigureMember[], population: readonly PopulationDay[]): Figures {
  const days = new Map<number, FindingDay>();
  const totals = { exchanges: 0, outputTokens: 0 };
  const certain = { exchanges: 0, outputTokens: 0 };
  let from = Infinity;
  let to = -Infinity;
  for (const member of members) {
    const { series, confidence, sinceDay } = member;
    const points = series.filter(({ day }) => day >= sinceDay);
    points.forEach(({ day, exchanges, outputTokens, first, last }, i) => {
      const total = dayOf(days, day);
      total.exchanges += exchanges;
      total.outputTokens += outputTokens;
      total.active++;
      if (i === 0) total.joined++;
      totals.exchanges += exchanges;
      totals.outputTokens += outputTokens;
      if (confidence === 'certain') {
        certain.exchanges += exchanges;
        certain.outputTokens += outputTokens;
      }
      from = Math.min(from, first);
      to = Math.max(to, last);
    });
    countBan(days, member);
  }
  const isCertain = members.filter(({ confidence }) => confidence === 'certain');
  return {
    window: to < from ? undefined : { from: isoTime(from), to: isoTime(to) },
    accounts: { certain: isCertain.length, probable: members.length - isCertain.length },
    ...totals,
    certain,
    capabilities: whole(members) ? capabilitiesOf(members, totals.exchanges, population) : [],
    daily: [...days].sort((a, b) => a[0] - b[0]).map(([, day]) => day),
    active: lastWork(isCertain.length > 0 ? isCertain : members),
  };
}

function dayOf(days: Map<number, FindingDay>, day: number): FindingDay {
  let total = days.get(day);
  if (total === undefined) {
    total = { day: isoDay(day), exchanges: 0, outputTokens: 0, active: 0, joined: 0, banned: 0 };
    days.set(day, total);
  }
  return total;
}

function countBan(days: Map<number, FindingDay>, { facts }: FigureMember): void {
  const status = factText(facts, 'status');
  if (status === 'banned' || status === 'closed') dayOf(days, Math.floor(facts.status!.at / DAY_MS)).banned++;
}

/** Tasks are kept per account, not per day: they can be stated only where all of an account's days belong. */
function whole(members: readonly FigureMember[]): boolean {
  return members.every(({ series, sinceDay }) => (series[0]?.day ?? sinceDay) >= sinceDay);
}

/** Exchanges per task; those without a task stay in the denominator. Largest first. */
function capabilitiesOf(
  members: readonly FigureMember[],
  exchanges: number,
  population: readonly PopulationDay[],
): Capability[] {
  const all = population.reduce((sum, day) => sum + day.exchanges, 0);
  const counts = TASKS.map((_, i) => members.reduce((sum, { tasks }) => sum + tasks[i]!, 0));
  return TASKS.map((task, i) => {
    const share = exchanges === 0 ? 0 : counts[i]! / exchanges;
    const usual = population.reduce((sum, day) => sum + (day.tasks[task] ?? 0), 0) / Math.max(1, all);
    return { task, exchanges: counts[i]!, share: round(share), lift: usual === 0 ? 0 : round(share / usual) };
  })
    .filter((capability) => capability.exchanges > 0)
    .sort((a, b) => b.exchanges - a.exchanges);
}

/** Four significant digits: enough to read, and equal wherever it is shown. */
export function round(value: number): number {
  return value === 0 || !Number.isFinite(value) ? 0 : Number(value.toPrecision(4));
}

function lastWork(members: readonly FigureMember[]): number[] {
  return members.map(lastWorked).filter((last) => last !== undefined);
}

/** Last exchange of the last day with one of status `ok`, ms since 1970; undefined where every exchange failed. */
export function lastWorked({ series }: Pick<AccountProfile, 'series'>): number | undefined {
  return series.findLast(({ ok }) => ok > 0)?.last;
}
