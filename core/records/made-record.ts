/** The last steps of every record that is made here and not read: nothing undefined in it, and the contract held. */
import type { Fingerprinter } from './fingerprint.ts';
import { parseRecord } from './parse.ts';
import type { StillwatchRecord } from './schema.ts';
import { isoTime } from './time.ts';

/** Milliseconds to either side of 1970 that `Date` can hold (ECMA-262). */
const MAX_MS = 8.64e15;

/** RFC 3339 as it is; milliseconds since 1970 as RFC 3339. `what` is named when the number is no moment. */
export function momentOf(time: string | number, what: string): string {
  if (typeof time !== 'number') return time;
  if (!(Math.abs(time) <= MAX_MS)) throw new Error(`The ${what} makes no record: time is not milliseconds since 1970.`);
  return isoTime(time);
}

/** The fingerprint of an account, or the account itself where it identifies nobody; nothing stays nothing. */
export function accountOf({ account, accountIsPlain }: AccountName, fp: Fingerprinter): string {
  return accountIsPlain || account === '' ? account : fp.fingerprint('account', account);
}

interface AccountName {
  account: string;
  accountIsPlain?: boolean;
}

type Loose<T> = { [K in keyof T]?: T[K] | undefined };

/** Without its undefined fields; `undefined` where nothing is left. */
export function compact<T extends object>(value: Loose<T>): T | undefined {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return entries.length > 0 ? (Object.fromEntries(entries) as T) : undefined;
}

/** Throws, with the field and never its value, where the fields make no valid record. */
export function validRecord<T extends StillwatchRecord>(what: string, fields: Loose<T>): T {
  const parsed = parseRecord(compact<T>(fields));
  if (!parsed.ok) throw new Error(`The ${what} makes no record: ${parsed.path} is ${parsed.reason}.`);
  return parsed.record as T;
}
