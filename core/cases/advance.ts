/**
 * Takes in what happened since the last look, in its order: people's entries, what falls due by itself, and at the end
 * a sweep. The clock is an argument, so a month of waiting is a test of milliseconds.
 */
import { graver } from '../findings/severity.ts';
import type { Transition } from '../findings/transition.ts';
import { isoTime } from '../records/time.ts';
import { type CaseBook, duesOf, type Findings, type SweepNews, type Telling } from './book.ts';
import { beginCase, type CaseState, isOpen } from './case-state.ts';
import { type Cover, coverOf, type Silence, silencesOf } from './cover.ts';
import type { CaseEntry } from './entry.ts';
import { isGrave } from './grave.ts';
import { Sayings, type TellingRules } from './sayings.ts';
import { BEGINS, type CaseEvent, cellOf, type StateName } from './state-table.ts';
import type { Due } from './timers.ts';

export interface AdvanceInput {
  /** The whole log. */
  log: readonly CaseEntry[];
  findings: Findings;
  /** Up to when; ms since 1970. A sweep in `news` comes last, whatever its own time. */
  now: number;
  news?: SweepNews;
  rules: TellingRules;
}

export interface Advanced {
  book: CaseBook;
  tellings: Telling[];
}

export function advance(book: CaseBook, input: AdvanceInput): Advanced {
  const run = new Run(structuredClone(book), input);
  return run.all();
}

class Run {
  private readonly book: CaseBook;
  private readonly input: AdvanceInput;
  private readonly silences: Silence[];
  private readonly sayings: Sayings;

  constructor(book: CaseBook, input: AdvanceInput) {
    this.book = book;
    this.input = input;
    this.silences = silencesOf(input.log);
    this.sayings = new Sayings(book.pages, input.rules);
  }

  all(): Advanced {
    const { now, news, log } = this.input;
    const entries = inOrder(log.slice(this.book.seq));
    for (;;) {
      const entry = entries[0];
      const due = this.nextDue();
      if (due !== undefined && due.at <= now && (entry === undefined || due.at <= entry.ms)) this.fallDue(due);
      else if (entry !== undefined && entry.ms <= now) {
        this.enter(entry.entry);
        entries.shift();
      } else break;
    }
    this.book.upTo = isoTime(now);
    if (news !== undefined && news.at > this.book.sweep) this.sweep(news);
    return { book: this.book, tellings: this.sayings.all };
  }

  // What falls due by itself.

  private nextDue(): Due | undefined {
    const dues = duesOf(this.book, this.silences);
    return dues.reduce<Due | undefined>(
      (first, due) => (first === undefined || due.at < first.at ? due : first),
      undefined,
    );
  }

  private fallDue(due: Due): void {
    const at = isoTime(due.at);
    if (due.what === 'cover') {
      this.book.upTo = at;
      this.coverAll(at);
      return;
    }
    const held = this.book.cases[due.finding]!;
    if (due.what === 'fold') {
      held.foldUntil = null;
      if (held.state === 'new' || held.state === 'acked')
        this.sayings.message(held, 'U', 'updated', at, 'changes of the last hours');
      return;
    }
    if (due.what === 'archive') this.apply(held, 'fourteen days', at, 'fourteen days after it was cleared');
    if (due.what === 'snooze') this.wake(held, at, 'the snooze is over');
    if (due.what === 'escalation') this.escalate(held, at);
  }

  private wake(held: CaseState, at: string, why: string): void {
    this.apply(held, held.material ? 'snooze ends, material meanwhile' : 'snooze ends', at, why);
  }

  private escalate(held: CaseState, at: string): void {
    held.reminders++;
    this.apply(held, 'escalation', at, `not acknowledged since ${held.unackedSince}`);
  }

  // What people decided.

  private enter(entry: CaseEntry): void {
    this.book.seq = entry.seq;
    if (!('finding' in entry)) {
      this.coverAll(entry.at);
      return;
    }
    const held = this.book.cases[entry.finding];
    if (held !== undefined) this.decide(held, entry);
  }

  private decide(held: CaseState, entry: Extract<CaseEntry, { finding: string }>): void {
    const { at, by } = entry;
    const event = eventOf(entry);
    if (event === undefined) {
      this.wake(held, at, `snooze ended by ${by}`);
      return;
    }
    if (cellOf(event, held.state) === 'x') return;
    // Who was first stays: a second acknowledgement says nothing new.
    if (event === 'ack' && held.state !== 'acked') Object.assign(held, { ackedBy: by, ackedAt: at });
    if (entry.action === 'assign') held.assignee = entry.to;
    if (entry.action === 'verdict') this.judge(held, entry);
    const words = entry.action === 'verdict' ? `verdict ${entry.verdict} by ${by}` : `${entry.action} by ${by}`;
    this.apply(held, event, at, words);
    if (entry.action === 'snooze') held.snooze = { until: entry.until, reason: entry.reason, owner: entry.owner, at };
    this.cover(held, at);
  }

  private judge(held: CaseState, { verdict, by, at, seq }: Extract<CaseEntry, { action: 'verdict' }>): void {
    Object.assign(held, { verdict, verdictBy: by, verdictAt: at, overtaken: false });
    if (verdict !== 'confirmed') return;
    if (held.state === 'covered') held.coverVoid = seq;
    if (held.ackedBy === null) Object.assign(held, { ackedBy: by, ackedAt: at });
  }

  // What a sweep saw.

  private sweep({ at, transitions }: SweepNews): void {
    this.book.sweep = at;
    for (const transition of transitions) this.take(transition);
    this.coverAll(at);
  }

