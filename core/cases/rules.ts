/** What an entry must fulfil before it may be added to the log, beyond its form. */
import type { Severity } from '../findings/finding.ts';
import { DAY_MS, HOUR_MS } from '../records/time.ts';
import { eventOf } from './advance.ts';
import type { CaseBook } from './book.ts';
import type { CaseState } from './case-state.ts';
import type { EntryOf, NewEntry } from './entry.ts';
import { cellOf } from './state-table.ts';

const MOST_MS = 90 * DAY_MS;
const MOST_SEV1_MS = 24 * HOUR_MS;
/** A second person must agree before these fall silent. */
const TWO_PEOPLE: readonly string[] = ['distillation', 'account_takeover'];

/** A decision that cannot be taken: one line that says what and why. */
export class CaseRuleError extends Error {
  override name = 'CaseRuleError';
}

export interface Checked {
  book: CaseBook;
  /** ms since 1970. */
  now: number;
}

/** @throws CaseRuleError */
export function checkEntry(entry: NewEntry, { book, now }: Checked): void {
  if (entry.action === 'exception') checkException(entry, now);
  else if (entry.action === 'plan') checkPlan(entry, now);
  else if ('finding' in entry) checkCase(entry, book, now);
}

function checkCase(entry: Extract<NewEntry, { finding: string }>, book: CaseBook, now: number): void {
  const held = book.cases[entry.finding];
  if (held === undefined) throw new CaseRuleError(`${entry.finding}: no such finding; stillwatch list names them`);
  const event = eventOf({ ...entry, seq: 1 });
  const refused = event === undefined ? held.state !== 'snoozed' : cellOf(event, held.state) === 'x';
  const what = entry.action === 'snooze-end' ? 'end of a snooze' : entry.action;
  if (refused) throw new CaseRuleError(`${held.finding} is ${stateWords(held)}: no ${what} is possible`);
  if (entry.action === 'snooze') checkSnooze(entry, held.last.finding.severity, now);
  if (entry.action === 'verdict') checkVerdict(entry, book);
}

/** `acked by mara since 2026-06-14T00:04:10.000Z` */
export function stateWords({ state, ackedBy, ackedAt, snooze, verdict, verdictBy, clearedAt }: CaseState): string {
  if (state === 'acked' && ackedBy !== null) return `acked by ${ackedBy} since ${ackedAt}`;
  if (state === 'snoozed' && snooze !== null) return `snoozed until ${snooze.until} by ${snooze.owner}`;
  if (state === 'judged' && verdict !== null) return `judged ${verdict} by ${verdictBy}`;
  if (state === 'cleared' && clearedAt !== null) return `cleared since ${clearedAt}`;
  return state;
}

function checkSnooze({ until }: Omit<EntryOf<'snooze'>, 'seq'>, severity: Severity, now: number): void {
  checkEnd(
    '--for',
    until,
    now,
    severity === 'SEV1' ? MOST_SEV1_MS : MOST_MS,
    severity === 'SEV1' ? '24 h while SEV1' : '90 days',
  );
}

function checkVerdict({ verdict, of, finding }: Omit<EntryOf<'verdict'>, 'seq'>, { cases }: CaseBook): void {
  if (verdict !== 'duplicate') {
    if (of !== undefined) throw new CaseRuleError(`--of ${of}: only a duplicate is one of another finding`);
    return;
  }
  if (of === undefined) throw new CaseRuleError('--of: a duplicate needs the finding that it repeats');
  if (of === finding || cases[of] === undefined) throw new CaseRuleError(`--of ${of}: no other finding of that id`);
}

function checkException(entry: Omit<EntryOf<'exception'>, 'seq'>, now: number): void {
  checkEnd('--until', entry.until, now, MOST_MS, '90 days');
  const grave = entry.classifications.filter((each) => TWO_PEOPLE.includes(each));
  if (grave.length === 0) return;
  if (entry.approvedBy === undefined)
    throw new CaseRuleError(`--approved-by: an exception for ${grave.join(', ')} needs a second person`);
  if (entry.approvedBy === entry.owner)
    throw new CaseRuleError(`--approved-by ${entry.approvedBy}: must be somebody other than the owner`);
}

function checkPlan({ from, to }: Omit<EntryOf<'plan'>, 'seq'>, now: number): void {
  if (Date.parse(to) <= Date.parse(from)) throw new CaseRuleError(`--to ${to}: must be after --from ${from}`);
  checkEnd('--to', to, now, MOST_MS, '90 days');
}

function checkEnd(option: string, end: string, now: number, most: number, words: string): void {
  const left = Date.parse(end) - now;
  if (left <= 0) throw new CaseRuleError(`${option} ${end}: is over already`);
  if (left > most) throw new CaseRuleError(`${option} ${end}: must end within ${words}`);
}
