/** All cases, and how far the log and the sweeps are taken in. Plain JSON: a store keeps it between two looks. */
import type { TrackedFinding } from '../campaigns/tracked.ts';
import type { Member } from '../findings/finding.ts';
import type { Transition } from '../findings/transition.ts';
import type { MessageWord } from '../messages/words.ts';
import { isoTime } from '../records/time.ts';
import type { CaseState, LastTold } from './case-state.ts';
import { endOf, type Seen, type Silence, silencesOf } from './cover.ts';
import type { CaseEntry } from './entry.ts';
import type { Said } from './state-table.ts';
import { type Due, dueOf } from './timers.ts';

export interface CaseBook {
  /** Time up to which everything is taken in. RFC 3339; empty before the first look. */
  upTo: string;
  /** Last entry of the log taken in. */
  seq: number;
  /** Last sweep taken in. RFC 3339; empty before the first. */
  sweep: string;
  cases: Record<string, CaseState>;
  /** Pages of the latest UTC day with one, and messages that were kept from paging. */
  pages: { day: string; sent: number; folded: number; foldedSince: string };
}

export const EMPTY_BOOK: CaseBook = {
  upTo: '',
  seq: 0,
  sweep: '',
  cases: {},
  pages: { day: '', sent: 0, folded: 0, foldedSince: '' },
};

/** Findings as the last sweep left them: who belongs to them now, and what silences are held against. */
export type Findings = ReadonlyMap<string, { members: readonly Member[]; seen?: Seen | undefined }>;

export function findingsOf(tracked: readonly TrackedFinding[]): Findings {
  return new Map(tracked.map(({ finding, members, seen }) => [finding.id, { members, seen }]));
}

export interface SweepNews {
  at: string;
  transitions: readonly Transition[];
}

/** One thing that happened to a case, whether anybody is told or not. */
export interface Telling {
  at: string;
  finding: string;
  said: Said;
  /** For what is sent: what it says. */
  word?: MessageWord;
  /** The reason, in words. */
  why: string;
  /** The case as it is then. */
  state: CaseState;
  /** The message before that was delivered. */
  since?: LastTold;
  /** Above the day's quota: it goes out, but pages nobody. */
  unpaged?: true;
}

/** For the watch: messages of the day that paged nobody. */
export function unpagedOn({ pages }: Pick<CaseBook, 'pages'>, now: number): { messages: number; since: number } {
  const today = isoTime(now).slice(0, 10);
  if (pages.day !== today || pages.folded === 0) return { messages: 0, since: now };
  return { messages: pages.folded, since: Date.parse(pages.foldedSince) };
}

/** When the next thing falls due by itself, ms since 1970; undefined where nothing will. */
export function nextDueOf(book: CaseBook, log: readonly CaseEntry[]): number | undefined {
  const dues = duesOf(book, silencesOf(log)).map(({ at }) => at);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

/** Ends of silences that are taken in count for all cases. */
export function duesOf({ cases, seq, upTo }: CaseBook, silences: readonly Silence[]): Due[] {
  const ends = silences
    .filter((silence) => silence.entry.seq <= seq && endOf(silence) > upTo)
    .map((silence): Due => ({ at: Date.parse(endOf(silence)), what: 'cover' }));
  return [...Object.values(cases).flatMap(dueOf), ...ends];
}