  private take(transition: Transition): void {
    const { finding, context } = transition;
    const held = this.book.cases[finding.id];
    if (held === undefined) this.begin(transition);
    else if (context.message === 'cleared') this.clear(held, transition);
    else if (context.message === 'reopened') this.comeBack(held, transition);
    else this.update(held, transition);
  }

  private begin(transition: Transition): void {
    const { finding, context } = transition;
    const held = beginCase(transition);
    this.book.cases[finding.id] = held;
    if (context.message !== 'opened') {
      // Told by a version that kept no cases.
      held.messaged = true;
      if (context.message === 'cleared') this.clear(held, transition);
      else this.apply(held, 'updated, grave', finding.at, finding.reason ?? '');
      return;
    }
    const covered = this.look(held, finding.at).complete;
    const [state, said] = (covered ? BEGINS.covered : BEGINS.open).split('/') as [StateName, 'O' | 'd'];
    held.state = state;
    if (said === 'O') this.sayings.message(held, 'O', 'opened', finding.at, 'opened');
    else this.sayings.hold(held, finding.at, 'opened, all its certain accounts are excepted');
  }

  private clear(held: CaseState, transition: Transition): void {
    held.last = transition;
    held.clearedAt = transition.finding.at;
    this.apply(held, 'cleared', transition.finding.at, transition.finding.reason ?? 'cleared');
    held.foldUntil = null;
  }

  private comeBack(held: CaseState, transition: Transition): void {
    const { at, reason = 'reopened' } = transition.finding;
    const grave = isGrave(held.last.finding, transition.finding);
    held.last = transition;
    held.clearedAt = null;
    const benign = held.verdict?.startsWith('benign') === true && !held.overtaken && !grave;
    const covered = this.look(held, at).complete;
    const event = covered ? 'returns, covered' : benign ? 'returns, judged benign and not grave' : 'returns';
    this.apply(held, event, at, reason);
  }

  private update(held: CaseState, transition: Transition): void {
    const { at, reason = 'updated' } = transition.finding;
    const grave = isGrave(held.last.finding, transition.finding);
    const wasCovered = held.state === 'covered';
    if (graver(transition.finding.severity, held.last.finding.severity)) waitAnew(held);
    held.last = transition;
    const cover = this.look(held, at);
    if (!wasCovered && cover.complete) this.apply(held, 'cover complete', at, 'all its certain accounts are excepted');
    if (!grave && wasCovered && !cover.complete) this.uncover(held, at, reason);
    else if (!grave) this.apply(held, 'updated', at, reason);
    else
      this.apply(
        held,
        held.state === 'covered' && cover.complete ? 'updated, grave but covered' : 'updated, grave',
        at,
        reason,
      );
  }

  // What exceptions and plans cover.

  private coverAll(at: string): void {
    for (const held of Object.values(this.book.cases)) this.cover(held, at);
  }

  private cover(held: CaseState, at: string): void {
    if (!isOpen(held)) return;
    const { complete } = this.look(held, at);
    if (complete && held.state !== 'covered' && held.state !== 'judged')
      this.apply(held, 'cover complete', at, 'all its certain accounts are excepted');
    if (!complete && held.state === 'covered')
      this.uncover(held, at, 'no longer all its certain accounts are excepted');
  }

  private uncover(held: CaseState, at: string, why: string): void {
    this.apply(held, held.messaged ? 'cover ends' : 'cover ends, never messaged', at, why);
  }

  private look(held: CaseState, at: string): Cover {
    const { members = [], seen } = this.input.findings.get(held.finding) ?? {};
    const { finding } = held.last;
    const known = this.silences.filter(({ entry }) => entry.seq <= this.book.seq);
    const cover = coverOf({ finding, members, seen, coverVoid: held.coverVoid }, known, at);
    held.covers = cover.covers;
    return cover;
  }

  private apply(held: CaseState, event: CaseEvent, at: string, why: string): void {
    const cell = cellOf(event, held.state);
    if (cell === 'x' || cell === '-') return;
    const from = held.state;
    if (event === 'updated, grave' && from === 'judged') held.overtaken = true;
    held.state = cell.next === 'same' ? from : cell.next === 'before' ? held.before : cell.next;
    if (from !== 'snoozed' && held.state === 'snoozed') held.before = from === 'acked' ? 'acked' : 'new';
    if (held.state !== 'snoozed') held.snooze = null;
    if (held.state !== 'new') held.unackedSince = null;
    else if (from !== 'new') held.reminders = 0;
    // A line in the thread is no message that would begin the wait.
    if (from === 'snoozed' && held.state === 'new' && held.messaged) held.unackedSince = at;
    this.sayings.say(held, cell.said, event, at, why);
  }
}

/** A page just rang for it: who is on call has the time of the new severity, not what was left of the old one's. */
function waitAnew(held: CaseState): void {
  held.unackedSince = null;
  held.reminders = 0;
}

/** By their places; a clock that ran behind does not put an entry before the ones it followed. */
function inOrder(entries: readonly CaseEntry[]): { entry: CaseEntry; ms: number }[] {
  let latest = Number.NEGATIVE_INFINITY;
  return entries.map((entry) => {
    latest = Math.max(latest, Date.parse(entry.at));
    return { entry, ms: latest };
  });
}

/** Undefined for the end of a snooze: what it does depends on what came meanwhile. */
export function eventOf(entry: CaseEntry): CaseEvent | undefined {
  if (entry.action === 'verdict') return entry.verdict === 'confirmed' ? 'verdict confirmed' : 'verdict other';
  if (entry.action === 'ack' || entry.action === 'assign' || entry.action === 'note' || entry.action === 'snooze')
    return entry.action;
  return undefined;
}
