/** What a report says, before it is a page or a mail: built from transitions, population totals and health figures. */
import { type CoveredHour, coveredHours, gaps } from '../aggregates/coverage.ts';
import type { LagCounts } from '../aggregates/lag.ts';
import type { PopulationDay } from '../aggregates/population.ts';
import type { Findings } from '../cases/book.ts';
import type { CaseEntry } from '../cases/entry.ts';
import type { DossierLine } from '../dossier/chain.ts';
import type { Finding } from '../findings/finding.ts';
import type { DataGap, Transition, TransitionContext } from '../findings/transition.ts';
import type { Build, Change } from '../judged-by.ts';
import type { ToldMessage } from '../place.ts';
import { DAY_MS, dayNumber } from './dates.ts';
import { type OutputShare, shareOver } from './output-share.ts';
import { type Mailed, mailedIn } from './report-mailed.ts';
import {
  type Asked,
  type DeadLetters,
  type Reach,
  type RunCost,
  reachOf,
  type Unreachable,
  unreachableAt,
} from './report-own.ts';
import { type CaseNow, type People, peopleOf } from './report-people.ts';

/** Whether the watch worked: what a quiet report is worth. */
export interface Health {
  records: number;
  usage: number;
  accounts: number;
  duplicates: number;
  quarantined: number;
  late: number;
  sweeps: number;
  /** Exchanges by how long after their time they were counted; absent where that is not known. */
  lag?: LagCounts;
  /** Sweeps that were due and did not run. */
  sweepsMissed?: number;
  /** Account-days counted again from the archive, and those of them whose stored counts differ. */
  audit?: { audited: number; drifted: number };
  /** Share of the 5-minute slots that should hold a record and do, 0 to 1. */
  coverage: number;
  /** First and last record, RFC 3339. */
  from: string;
  to: string;
}

export interface ReportInput {
  deployment: string;
  /** RFC 3339; `to` is the end, exclusive when it is a midnight. */
  period: { from: string; to: string };
  /** All transitions up to the end of the period, in any order; later ones are left out. */
  transitions: readonly Transition[];
  /** Open findings as they stand at the end of the period, where that is newer than their last transition. */
  current?: readonly Transition[];
  /** The days of the period and, for the trend, those before it. */
  population: readonly PopulationDay[];
  health: Health;
  releases?: readonly { time: string; model: string }[];
  /** What people decided; later entries than the end of the period are left out. */
  cases?: readonly CaseEntry[];
  /** Who belongs to the findings, and what silences are held against; absent where nobody decided. */
  findings?: Findings;
  /** The dossiers that were made of findings; later ones are left out. */
  dossiers?: readonly DossierLine[];
  /** What was told and how it was delivered; absent where that is not known. */
  messages?: readonly ToldMessage[];
  build?: Build;
  /** What changed in the period in what sweeps judge by; absent where that is not known. */
  changes?: readonly Change[];
  /** What the deployment cost in the period; absent where there is no bill. */
  cost?: Asked<RunCost>;
  /** As they lie when the report is made; absent where there are no such queues. */
  deadLetters?: Asked<DeadLetters>;
  /** Who gets the reports, and whom mail did not reach; later marks are left out. Neither leaves in the report. */
  mail?: { recipients: readonly string[]; unreachable: readonly Unreachable[] };
}

export type ReportKind = 'daily' | 'weekly' | 'overview';

export interface ReportEvent {
  at: string;
  message: TransitionContext['message'];
  reason?: string;
}

/** One finding as the period leaves it. */
export interface ReportFinding {
  finding: Finding;
  context: TransitionContext;
  open: boolean;
  events: ReportEvent[];
  case: CaseNow;
  /** The latest of each edition, by the end of the period. */
  dossiers: DossierMade[];
}

/** A dossier as far as a report tells it. */
export interface DossierMade extends Pick<DossierLine, 'edition' | 'root' | 'made'> {
  /** Whether its records are held out of the retention's reach. */
  held: boolean;
}

export interface ReportData {
  kind: ReportKind;
  deployment: string;
  period: { from: string; to: string };
  /** Open ones first, gravest first; then those cleared in the period. */
  campaigns: ReportFinding[];
  consumers: ReportFinding[];
  /** The period, and as many days before it; the latter has `all` 0 where nothing is known. */
  now: OutputShare;
  before: OutputShare;
  /** One entry per UTC day of the period. */
  perDay: OutputShare[];
  /** Up to six runs of seven days, the last ending with the period. */
  perWeek: OutputShare[];
  /** Messages told in the period, and the false findings expected over its sweeps. */
  told: { messages: number; pages: number; expectedFalse: number };
  releases: { day: string; model: string }[];
  health: Health;
  /** The longest stretches of the period without a record, and the hours of its last seven days. */
  gaps: DataGap[];
  hours: CoveredHour[];
  people: People;
  mailed: Mailed;
  build?: Build;
  changes?: readonly Change[];
  cost?: Asked<RunCost>;
  deadLetters?: Asked<DeadLetters>;
  reach?: Reach;
}

const RANK = { SEV1: 1, SEV2: 2, SEV3: 3, INFO: 4 } as const;

