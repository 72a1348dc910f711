/** One case as the fold of the log and the finding's transitions leaves it. Plain JSON, so that a store can keep it. */
import type { Finding } from '../findings/finding.ts';
import type { Transition } from '../findings/transition.ts';
import type { CaseView } from '../messages/case-view.ts';
import type { Verdict } from './entry.ts';
import type { StateName } from './state-table.ts';

/** What was said last, for the next message to compare with. */
export interface LastTold {
  messageId: string;
  at: string;
  finding: Finding;
}

export interface CaseState {
  finding: string;
  state: StateName;
  /** Where a snooze goes back to. */
  before: 'new' | 'acked';
  assignee: string | null;
  ackedBy: string | null;
  ackedAt: string | null;
  /** The latest; earlier ones are in the log. */
  verdict: Verdict | null;
  verdictBy: string | null;
  verdictAt: string | null;
  /** Something grave came after the verdict. */
  overtaken: boolean;
  snooze: { until: string; reason: string; owner: string; at: string } | null;
  /** Exceptions and plans that cover certain accounts of it. */
  covers: { id: string; accounts: number; until: string }[];
  /** Exceptions and plans up to this place in the log cover it no longer: it was confirmed. */
  coverVoid: number;
  /** Whether a message on it ever went out. */
  messaged: boolean;
  /** Messages so far, lines left out. */
  sequence: number;
  /** Something material happened that no message told yet. */
  material: boolean;
  /** When changes that wait are told in one message. */
  foldUntil: string | null;
  /** When the wait for an acknowledgement began; null while nobody need acknowledge. */
  unackedSince: string | null;
  reminders: number;
  openedAt: string;
  clearedAt: string | null;
  /** The finding's last transition. */
  last: Transition;
  /** The latest messages, newest last: of a few, one was delivered. */
  told: LastTold[];
}

export function beginCase(last: Transition): CaseState {
  const { finding } = last;
  return {
    finding: finding.id,
    state: 'new',
    before: 'new',
    assignee: null,
    ackedBy: null,
    ackedAt: null,
    verdict: null,
    verdictBy: null,
    verdictAt: null,
    overtaken: false,
    snooze: null,
    covers: [],
    coverVoid: 0,
    messaged: false,
    sequence: 0,
    material: false,
    foldUntil: null,
    unackedSince: null,
    reminders: 0,
    openedAt: finding.at,
    clearedAt: null,
    last,
    told: [],
  };
}

/** As far as a message may tell it. */
export function caseView({ state, assignee, ackedBy, ackedAt, verdict, covers }: CaseState): CaseView {
  return { state, assignee, ackedBy, ackedAt, verdict, exceptions: covers };
}

export function isOpen({ state }: CaseState): boolean {
  return state !== 'cleared' && state !== 'archived';
}
