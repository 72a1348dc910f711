/** What people decided, as a report tells it: the cases at the end of the period, and the silences that hold then. */
import type { Findings } from '../cases/book.ts';
import type { CaseState } from '../cases/case-state.ts';
import { type Silence as Covering, endOf, silencesOf, usedOf } from '../cases/cover.ts';
import type { CaseEntry, Verdict } from '../cases/entry.ts';
import { type CaseSources, type CaseStates, casesAt } from '../cases/now.ts';
import type { Transition } from '../findings/transition.ts';
import { DAY_MS } from './dates.ts';

/** Silences that end within this time are named, so that somebody can renew or drop them. */
export const ENDING_DAYS = 14;

/** As much of a case as a report tells. */
export interface CaseNow extends Pick<CaseState, 'state' | 'assignee' | 'ackedAt' | 'verdict'> {
  /** Exceptions and plans that cover certain accounts of it. */
  covers: { id: string; kind: 'exception' | 'plan'; until: string }[];
  /** Mail to whom it is assigned to comes back, or is unwanted. */
  unreachable?: true;
}

/** A snooze, an exception or a plan that holds at the end of the period. */
export interface Silence {
  /** Of an exception or plan; a snooze goes by its finding. */
  id: string;
  kind: 'snooze' | 'exception' | 'plan';
  /** What it is about, without naming it. */
  scope: 'finding' | 'account' | 'org' | 'template';
  classifications: readonly string[];
  owner: string;
  /** Mail to the owner comes back, or is unwanted. */
  unreachable?: true;
  from: string;
  until: string;
  /** How much of its ceiling the finding that uses most of it has used, 1 the whole; absent where it has none. */
  used?: number;
  reason: string;
}

export interface People {
  cases: ReadonlyMap<string, CaseNow>;
  silences: Silence[];
  /** Of the period: each finding's last verdict. */
  verdicts: Verdict[];
  /** Minutes from opening to the first acknowledgement and to the first verdict, of findings that got theirs in the period. */
  ackMinutes: number[];
  verdictMinutes: number[];
}

const LOST: { unreachable?: true } = { unreachable: true };

type Period = { from: string; to: string };
const ms = (time: string) => Date.parse(time);

/** `unreachable`: addresses, in lower case, that mail does not reach. */
export function peopleOf(
  { log, findings, transitions }: CaseSources,
  period: Period,
  unreachable: ReadonlySet<string> = new Set(),
): People {
  const known = log.filter(({ at }) => ms(at) <= ms(period.to)).toSorted((a, b) => a.seq - b.seq);
  const states = casesAt({ log: known, findings, transitions }, ms(period.to));
  const kinds = new Map(silencesOf(known).map(({ entry }) => [entry.id, entry.action]));
  const perFinding = Map.groupBy(transitions, ({ finding }) => finding.id);
  const inPeriod = ({ at }: { at: string }) => ms(at) > ms(period.from);
  const lost = (name: string | null) => (name !== null && unreachable.has(name.toLowerCase()) ? LOST : {});
  const verdicts = known.filter((entry) => entry.action === 'verdict').filter(inPeriod);
  return {
    cases: new Map([...states].map(([id, state]) => [id, { ...caseNow(state, kinds), ...lost(state.assignee) }])),
    silences: [...snoozes(states), ...covers(known, findings, states, period.to)]
      .map((silence) => ({ ...silence, ...lost(silence.owner) }))
      .toSorted((a, b) => ms(a.until) - ms(b.until)),
    verdicts: [...new Map(verdicts.map((entry) => [entry.finding, entry.verdict])).values()],
    ackMinutes: minutesTo(['ack', 'verdict'], known, perFinding, inPeriod),
    verdictMinutes: minutesTo(['verdict'], known, perFinding, inPeriod),
  };
}

function caseNow(of: CaseState, kinds: ReadonlyMap<string, 'exception' | 'plan'>): CaseNow {
  const { state, assignee, ackedAt, verdict } = of;
  const held = of.covers.map(({ id, until }) => ({ id, kind: kinds.get(id)!, until }));
  return { state, assignee, ackedAt, verdict, covers: held };
}

function ofFinding(entries: readonly CaseEntry[], id: string): CaseEntry[] {
  return entries.filter((entry) => 'finding' in entry && entry.finding === id);
}

function snoozes(states: CaseStates): Silence[] {
  return [...states.values()].flatMap(({ finding, snooze }): Silence[] => {
    if (snooze === null) return [];
    const { owner, at, until, reason } = snooze;
    return [{ id: finding, kind: 'snooze', scope: 'finding', classifications: [], owner, from: at, until, reason }];
  });
}

/** Those that have not ended, a plan that is still to begin among them. */
function covers(log: readonly CaseEntry[], findings: Findings, states: CaseStates, to: string): Silence[] {
  return silencesOf(log)
    .filter((silence) => ms(endOf(silence)) > ms(to))
    .map((silence) => {
      const { entry } = silence;
      const { id, owner, reason } = entry;
      const scope = Object.keys(entry.scope)[0] as Silence['scope'];
      const from = entry.action === 'plan' ? entry.from : entry.at;
      const classifications = entry.action === 'plan' ? ['volume_anomaly'] : entry.classifications;
      const used = mostUsed(silence, findings, states);
      const ceiling = used === undefined ? {} : { used };
      return { id, kind: entry.action, scope, classifications, owner, from, until: endOf(silence), ...ceiling, reason };
    });
}

function mostUsed(silence: Covering, findings: Findings, states: CaseStates): number | undefined {
  const shares = [...states.values()].flatMap(({ finding, covers: held }) => {
    const covered = held.some(({ id }) => id === silence.entry.id);
    const used = covered ? usedOf(silence.entry, findings.get(finding)?.seen) : undefined;
    return used === undefined ? [] : [used];
  });
  return shares.length === 0 ? undefined : Math.max(...shares);
}

function minutesTo(
  actions: readonly CaseEntry['action'][],
  entries: readonly CaseEntry[],
  perFinding: ReadonlyMap<string, Transition[]>,
  inPeriod: (entry: { at: string }) => boolean,
): number[] {
  return [...perFinding].flatMap(([id, told]) => {
    const first = ofFinding(entries, id).find(({ action }) => actions.includes(action));
    const opened = told[0]!;
    if (first === undefined || !inPeriod(first) || opened.finding.state !== 'opened') return [];
    return [Math.max(0, Math.round((ms(first.at) - ms(opened.finding.at)) / 60_000))];
  });
}

/** Those that end within so many days after `to`, soonest first. */
export function endingSoon({ silences }: People, to: string, days = ENDING_DAYS): Silence[] {
  return silences.filter(({ until }) => ms(until) <= ms(to) + days * DAY_MS);
}
