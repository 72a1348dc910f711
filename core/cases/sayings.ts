/** What is said of a case: messages, lines in its thread, and what only the daily digest tells. */
import type { Severity } from '../findings/finding.ts';
import { digestId } from '../messages/envelope.ts';
import type { MessageWord } from '../messages/words.ts';
import { isoTime } from '../records/time.ts';
import type { CaseBook, Telling } from './book.ts';
import type { CaseState, LastTold } from './case-state.ts';
import type { CaseEvent, Said } from './state-table.ts';

export interface TellingRules {
  deployment: string;
  /** How long changes that are not grave wait for each other after a message. */
  foldMs: number;
  maxPagesPerDay: number;
  /** Whether a message reached anybody; left out where everything does. */
  delivered?: (messageId: string) => boolean;
}

/** Messages that the next one may be compared with: of the latest few one was delivered. */
const KEPT = 4;

const MESSAGE_WORDS: Partial<Record<Said, MessageWord>> = {
  O: 'opened',
  U: 'updated',
  R: 'reopened',
  C: 'cleared',
  M: 'reminder',
};

const LINE_WORDS: Partial<Record<CaseEvent, MessageWord>> = {
  ack: 'acked',
  assign: 'assigned',
  snooze: 'snoozed',
  'snooze ends': 'resumed',
  'verdict confirmed': 'acked',
  'verdict other': 'judged',
  'cover complete': 'covered',
};

/** Of those that ring. */
const PAGES: readonly Severity[] = ['SEV1', 'SEV2'];

export class Sayings {
  readonly all: Telling[] = [];
  private readonly pages: CaseBook['pages'];
  private readonly rules: TellingRules;

  constructor(pages: CaseBook['pages'], rules: TellingRules) {
    this.pages = pages;
    this.rules = rules;
  }

  say(held: CaseState, said: Said, event: CaseEvent, at: string, why: string): void {
    if (said === '-') return;
    if (said === 'd') this.hold(held, at, why);
    else if (said === 'l') this.line(held, LINE_WORDS[event]!, at, why);
    else if (said === 'U' && event === 'updated' && this.waits(held, at)) this.fold(held, at, why);
    else this.message(held, said, MESSAGE_WORDS[said]!, at, why);
  }

  message(held: CaseState, said: Said, word: MessageWord, at: string, why: string): void {
    const since = this.lastDelivered(held);
    if (said !== 'M' && said !== 'C') this.awaitAck(held, said, at);
    held.messaged = true;
    held.sequence++;
    held.material = false;
    held.foldUntil = null;
    const messageId = digestId(this.rules.deployment, held.finding, at, word);
    if (said !== 'M') held.told = [...held.told, { messageId, at, finding: held.last.finding }].slice(-KEPT);
    this.tell(held, { said, word, at, why, ...(since ? { since } : {}), ...this.paging(held, said, at) });
  }

  /** For the digest only; what a silence holds back is told when it ends. */
  hold(held: CaseState, at: string, why: string): void {
    held.material = true;
    this.tell(held, { said: 'd', at, why });
  }

  /** Where nothing was ever said there is no thread to add to. */
  private line(held: CaseState, word: MessageWord, at: string, why: string): void {
    if (held.messaged) this.tell(held, { said: 'l', word, at, why });
    else this.tell(held, { said: 'd', at, why });
  }

  private tell(held: CaseState, telling: Omit<Telling, 'finding' | 'state'>): void {
    this.all.push({ finding: held.finding, state: structuredClone(held), ...telling });
  }

  private waits(held: CaseState, at: string): boolean {
    const last = held.told.at(-1);
    return last !== undefined && Date.parse(at) - Date.parse(last.at) < this.rules.foldMs;
  }

  private fold(held: CaseState, at: string, why: string): void {
    held.foldUntil ??= isoTime(Date.parse(held.told.at(-1)!.at) + this.rules.foldMs);
    this.hold(held, at, why);
  }

  /** A new wait for an acknowledgement begins; one that runs goes on. */
  private awaitAck(held: CaseState, said: Said, at: string): void {
    if (held.state !== 'new') return;
    if (said === 'O' || said === 'R' || held.unackedSince === null) held.unackedSince = at;
  }

  private lastDelivered({ told }: CaseState): LastTold | undefined {
    const { delivered = () => true } = this.rules;
    return told.findLast(({ messageId }) => delivered(messageId));
  }

  private paging({ last }: CaseState, said: Said, at: string): Pick<Telling, 'unpaged'> {
    const { severity } = last.finding;
    if (said === 'M' || said === 'C' || !PAGES.includes(severity)) return {};
    const day = at.slice(0, 10);
    if (day !== this.pages.day) Object.assign(this.pages, { day, sent: 0, folded: 0, foldedSince: '' });
    if (severity === 'SEV2' && this.pages.sent >= this.rules.maxPagesPerDay) {
      if (this.pages.folded++ === 0) this.pages.foldedSince = at;
      return { unpaged: true };
    }
    this.pages.sent++;
    return {};
  }
}
