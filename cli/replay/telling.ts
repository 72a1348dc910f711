/** What a replay would have told: the cases advance with every sweep, by the log in its folder and at its own times. */

import type { TrackedFinding } from '../../core/campaigns/tracked.ts';
import { advance } from '../../core/cases/advance.ts';
import {
  type CaseBook,
  EMPTY_BOOK,
  type Findings,
  findingsOf,
  type Telling,
  unpagedOn,
} from '../../core/cases/book.ts';
import type { CaseEntry } from '../../core/cases/entry.ts';
import { messageOf, rulesOf } from '../../core/cases/telling.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type { Envelope } from '../../core/messages/envelope.ts';
import type { MessageSettings } from '../../core/messages/settings.ts';
import { watchEnvelope } from '../../core/messages/watch-envelope.ts';
import type { Settings } from '../../core/settings.ts';
import { type WatchMemory, watch } from '../../core/watch/watch.ts';

export interface ToldByReplay {
  at: string;
  message: Envelope;
  /** Goes to no channel that rings. */
  unpaged: boolean;
}

export class ReplayTeller {
  readonly told: ToldByReplay[] = [];
  readonly tellings: Telling[] = [];
  book: CaseBook = EMPTY_BOOK;
  private findings: Findings = new Map();
  private watched: WatchMemory = {};
  private readonly log: readonly CaseEntry[];
  private readonly settings: Settings;
  private readonly messages: MessageSettings;

  constructor(log: readonly CaseEntry[], settings: Settings, messages: MessageSettings) {
    this.log = log;
    this.settings = settings;
    this.messages = messages;
  }

  /** What happened up to a sweep by the findings before it, then the sweep by its own. */
  sweep(at: string, transitions: readonly Transition[], tracked: readonly TrackedFinding[]): void {
    const now = Date.parse(at);
    this.advance(now - 1);
    this.findings = findingsOf(tracked);
    this.advance(now, { at, transitions });
    this.watchPages(now);
  }

  private advance(now: number, news?: { at: string; transitions: readonly Transition[] }): void {
    const { log, findings } = this;
    const rules = rulesOf(this.settings);
    const { book, tellings } = advance(this.book, { log, findings, now, rules, ...(news ? { news } : {}) });
    this.book = book;
    this.tellings.push(...tellings);
    for (const telling of tellings) {
      const message = messageOf(telling, this.messages);
      if (message) this.told.push({ at: telling.at, message, unpaged: telling.unpaged === true });
    }
  }

  private watchPages(now: number): void {
    const { alarms, memory } = watch({ at: now, unpaged: unpagedOn(this.book, now) }, this.watched);
    this.watched = memory;
    for (const alarm of alarms)
      this.told.push({ at: alarm.at, message: watchEnvelope(alarm, this.messages), unpaged: false });
  }
}