/** Pure: the same input in any order gives the same report. Account ids in the input reach no part of it. */
export function buildReport(input: ReportInput): ReportData {
  const { period, deployment, health, build, changes, cost, deadLetters, mail } = input;
  const transitions = untilEnd(input);
  const unreachable = unreachableAt(mail?.unreachable ?? [], period.to);
  const sources = { log: input.cases ?? [], findings: input.findings ?? new Map(), transitions };
  const people = peopleOf(sources, period, unreachable);
  const findings = reportFindings(input, people);
  const campaigns = findings.filter((each) => each.finding.kind === 'campaign');
  const first = dayNumber(period.from);
  const end = endDay(period.to);
  const share = shareOver(latestPerFinding(input), input.population);
  const weeks = Math.min(6, Math.max(1, Math.floor((end - earliest(input, first)) / 7)));
  const [from, to] = [Date.parse(period.from), Date.parse(period.to)];
  return {
    kind: end - first === 1 ? 'daily' : end - first === 7 ? 'weekly' : 'overview',
    deployment,
    period,
    campaigns,
    consumers: findings.filter((each) => each.finding.kind === 'consumer'),
    now: share(first, end),
    before: share(first - (end - first), first),
    perDay: Array.from({ length: end - first }, (_, index) => share(first + index, first + index + 1)),
    perWeek: Array.from({ length: weeks }, (_, index) =>
      share(end - 7 * (weeks - index), end - 7 * (weeks - index - 1)),
    ),
    told: toldIn(input),
    releases: releasesIn(input),
    health,
    gaps: gaps(input.population, from, to),
    hours: coveredHours(input.population, Math.max(from, to - 7 * DAY_MS), to),
    people,
    mailed: mailedIn(input.messages, transitions, period),
    ...(build ? { build } : {}),
    ...(changes ? { changes } : {}),
    ...(cost ? { cost } : {}),
    ...(deadLetters ? { deadLetters } : {}),
    ...(mail ? { reach: reachOf(mail.recipients, unreachable) } : {}),
  };
}

function endDay(to: string): number {
  return Math.floor((Date.parse(to) - 1) / DAY_MS) + 1;
}

function earliest(input: ReportInput, first: number): number {
  return input.population.reduce((least, each) => Math.min(least, each.day), first);
}

function untilEnd(input: ReportInput): Transition[] {
  return input.transitions
    .filter(({ finding }) => Date.parse(finding.at) <= Date.parse(input.period.to))
    .toSorted((a, b) => Date.parse(a.finding.at) - Date.parse(b.finding.at) || (a.finding.id < b.finding.id ? -1 : 1));
}

function latestPerFinding(input: ReportInput): Transition[] {
  const latest = new Map(untilEnd(input).map((each) => [each.finding.id, each]));
  for (const now of input.current ?? []) {
    const told = latest.get(now.finding.id);
    if (told !== undefined) latest.set(now.finding.id, standing(told, now));
  }
  return [...latest.values()];
}

/** Today's figures under the state, time and reason of the last transition. */
function standing(told: Transition, now: Transition): Transition {
  const { state, at, reason } = told.finding;
  const { reason: _, ...figures } = now.finding;
  const { message, sequence, benign } = told.context;
  const finding = { ...figures, state, at, ...(reason === undefined ? {} : { reason }) };
  return { finding, context: { ...now.context, message, sequence, benign } };
}

const UNTOUCHED: CaseNow = { state: 'new', assignee: null, ackedAt: null, verdict: null, covers: [] };

function reportFindings(input: ReportInput, { cases }: People): ReportFinding[] {
  const all = untilEnd(input);
  const since = Date.parse(input.period.from);
  return latestPerFinding(input)
    .map((latest) => ({
      finding: latest.finding,
      context: latest.context,
      open: latest.finding.state !== 'cleared',
      events: all.filter(({ finding }) => finding.id === latest.finding.id).map(event),
      case: cases.get(latest.finding.id) ?? UNTOUCHED,
      dossiers: dossiersOf(input, latest.finding.id),
    }))
    .filter(({ open, finding }) => open || Date.parse(finding.at) >= since)
    .toSorted(gravestFirst);
}

function dossiersOf({ dossiers = [], period }: ReportInput, id: string): DossierMade[] {
  const own = dossiers.filter(({ finding, made }) => finding === id && Date.parse(made) <= Date.parse(period.to));
  return [...new Map(own.map((line) => [line.edition, line])).values()].map(({ edition, root, made, held }) => ({
    edition,
    root,
    made,
    held: held !== undefined,
  }));
}

function event({ finding, context }: Transition): ReportEvent {
  return { at: finding.at, message: context.message, ...(finding.reason ? { reason: finding.reason } : {}) };
}

function gravestFirst(a: ReportFinding, b: ReportFinding): number {
  return (
    Number(b.open) - Number(a.open) ||
    RANK[a.finding.severity] - RANK[b.finding.severity] ||
    b.finding.exchanges - a.finding.exchanges ||
    (a.finding.id < b.finding.id ? -1 : 1)
  );
}

/** `expectedFalse` speaks of a sweep, so each sweep counts once. */
function toldIn(input: ReportInput): ReportData['told'] {
  const since = Date.parse(input.period.from);
  const told = untilEnd(input).filter(({ finding }) => Date.parse(finding.at) >= since);
  const perSweep = new Map<string, number>();
  for (const { finding } of told) {
    perSweep.set(finding.at, Math.max(perSweep.get(finding.at) ?? 0, finding.error.expectedFalse));
  }
  return {
    messages: told.length,
    pages: told.filter(({ finding }) => RANK[finding.severity] <= 2 && finding.state !== 'cleared').length,
    expectedFalse: [...perSweep.values()].reduce((sum, each) => sum + each, 0),
  };
}

function releasesIn({ releases, period }: ReportInput): ReportData['releases'] {
  return (releases ?? [])
    .filter(({ time }) => Date.parse(time) >= Date.parse(period.from) && Date.parse(time) <= Date.parse(period.to))
    .map(({ time, model }) => ({ day: time.slice(0, 10), model }))
    .toSorted((a, b) => (a.day + a.model < b.day + b.model ? -1 : 1));
}
