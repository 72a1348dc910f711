/**
 * Where an account's items lie. The partition is the first byte of a hash of the account, so that a segment is a set
 * of partitions: a query reads each in key order, which a scan does not promise. The sort key begins with the whole
 * hash, so that an account's items are neighbours and no name an account may have can break the order.
 */
import { createHash } from 'node:crypto';

/** Never change it: it decides where an account is found. */
export const PARTITIONS = 256;
/** Models that became available; few, and in one partition apart. */
export const RELEASES = 'releases';

/** Sorts before the days, so that a reader has the facts first. */
const FACTS = 'a';
const DAY = 'd';

export interface AccountKey {
  pk: string;
  /** Sort-key prefix. */
  prefix: string;
}

export function accountKey(account: string): AccountKey {
  const hash = createHash('sha256').update(account).digest('hex');
  return { pk: hash.slice(0, 2), prefix: hash };
}

/** The digits keep ten places, so that text order is number order; days before 1970 do not exist in the contract. */
export function dayKey(account: string, day: number): { pk: string; sk: string } {
  const { pk, prefix } = accountKey(account);
  return { pk, sk: `${prefix}#${DAY}${String(day).padStart(10, '0')}` };
}

/** Ids of an account-day that its own item has no room for. A partition apart: no sweep reads them. */
export function idFileKey(account: string, day: number, index: number): { pk: string; sk: string } {
  const { pk, sk } = dayKey(account, day);
  return { pk: `${pk}#ids`, sk: `${sk}#${String(index).padStart(5, '0')}` };
}

export function factsKey(account: string): { pk: string; sk: string } {
  const { pk, prefix } = accountKey(account);
  return { pk, sk: `${prefix}#${FACTS}` };
}

export function partitionsOf(segment: number, segments: number): string[] {
  const partitions: string[] = [];
  for (let i = segment; i < PARTITIONS; i += segments) partitions.push(i.toString(16).padStart(2, '0'));
  return partitions;
}

/** A day since 1970 whose text order is number order. */
export function sortableDay(day: number): string {
  return String(day).padStart(6, '0');
}
