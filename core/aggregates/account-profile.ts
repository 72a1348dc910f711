/**
 * The account profile: an account's days merged over the retention window, with its daily series and hours of the week.
 *
 * It is bounded (about 4 KB in memory at 90 days) and holds nothing that cannot be refolded from the days.
 */

import { DAY_MS } from '../records/time.ts';
import { AccountDay, binsOf, COUNTER, exchangesOf, mergeInto, okExchanges } from './account-day.ts';
import { readAccountDay, unpackAccountDay, writeAccountDay } from './account-day-codec.ts';
import { type AccountFacts, NO_FACTS } from './account-facts.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

export interface DayPoint {
  /** Days since 1970-01-01 UTC. */
  day: number;
  exchanges: number;
  /** Exchanges with status `ok`. */
  ok: number;
  outputTokens: number;
  /** First and last exchange of the day, ms since 1970. */
  first: number;
  last: number;
}

export class AccountProfile {
  readonly account: string;
  facts: AccountFacts = NO_FACTS;
  /** All days of the window merged. */
  readonly total = new AccountDay();
  /** Active days only, ascending. */
  readonly series: DayPoint[] = [];
  /** Exchanges per hour of the week, Monday 00:00 UTC first. */
  readonly week = new Uint32Array(168);

  constructor(account: string) {
    this.account = account;
  }
}

/** Adds one day that the profile does not hold yet. */
export function addDay(profile: AccountProfile, dayNumber: number, day: AccountDay): void {
  mergeInto(profile.total, day);
  const hours = binsOf(day, 'hours');
  const weekday = (dayNumber + 3) % 7;
  for (let hour = 0; hour < 24; hour++) profile.week[weekday * 24 + hour]! += hours[hour]!;
  const point: DayPoint = {
    day: dayNumber,
    exchanges: exchangesOf(day),
    ok: okExchanges(day),
    outputTokens: day.counters[COUNTER.outputTokens]!,
    first: day.first,
    last: day.last,
  };
  let at = profile.series.length;
  while (at > 0 && profile.series[at - 1]!.day > dayNumber) at--;
  profile.series.splice(at, 0, point);
}

export function rollUp(
  account: string,
  facts: AccountFacts,
  days: Iterable<{ day: number; packed: Uint8Array }>,
): AccountProfile {
  const profile = new AccountProfile(account);
  profile.facts = facts;
  for (const { day, packed } of days) addDay(profile, day, unpackAccountDay(packed, day));
  return profile;
}

export function writeProfile(out: ByteWriter, profile: AccountProfile): void {
  out.text(profile.account);
  out.text(JSON.stringify(profile.facts));
  out.varint(profile.series.length);
  let previous = 0;
  for (const { day, exchanges, ok, outputTokens, first, last } of profile.series) {
    out.varint(day - previous);
    out.varint(exchanges);
    out.varint(exchanges - ok);
    out.varint(outputTokens);
    out.varint(first - day * DAY_MS);
    out.varint(last - first);
    previous = day;
  }
  for (const count of profile.week) out.varint(count);
  if (profile.series.length > 0) writeAccountDay(out, profile.total, profile.series[0]!.day);
}

export function readProfile(input: ByteReader): AccountProfile {
  const profile = new AccountProfile(input.text());
  profile.facts = JSON.parse(input.text()) as AccountFacts;
  const days = input.varint();
  for (let i = 0, day = 0; i < days; i++) {
    day += input.varint();
    const exchanges = input.varint();
    const ok = exchanges - input.varint();
    const outputTokens = input.varint();
    const first = input.varint() + day * DAY_MS;
    profile.series.push({ day, exchanges, ok, outputTokens, first, last: input.varint() + first });
  }
  for (let hour = 0; hour < 168; hour++) profile.week[hour] = input.varint();
  if (days > 0) mergeInto(profile.total, readAccountDay(input, profile.series[0]!.day));
  return profile;
}

export function packProfile(profile: AccountProfile): Uint8Array {
  const out = new ByteWriter();
  writeProfile(out, profile);
  return out.take();
}

export function unpackProfile(packed: Uint8Array): AccountProfile {
  return readProfile(new ByteReader(packed));
}
