/** What a conversation is told by the group that it belongs to. */
import type { Allowance } from './allowance.ts';
import type { Keepsakes } from './keepsakes.ts';
import type { Holder } from './person.ts';
import type { Platform } from './platform.ts';
import type { Random } from './random.ts';
import type { Ledger } from './truth.ts';
import type { Subject } from './voice.ts';

/** What the conversations of one group have in common. They draw from `random` in time order. */
export interface Stage {
  platform: Platform;
  random: Random;
  /** Counts them. */
  ledger: Ledger | undefined;
  /** Hears what is said. */
  keepsakes?: Keepsakes | undefined;
}

/** What a conversation turns out to be once it begins. */
export interface Opened {
  holder: Holder;
  subject: Subject;
  /** Outputs of elsewhere that its first turn carries in. */
  brings?: readonly string[] | undefined;
  /** What the plan lets the account do today; absent where there is no limit. */
  allowance?: Allowance | undefined;
}

/** Whoever begins a conversation: asked when its time has come, so that a day's plan holds no persons. */
export interface Speaker {
  open(random: Random, instant: number): Opened;
}
