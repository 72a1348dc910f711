/** Whoever holds an account: what the platform knows of it, where it calls from and with which client. */
import type { AccountRecord } from '../../core/records/schema.ts';
import type { Weighted } from './choices.ts';
import type { ClientHabit } from './clients.ts';
import { iso } from './clock.ts';
import type { Tier } from './models.ts';
import type { Place } from './networks.ts';
import type { Random } from './random.ts';
import type { Voice } from './voice.ts';

export interface Holder {
  /** The account's number inside its group; keys its addresses. */
  number: number;
  account: AccountRecord;
  client: ClientHabit;
  /** Where the next conversation comes from. */
  place(random: Random, instant: number): Place;
  /** Size of model it asks for. */
  tiers: Weighted<Tier>;
  /** Days it takes to follow a release. */
  lagDays: number;
  /** Share of exchanges that run into a rate limit. */
  throttled: number;
}

export interface Person extends Holder {
  voice: Voice;
  /** Whoever uses the account in a conversation that begins now, where that is not always the same person. */
  behind?(random: Random, instant: number): Person;
}

/** The record sent at sign-up: what is known, and when it became known. */
export function signUp(
  id: string,
  bornAt: number,
  known: Omit<AccountRecord, 'type' | 'time' | 'account'>,
): AccountRecord {
  const at = iso(bornAt);
  return { type: 'account', time: at, account: id, createdAt: at, ...known };
}
