/** A finding as this sweep sees it: its figures, class, severity and evidence, before anybody decides to tell it. */
import { factText } from '../aggregates/account-facts.ts';
import { AccountProfile } from '../aggregates/account-profile.ts';
import type { PopulationDay } from '../aggregates/population.ts';
import type { Population } from '../population/population.ts';
import { DAY_MS } from '../records/time.ts';
import { median } from '../sorted.ts';
import { type FigureMember, type Figures, figureMember, figuresOf, round } from './figures.ts';
import type { Classification, ErrorControl, Evidence, Finding, FindingKind, Member } from './finding.ts';
import { type ListPrices, type ListValue, listValue } from './list-price.ts';
import { QueryTally } from './query-profile.ts';
import { type Rated, rateSeverity } from './severity.ts';
import type { TransitionContext } from './transition.ts';

const MAX_EVIDENCE = 5;
const WEEK_DAYS = 7;

export interface Assessment {
  figures: Figures;
  rated: Rated;
  compare: TransitionContext['compare'];
  profile: TransitionContext['profile'];
  throttle: NonNullable<TransitionContext['throttle']>;
  /** Of `distillation` only. */
  worth?: ListValue;
}

export interface AssessInput {
  population: Population;
  days: readonly PopulationDay[];
  members: readonly Member[];
  classification: Classification;
  q: number;
  /** Consumers: observed over usual volume. */
  multiple?: number;
  at: number;
  prices: ListPrices;
}

export function assess({
  population,
  days,
  members,
  classification,
  q,
  multiple,
  at,
  prices,
}: AssessInput): Assessment {
  const { held, orgs, queries } = membersNow(population, members);
  const figures = figuresOf(held, days);
  const shareOfOutput = shareOfLastWeek(held, days, at);
  const worth = classification === 'distillation' ? listValue(held.map(priced), prices) : undefined;
  const rated = rateSeverity({
    classification,
    certain: figures.accounts.certain,
    q,
    shareOfOutput,
    multiple: multiple ?? 0,
  });
  return {
    figures,
    rated,
    compare: {
      shareOfOutput: round(shareOfWindow(figures, days)),
      exchangesPerDay: recentRates(figures, days),
      medianAccountPerDay: {
        members: round(median(held.map(({ series }) => rateOf(series)))),
        all: round(median(Float64Array.from({ length: population.size }, (_, account) => population.rate(account)))),
      },
      ...(multiple === undefined ? {} : { multiple: round(multiple) }),
    },
    profile: {
      orgs,
      verified: held.filter(isVerified).length,
      ...queries,
    },
    throttle: throttleOf(held),
    ...(worth ? { worth } : {}),
  };
}

function priced({ series, confidence, sinceDay }: FigureMember) {
  return { confidence, points: series.filter(({ day }) => day >= sinceDay) };
}

const isVerified = ({ facts }: FigureMember) => facts.verified?.value === true;

/** Certain accounts that still work: the banned and closed ones need no throttle. */
function throttleOf(held: readonly FigureMember[]): Assessment['throttle'] {
  const working = held.filter(({ facts, confidence }) => {
    const status = factText(facts, 'status');
    return confidence === 'certain' && status !== 'banned' && status !== 'closed';
  });
  return { accounts: working.length, verified: working.filter(isVerified).length };
}

/** Whom the finding holds, as far as they are seen. */
function membersNow(population: Population, members: readonly Member[]) {
  const scratch = new AccountProfile('');
  const held: FigureMember[] = [];
  const orgs = new Set<number>();
  const queries = new QueryTally();
  for (const { account, confidence, since, until } of members) {
    const index = population.indexOf.get(account);
    if (index === undefined || until !== undefined) continue;
    const profile = population.profile(index, scratch);
    held.push(figureMember(profile, { confidence, sinceDay: Math.floor(Date.parse(since) / DAY_MS) }));
    orgs.add(population.facts.org[index]!);
    queries.add(profile);
  }
  return { held, orgs: orgs.size, queries: queries.profile };
}

