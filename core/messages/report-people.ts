/** What people decided, as a report tells it: read off the log of decisions up to the end of the period. */
import type { CaseEntry, Verdict } from '../cases/entry.ts';
import type { Transition } from '../findings/transition.ts';
import { DAY_MS } from './dates.ts';

/** Silences that end within this time are named, so that somebody can renew or drop them. */
export const ENDING_DAYS = 14;

export interface CaseNow {
  state: 'new' | 'acked' | 'snoozed' | 'judged' | 'cleared';
  assignee: string | null;
  ackedAt: string | null;
  verdict: Verdict | null;
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
  from: string;
  until: string;
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

type Period = { from: string; to: string };
const ms = (time: string) => Date.parse(time);

export function peopleOf(entries: readonly CaseEntry[], transitions: readonly Transition[], period: Period): People {
  const known = entries.filter(({ at }) => ms(at) <= ms(period.to)).toSorted((a, b) => a.seq - b.seq);
  const perFinding = Map.groupBy(transitions, ({ finding }) => finding.id);
  const cases = new Map([...perFinding].map(([id, told]) => [id, caseOf(told, ofFinding(known, id), period.to)]));
  const inPeriod = ({ at }: { at: string }) => ms(at) > ms(period.from);
  const verdicts = known.filter((entry) => entry.action === 'verdict').filter(inPeriod);
  return {
    cases,
    silences: [...snoozes(known, cases, period.to), ...covers(known, period.to)].toSorted(
      (a, b) => ms(a.until) - ms(b.until),
    ),
    verdicts: [...new Map(verdicts.map((entry) => [entry.finding, entry.verdict])).values()],
    ackMinutes: minutesTo(['ack', 'verdict'], known, perFinding, inPeriod),
    verdictMinutes: minutesTo(['verdict'], known, perFinding, inPeriod),
  };
}

function ofFinding(entries: readonly CaseEntry[], id: string): CaseEntry[] {
  return entries.filter((entry) => 'finding' in entry && entry.finding === id);
}

/** Decisions and transitions in one order; at the same time the sweep came first. */
function caseOf(told: readonly Transition[], entries: readonly CaseEntry[], to: string): CaseNow {
  const now: CaseNow = { state: 'new', assignee: null, ackedAt: null, verdict: null };
  const steps = [
    ...told.map((transition, index) => ({
      at: ms(transition.finding.at),
      run: () => afterTransition(now, transition, told[index - 1]),
    })),
    ...entries.map((entry) => ({ at: ms(entry.at), run: () => afterEntry(now, entry, to) })),
  ];
  for (const { run } of steps.toSorted((a, b) => a.at - b.at)) run();
  if (told.at(-1)?.finding.state === 'cleared') now.state = 'cleared';
  return now;
}

function afterTransition(now: CaseNow, { finding }: Transition, before: Transition | undefined): void {
  if (before === undefined) return;
  const worse = finding.severity < before.finding.severity && finding.severity !== 'INFO';
  const graver = finding.classification === 'distillation' || finding.classification === 'account_takeover';
  const grave = worse || (graver && before.finding.classification !== finding.classification);
  if (grave && (now.state === 'snoozed' || now.state === 'judged')) now.state = 'new';
}

function afterEntry(now: CaseNow, entry: CaseEntry, to: string): void {
  if (entry.action === 'assign') now.assignee = entry.to;
  if (entry.action === 'ack' && now.state !== 'judged') now.state = 'acked';
  if (entry.action === 'snooze')
    now.state = ms(entry.until) > ms(to) ? 'snoozed' : now.ackedAt === null ? 'new' : 'acked';
  if (entry.action === 'snooze-end') now.state = now.ackedAt === null ? 'new' : 'acked';
  if (entry.action === 'verdict') {
    now.verdict = entry.verdict;
    now.state = entry.verdict === 'confirmed' ? 'acked' : 'judged';
  }
  if (now.state === 'acked') now.ackedAt ??= entry.at;
}

function snoozes(entries: readonly CaseEntry[], cases: ReadonlyMap<string, CaseNow>, to: string): Silence[] {
  const last = new Map(
    entries.flatMap((entry) => (entry.action === 'snooze' && ms(entry.until) > ms(to) ? [[entry.finding, entry]] : [])),
  );
  return [...last.values()].flatMap(({ finding, owner, at, until, reason }) =>
    cases.get(finding)?.state === 'snoozed'
      ? [
          {
            id: finding,
            kind: 'snooze',
            scope: 'finding',
            classifications: [],
            owner,
            from: at,
            until,
            reason,
          } as const,
        ]
      : [],
  );
}

function covers(entries: readonly CaseEntry[], to: string): Silence[] {
  const ended = new Set(
    entries.flatMap((entry) => (entry.action === 'exception-end' || entry.action === 'plan-end' ? [entry.id] : [])),
  );
  return entries.flatMap((entry): Silence[] => {
    if (entry.action !== 'exception' && entry.action !== 'plan') return [];
    const { id, owner, reason } = entry;
    const until = entry.action === 'exception' ? entry.until : entry.to;
    if (ended.has(id) || ms(until) <= ms(to)) return [];
    const scope = Object.keys(entry.scope)[0] as Silence['scope'];
    const from = entry.action === 'exception' ? entry.at : entry.from;
    const classifications = entry.action === 'exception' ? entry.classifications : ['volume_anomaly'];
    return [{ id, kind: entry.action, scope, classifications, owner, from, until, reason }];
  });
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
