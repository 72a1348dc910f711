/**
 * What counts as the return of a cleared campaign. It returns as it comes: as many accounts at work as make a campaign.
 * What is left of one after a ban and used now and then is no return, nor is evidence that memory still holds.
 */
import type { Settings } from '../settings.ts';

/** Of the accounts of a campaign that the sweep lets through: the share at work that is a return, however small it is. */
const BACK_SHARE = 0.5;

export interface AtWork {
  /** Accounts with an exchange of status `ok` since it was cleared: certain ones, or any where none is certain. */
  working: number;
  /** All such accounts. */
  held: number;
  /** Whether this sweep lets it through. */
  through: boolean;
}

export function isReturn({ working, held, through }: AtWork, { detection }: Settings): boolean {
  return working >= detection.minAccounts || (through && working > 0 && working >= BACK_SHARE * held);
}

/** `last`: when each account last worked, ms since 1970. */
export function atWorkSince(clearedAt: string, last: readonly number[]): number {
  const since = Date.parse(clearedAt);
  return last.filter((time) => time >= since).length;
}
