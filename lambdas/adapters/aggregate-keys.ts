/**
 * Where an account's items lie. The part is the first byte of a hash of the account, and a segment of a sweep is a set of
 * parts. What is known of its accounts lies in one partition, their days in another, which is sorted by day: a sweep reads
 * the days that it wants. Sort keys have the whole hash, so that no name an account may have can break the order.
 */
import { createHash } from 'node:crypto';

/** Never change it: it decides where an account is found. */
const PARTS = 256;
/** Models that became available; few, and in one partition apart. */
export const RELEASES = 'releases';

export interface Key {
  pk: string;
  sk: string;
}

export function dayKey(account: string, day: number): Key {
  const { part, hash } = placeOf(account);
  return { pk: daysOf(part), sk: `${sortableDay(day)}#${hash}` };
}

/** The partition of all account-days of a part. */
export function daysOf(part: string): string {
  return `${part}#days`;
}

/** Where layout 1 put an account-day, beside what is known of the account. What lies there stays there until it expires. */
export function formerDayKey(account: string, day: number): Key {
  const { part, hash } = placeOf(account);
  return { pk: part, sk: `${hash}#d${String(day).padStart(10, '0')}` };
}

/** Ids of an account-day that its own item, at `key`, has no room for. A partition apart: no sweep reads them. */
export function idFileKey({ pk, sk }: Key, index: number): Key {
  return { pk: `${pk}#ids`, sk: `${sk}#${String(index).padStart(5, '0')}` };
}

export function factsKey(account: string): Key {
  const { part, hash } = placeOf(account);
  return { pk: part, sk: `${hash}#a` };
}

/** Says when an account-day of the account's part was last written after its day had ended. */
export function lateKey(account: string, day: number): Key {
  return { pk: lateOf(placeOf(account).part), sk: sortableDay(day) };
}

/** The partition of what came late to a part. */
export function lateOf(part: string): string {
  return `${part}#late`;
}

function placeOf(account: string): { part: string; hash: string } {
  const hash = createHash('sha256').update(account).digest('hex');
  return { part: hash.slice(0, 2), hash };
}

export function partsOf(segment: number, segments: number): string[] {
  const parts: string[] = [];
  for (let i = segment; i < PARTS; i += segments) parts.push(i.toString(16).padStart(2, '0'));
  return parts;
}

/** A day since 1970 whose text order is number order. */
export function sortableDay(day: number): string {
  return String(day).padStart(6, '0');
}
