/** A case and what happens to it, one thing at a time, on a clock of its own. */
import { advance } from '../../../core/cases/advance.ts';
import { type CaseBook, EMPTY_BOOK, type Findings, type Telling } from '../../../core/cases/book.ts';
import type { CaseState } from '../../../core/cases/case-state.ts';
import type { Seen } from '../../../core/cases/cover.ts';
import { type CaseEntry, type NewEntry, parseEntry } from '../../../core/cases/entry.ts';
import type { TellingRules } from '../../../core/cases/sayings.ts';
import type { Finding, Member } from '../../../core/findings/finding.ts';
import type { TransitionContext } from '../../../core/findings/transition.ts';
import { isoTime } from '../../../core/records/time.ts';
import { transition } from '../../contracts/sample-findings.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.parse('2026-05-15T00:00:00.000Z');
export const ID = 'cmp-1';

export const RULES: TellingRules = { deployment: 'test', foldMs: 6 * HOUR, maxPagesPerDay: 20 };

type Action<A extends CaseEntry['action']> = Omit<Extract<NewEntry, { action: A }>, 'at' | 'by'>;
type AnyAction = { [A in CaseEntry['action']]: Action<A> }[CaseEntry['action']];

export class World {
  now = START;
  book: CaseBook = EMPTY_BOOK;
  readonly log: CaseEntry[] = [];
  readonly tellings: Telling[] = [];
  rules = RULES;
  members: Member[] = membersOf(['a', 'b', 'c']);
  seen: Partial<Seen> = {};
  private last: Partial<Finding> = {};

  get held(): CaseState {
    return this.book.cases[ID]!;
  }

  /** What was said since it was last asked, as the table has it. */
  said(): string {
    return this.heard()
      .map(({ said }) => said)
      .join('');
  }

  heard(): Telling[] {
    return this.tellings.splice(0);
  }

  wait(ms: number): this {
    this.now += ms;
    return this.advance();
  }

  decide(action: AnyAction, by = 'mara'): this {
    const entry = { ...action, by, at: isoTime(this.now), seq: this.log.length + 1 };
    this.log.push(parseEntry(entry));
    return this.advance();
  }

  sweep(finding?: Partial<Finding>, context: Partial<TransitionContext> = {}, id = ID): this {
    const at = isoTime(this.now);
    if (finding) this.last = { ...this.last, ...finding };
    const news = finding
      ? [transition(id, { state: 'updated', ...this.last, at }, { message: 'updated', ...context })]
      : [];
    return this.advance({ at, transitions: news });
  }

  open(finding: Partial<Finding> = {}, id = ID): this {
    return this.sweep({ state: 'opened', ...finding }, { message: 'opened' }, id);
  }

  update(finding: Partial<Finding> = {}): this {
    return this.sweep({ state: 'updated', reason: 'exchanges doubled', ...finding });
  }

  clear(): this {
    return this.sweep({ state: 'cleared', reason: 'quiet' }, { message: 'cleared' });
  }

  reopen(finding: Partial<Finding> = {}): this {
    return this.sweep({ state: 'updated', reason: 'reopened: again', ...finding }, { message: 'reopened' });
  }

  except(accounts: readonly string[], more: Partial<Action<'exception'>> = {}): this {
    for (const account of accounts)
      this.decide({
        action: 'exception',
        id: `exc-${this.log.length}`,
        scope: { account },
        classifications: ['distillation'],
        until: isoTime(this.now + 30 * DAY),
        reason: 'ours',
        owner: 'lee',
        approvedBy: 'kim',
        ...more,
      });
    return this;
  }

  private advance(news?: { at: string; transitions: ReturnType<typeof transition>[] }): this {
    const { log, now, rules } = this;
    const seen: Seen = { dataTo: isoTime(now - MINUTE), daily: [], reach: {}, ...this.seen };
    const findings: Findings = new Map([[ID, { members: this.members, seen }]]);
    const result = advance(this.book, { log, findings, now, rules, ...(news ? { news } : {}) });
    this.book = result.book;
    this.tellings.push(...result.tellings);
    return this;
  }
}

export function membersOf(accounts: readonly string[], confidence: Member['confidence'] = 'certain'): Member[] {
  return accounts.map((account) => ({
    finding: ID,
    account,
    confidence,
    claimed: isoTime(START),
    since: isoTime(START),
  }));
}