function rateOf(series: readonly { exchanges: number }[]): number {
  return series.reduce((sum, { exchanges }) => sum + exchanges, 0) / Math.max(1, series.length);
}

function shareOfLastWeek(held: readonly FigureMember[], days: readonly PopulationDay[], at: number): number {
  const from = Math.floor((at - 1) / DAY_MS) - WEEK_DAYS + 1;
  const all = days.filter(({ day }) => day >= from).reduce((sum, { outputTokens }) => sum + outputTokens, 0);
  let own = 0;
  for (const { series, sinceDay } of held) {
    for (const { day, outputTokens } of series) if (day >= Math.max(from, sinceDay)) own += outputTokens;
  }
  return all === 0 ? 0 : own / all;
}

/** Of all output on the days of the finding's window. */
function shareOfWindow({ window, outputTokens }: Figures, days: readonly PopulationDay[]): number {
  if (window === undefined) return 0;
  const [from, to] = [window.from, window.to].map((time) => Math.floor(Date.parse(time) / DAY_MS));
  const all = days.filter(({ day }) => day >= from! && day <= to!).reduce((sum, day) => sum + day.outputTokens, 0);
  return all === 0 ? 0 : outputTokens / all;
}

/** Mean of the last four days of the finding against the three before: a week; fewer while it is young. */
function recentRates(
  { daily }: Figures,
  days: readonly PopulationDay[],
): TransitionContext['compare']['exchangesPerDay'] {
  const byDay = new Map(daily.map(({ day, exchanges }) => [Math.floor(Date.parse(day) / DAY_MS), exchanges]));
  const first = Math.min(...byDay.keys());
  const last = days.at(-1)?.day ?? first;
  const age = Math.max(1, Number.isFinite(first) ? last - first + 1 : 1);
  const span = Math.min(4, Math.ceil(age / 2));
  const earlier = Math.min(3, Math.max(1, Math.floor(age / 2)));
  const mean = (to: number, length: number) => {
    let sum = 0;
    for (let day = to - length + 1; day <= to; day++) sum += byDay.get(day) ?? 0;
    return Math.round(sum / length);
  };
  return { last: mean(last, span), prior: mean(last - span, earlier), days: span, priorDays: earlier };
}

export interface Described {
  id: string;
  kind: FindingKind;
  at: string;
  classification: Classification;
  evidence: readonly Evidence[];
  error: ErrorControl;
  /** What was told last, for a finding that holds nobody any more. */
  window?: Finding['window'];
}

/** The contract's object for one transition. */
export function describeFinding(
  described: Described,
  { figures, rated }: Assessment,
  state: Finding['state'],
  extra: Pick<Finding, 'links'> & { reason?: string },
): Finding {
  const { id, kind, at, classification, error } = described;
  return {
    type: 'finding',
    id,
    kind,
    state,
    at,
    classification,
    severity: rated.severity,
    window: figures.window ?? described.window ?? { from: at, to: at },
    accounts: figures.accounts,
    exchanges: figures.exchanges,
    outputTokens: figures.outputTokens,
    capabilities: figures.capabilities,
    evidence: strongest(described.evidence),
    error,
    links: extra.links,
    ...(extra.reason === undefined ? {} : { reason: extra.reason }),
  };
}

/** At most five, the strongest of each group before a second of any, strongest first; numbers as they are shown. */
export function strongest(evidence: readonly Evidence[]): Evidence[] {
  const byStrength = (a: Evidence, b: Evidence) => b.strength - a.strength || (a.detector < b.detector ? -1 : 1);
  const rows = evidence.filter(({ strength }) => strength > 0).sort(byStrength);
  const leads = rows.filter((row) => rows.find(({ group }) => group === row.group) === row);
  return [...leads, ...rows.filter((row) => !leads.includes(row))]
    .slice(0, MAX_EVIDENCE)
    .sort(byStrength)
    .map((row) => ({
      ...row,
      observed: round(row.observed),
      expected: round(row.expected),
      strength: round(row.strength),
    }));
}
