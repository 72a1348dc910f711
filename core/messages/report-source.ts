/** Brings together what a report is built from, for a folder and a deployment alike. */
import { coverage } from '../aggregates/coverage.ts';
import type { PopulationDay } from '../aggregates/population.ts';
import type { Transition } from '../findings/transition.ts';
import { changesBetween, type JudgedBy } from '../judged-by.ts';
import type { Desk, Place } from '../place.ts';
import { DAY_MS } from './dates.ts';
import type { Health, ReportInput } from './report-data.ts';
import type { Asked, DeadLetters, RunCost } from './report-own.ts';

/** Counts of what came in, by time of arrival. */
export type IntakeTotals = Pick<Health, 'records' | 'usage' | 'duplicates' | 'quarantined' | 'late' | 'lag'>;

/** What the watch knows of itself. Times in ms. */
export interface WatchRecords {
  readonly deployment: string;
  readonly sweepEveryMs: number;
  /** Times of the sweeps that finished after `since`, RFC 3339, in order. */
  sweeps(since: number): Promise<string[]>;
  intake(from: number, to: number): Promise<IntakeTotals>;
  /** Undefined where nothing is counted again. */
  audit(from: number, to: number): Promise<Health['audit'] | undefined>;
  /** As of the latest sweep; `accounts` as of the last one at or before `at`. Throws where there is none. */
  totals(
    at: number,
  ): Promise<{ population: PopulationDay[]; releases: { time: string; model: string }[]; accounts: number }>;
  /** What the last sweep at or before `at` judged by; undefined where that is not known. */
  judgedBy?(at: number): Promise<JudgedBy | undefined>;
  /** Absent where there is no bill. */
  cost?(from: number, to: number): Promise<Asked<RunCost>>;
  deadLetters?(): Promise<Asked<DeadLetters>>;
  mail?(): Promise<NonNullable<ReportInput['mail']>>;
  /** Open findings as the last sweep saw them, where they are kept. */
  current?(): Promise<{ at: string; transitions: Transition[] }>;
}

export type ReportPlace = Pick<Place, 'transitions' | 'messages'> & {
  cases: Pick<Place['cases'], 'read'>;
  dossiers: Pick<Place['dossiers'], 'read'>;
  desk(): Promise<Pick<Desk, 'findings'>>;
};

export class NoSweepError extends Error {
  override name = 'NoSweepError';
}

/** Nothing behind the end of the period takes part, so that the same period gives the same report on a later day. */
export async function gatherReport(
  period: { from: string; to: string },
  place: ReportPlace,
  watch: WatchRecords,
): Promise<ReportInput> {
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  const [totals, transitions, messages, cases, { findings }, dossiers, sweeps, intake, audit, current] =
    await Promise.all([
      watch.totals(to),
      place.transitions(),
      place.messages(),
      place.cases.read(),
      place.desk(),
      place.dossiers.read(),
      watch.sweeps(from - watch.sweepEveryMs),
      watch.intake(from, to),
      watch.audit(from, to),
      watch.current?.(),
    ]);
  const own = await ownRecords(from, to, sweeps, watch);
  const population = totals.population.filter(({ day }) => day * DAY_MS < to);
  const health: Health = {
    ...intake,
    ...(audit ? { audit } : {}),
    accounts: totals.accounts,
    ...sweepsOf(sweeps, from, to, watch.sweepEveryMs),
    coverage: coverage(population, from, to),
    from: period.from,
    to: period.to,
  };
  return {
    deployment: watch.deployment,
    period,
    transitions,
    messages,
    cases,
    findings,
    dossiers,
    population,
    releases: totals.releases,
    health,
    ...(current && Date.parse(current.at) <= to ? { current: current.transitions } : {}),
    ...own,
  };
}

const WEEK_MS = 7 * DAY_MS;

/** Of the deployment itself. A bill is asked for by the week: each question costs money. */
async function ownRecords(
  from: number,
  to: number,
  sweeps: readonly string[],
  watch: WatchRecords,
): Promise<Pick<ReportInput, 'build' | 'changes' | 'cost' | 'deadLetters' | 'mail'>> {
  const first = sweeps.map((at) => Date.parse(at)).find((at) => at > from);
  const [is, before, cost, deadLetters, mail] = await Promise.all([
    watch.judgedBy?.(to),
    watch.judgedBy?.(from),
    to - from === WEEK_MS ? watch.cost?.(from, to) : undefined,
    watch.deadLetters?.(),
    watch.mail?.(),
  ]);
  const was = before ?? (first === undefined ? undefined : await watch.judgedBy?.(first));
  return {
    ...(is ? { build: { version: is.version, config: is.config } } : {}),
    ...(is && was ? { changes: changesBetween(was, is) } : {}),
    ...(cost ? { cost } : {}),
    ...(deadLetters ? { deadLetters } : {}),
    ...(mail ? { mail } : {}),
  };
}

/** Of a sweep's interval; a sweep that runs late is not a missed one. */
const SLACK = 0.25;

/** A sweep belongs to the period that it ends. One is missed where two lie further apart than their interval. */
export function sweepsOf(
  times: readonly string[],
  from: number,
  to: number,
  everyMs: number,
): Pick<Health, 'sweeps' | 'sweepsMissed'> {
  const all = times.map((time) => Date.parse(time)).filter((time) => time <= to);
  const own = all.filter((time) => time > from);
  const before = all.filter((time) => time <= from).at(-1);
  const marks = [...(before === undefined ? [] : [before]), ...own];
  if (marks.length === 0) return { sweeps: 0, sweepsMissed: 0 };
  const between = marks.slice(1).map((time, index) => Math.ceil((time - marks[index]!) / everyMs - 1 - SLACK));
  const last = Math.ceil((to - marks.at(-1)!) / everyMs - SLACK);
  return { sweeps: own.length, sweepsMissed: [...between, last].reduce((sum, missed) => sum + Math.max(0, missed), 0) };
}
