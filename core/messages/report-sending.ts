/**
 * One mail per report: what a run does that finds an earlier one's claim. Pure; the claim is kept by a conditional write
 * before each sending, so that of two runs one sends.
 */
import { createHash } from 'node:crypto';
import { compact, coveragePercent, exact, percent } from './numbers.ts';
import type { ReportData } from './report-data.ts';
import { answer, fourFigures } from './report-words.ts';

/** Figures by which two states of a report are told apart, and named to people. */
export type Headline = Record<string, string>;

export interface Sending {
  hash: string;
  figures: Headline;
  /** When it was begun, then when it was sent; ms since 1970. */
  at: number;
  /** `sending`: handed to the mail service, and nothing is known yet. */
  state: 'sending' | 'sent';
  /** The run that began it. */
  run: string;
}

export interface ReportClaim {
  first: Sending;
  correction?: Sending;
}

/** A call whose outcome is unknown is left this long for the mail service to say that it did send. */
export const UNKNOWN_MS = 10 * 60_000;
/** Later changes wait for the next report. */
export const CORRECT_MS = 48 * 3_600_000;

export type NextStep =
  | { do: 'send'; claim: ReportClaim }
  | { do: 'correct'; claim: ReportClaim; was: Headline }
  /** Sent already, or changed too late: nothing to do. */
  | { do: 'nothing'; because: 'sent' | 'waits for the next report' }
  /** Another run may have sent it a moment ago. */
  | { do: 'wait' };

export function nextStep(held: ReportClaim | undefined, own: Omit<Sending, 'state'>): NextStep {
  const begun: Sending = { ...own, state: 'sending' };
  if (held === undefined) return { do: 'send', claim: { first: begun } };
  const { first, correction } = held;
  if (first.state === 'sending') {
    return own.at - first.at < UNKNOWN_MS ? { do: 'wait' } : { do: 'send', claim: { first: begun } };
  }
  if (correction?.state === 'sending') {
    if (own.at - correction.at < UNKNOWN_MS) return { do: 'wait' };
    return { do: 'correct', claim: { first, correction: begun }, was: first.figures };
  }
  if (own.hash === (correction ?? first).hash) return { do: 'nothing', because: 'sent' };
  if (correction || own.at - first.at > CORRECT_MS) return { do: 'nothing', because: 'waits for the next report' };
  return { do: 'correct', claim: { first, correction: begun }, was: first.figures };
}

/** The claim once the mail service took the mail that is under way, or said later that it had. */
export function settled(held: ReportClaim, at: number): ReportClaim {
  const { first, correction } = held;
  if (correction?.state === 'sending') return { first, correction: { ...correction, state: 'sent', at } };
  return first.state === 'sending' ? { ...held, first: { ...first, state: 'sent', at } } : held;
}

/** What a reader would want to know has changed: no count of deliveries, no version, no picture. */
export function headlineOf(report: ReportData): Headline {
  const { health, now } = report;
  const items = [...report.campaigns, ...report.consumers].map((item): [string, string] => {
    const four = fourFigures(item);
    const state = item.open ? item.finding.severity : 'cleared';
    return [
      item.finding.id,
      `${four.accounts} accounts, ${four.exchanges} exchanges, ${compact(item.finding.outputTokens)} output tokens, ${state}`,
    ];
  });
  return {
    answer: answer(report),
    'output to campaigns': `${compact(now.campaigns)} of ${compact(now.all)}, ${now.all > 0 ? percent(now.campaigns / now.all) : 'share not known'}`,
    coverage: coveragePercent(health.coverage),
    records: `${exact(health.records)}, ${exact(health.quarantined)} quarantined, ${exact(health.late)} late`,
    sweeps: `${exact(health.sweeps)}, ${exact(health.sweepsMissed ?? 0)} missed`,
    'recount drift': exact(health.audit?.drifted ?? 0),
    ...Object.fromEntries(items),
  };
}

export function hashOf(figures: Headline): string {
  const pairs = Object.entries(figures).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(pairs)).digest('hex');
}

/** `coverage: was 88.1%, is 99.2%`, one line a figure that differs. */
export function changes(was: Headline, is: Headline): string[] {
  return [...new Set([...Object.keys(is), ...Object.keys(was)])]
    .filter((name) => was[name] !== is[name])
    .map((name) => `${name}: was ${was[name] ?? 'not there'}, is ${is[name] ?? 'gone'}`);
}
