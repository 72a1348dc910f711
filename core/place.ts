/**
 * A place: where findings, their messages and people's decisions lie. A folder that a replay wrote, or the tables of a
 * deployment; every command reads both through this port and prints the same.
 */
import type { CaseBook, Findings } from './cases/book.ts';
import type { CaseEntry, NewEntry, Scope } from './cases/entry.ts';
import type { DossierLog } from './dossier/chain.ts';
import type { Member } from './findings/finding.ts';
import type { Transition } from './findings/transition.ts';
import type { Envelope } from './messages/envelope.ts';
import type { Channel } from './outbox/outbox.ts';

/** One channel's copy of a message. */
export interface Delivery {
  channel: Channel;
  /** `written`: to the outbox of a folder, from where nothing is sent. `overtaken`: stale before its hours came. */
  state: 'written' | 'pending' | 'sent' | 'failed' | 'overtaken';
  attempts: number;
  /** Why the last attempt failed, in one line. */
  error?: string;
  /** What the channel answered. */
  receipt?: string;
  /** When it was sent, given up or overtaken. RFC 3339. */
  settled?: string;
  /** While it is pending: when it is tried next. RFC 3339. */
  due?: string;
}

export interface ToldMessage {
  /** The message's own time, not that of sending. RFC 3339. */
  at: string;
  message: Envelope;
  deliveries: Delivery[];
}

/** The log of decisions. Entries have the places 1, 2, 3, ...; none is ever changed or removed. */
export interface CaseLog {
  /** All entries behind the place `after`, in order. */
  read(after?: number): Promise<CaseEntry[]>;
  /**
   * Adds one entry behind the place `after`, the last one that its author knew; undefined, and nothing written, where
   * somebody was faster.
   */
  append(entry: NewEntry, after: number): Promise<CaseEntry | undefined>;
}

export interface Place {
  /** As `--at` names it. */
  readonly name: string;
  /** All transitions, in time order. */
  transitions(): Promise<Transition[]>;
  /** Every account that a finding ever held, `confidence` as it last was; of one finding where it is named. */
  members(finding?: string): Promise<Member[]>;
  /** The members that the figures of a finding's last message are of: since then some may have come, gone or moved. */
  membersWhenTold(finding: string): Promise<Member[]>;
  /** Messages still kept, in time order, those of the watch itself too; of one finding where it is named. */
  messages(finding?: string): Promise<ToldMessage[]>;
  readonly cases: CaseLog;
  /** The dossiers made of its findings, each chained to the one before it. */
  readonly dossiers: DossierLog;
  /** Cases as of the last look, and the findings they are about as the last sweep left them. */
  desk(): Promise<Desk>;
  /** Whether there is an account, an organisation or a template of that name. */
  knows(scope: Scope): Promise<boolean>;
}

export interface Desk {
  book: CaseBook;
  findings: Findings;
}

/** In time order; of the same time, as they are. */
export function byTime(messages: readonly ToldMessage[]): ToldMessage[] {
  return messages.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
