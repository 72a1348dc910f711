/** What a hostile scenario is: its usual extent, what its operator does differently, and how its load develops. */
import type { Source } from '../crowd.ts';
import type { Opening } from '../operator/operator.ts';
import type { OperatorSettings } from '../operator/settings.ts';
import type { Random } from '../random.ts';
import type { Voice } from '../voice.ts';

export interface Adversary {
  id: string;
  title: string;
  /** Published or usual extent; a world may scale it. */
  accounts: number;
  /** Exchanges per account and day. */
  ratePerDay: number;
  days: number;
  settings: Partial<OperatorSettings>;
  /** Load of day `day` of `days` over full load; constant where absent. */
  load?(day: number, days: number): number;
  /** Share of the accounts in use on that day, never falling; all where absent. */
  inUse?(day: number, days: number): number;
  /** Replaces what the operator has its accounts ask. */
  voice?(opening: Opening, random: Random): Voice;
  /** Replaces the pool that one dispatcher feeds. */
  open?(opening: Opening): Source;
}
