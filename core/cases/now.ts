/** The cases as they stand: what was taken in at the last look, and all that came since. */
import type { Transition } from '../findings/transition.ts';
import type { CaseLog, Place } from '../place.ts';
import { advance } from './advance.ts';
import { type CaseBook, EMPTY_BOOK, type Findings } from './book.ts';
import type { CaseState } from './case-state.ts';
import type { CaseEntry } from './entry.ts';

/** Rules of telling: they bear on messages, not on states. */
const SILENT = { deployment: '', foldMs: 0, maxPagesPerDay: Number.MAX_SAFE_INTEGER };

export type CaseStates = ReadonlyMap<string, CaseState>;

export interface CasesNow {
  book: CaseBook;
  log: CaseEntry[];
  findings: Findings;
  /** By the finding's id. */
  states: CaseStates;
}

/** What cases are folded from. */
export interface CaseSources {
  log: readonly CaseEntry[];
  findings: Findings;
  /** In time order. */
  transitions: readonly Transition[];
}

/** `now` in ms since 1970. */
export async function casesNow(
  place: Pick<Place, 'desk' | 'transitions'> & { cases: CaseLog },
  now: number,
): Promise<CasesNow> {
  const [{ book: kept, findings }, log, transitions] = await Promise.all([
    place.desk(),
    place.cases.read(),
    place.transitions(),
  ]);
  const book = takenIn(kept, { log, findings, transitions }, now);
  return { book, log, findings, states: statesOf(book) };
}

/** The cases at a time, ms since 1970, folded from the beginning: the same sources give the same on any later day. */
export function casesAt(sources: CaseSources, at: number): CaseStates {
  const transitions = sources.transitions.filter(({ finding }) => Date.parse(finding.at) <= at);
  return statesOf(takenIn(EMPTY_BOOK, { ...sources, transitions }, at));
}

function takenIn(kept: CaseBook, { log, findings, transitions }: CaseSources, now: number): CaseBook {
  const later = transitions.filter(({ finding }) => finding.at > kept.sweep);
  let book = kept;
  for (const [at, news] of Map.groupBy(later, ({ finding }) => finding.at))
    ({ book } = advance(book, { log, findings, now: Date.parse(at), news: { at, transitions: news }, rules: SILENT }));
  return advance(book, { log, findings, now, rules: SILENT }).book;
}

const statesOf = ({ cases }: CaseBook): CaseStates => new Map(Object.entries(cases));
