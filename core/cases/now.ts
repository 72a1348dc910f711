/** The cases as they stand: what was taken in at the last look, and all that came since. */
import type { CaseLog, Place } from '../place.ts';
import { advance } from './advance.ts';
import type { CaseBook, Findings } from './book.ts';
import type { CaseState } from './case-state.ts';
import type { CaseEntry } from './entry.ts';

/** Rules of telling: they bear on messages, not on states. */
const SILENT = { deployment: '', foldMs: 0, maxPagesPerDay: Number.MAX_SAFE_INTEGER };

export interface CasesNow {
  book: CaseBook;
  log: CaseEntry[];
  findings: Findings;
  /** By the finding's id. */
  states: ReadonlyMap<string, CaseState>;
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
  const later = transitions.filter(({ finding }) => finding.at > kept.sweep);
  let book = kept;
  for (const [at, news] of Map.groupBy(later, ({ finding }) => finding.at))
    ({ book } = advance(book, { log, findings, now: Date.parse(at), news: { at, transitions: news }, rules: SILENT }));
  ({ book } = advance(book, { log, findings, now, rules: SILENT }));
  return { book, log, findings, states: new Map(Object.entries(book.cases)) };
}
