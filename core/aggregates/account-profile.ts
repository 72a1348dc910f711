/**
 * The account profile: an account's days merged over the retention window, with its daily series and hours of the week.
 *
 * It is bounded and holds nothing that cannot be refolded from the days, in whatever order they are added.
 */
import {
  AccountDay,
  addSample,
  binsOf,
  COUNTER,
  exchangesOf,
  mergeInto,
  okExchanges,
  type SampledExchange,
  SLOT_WORDS,
  valuesOf,
} from './account-day.ts';
import { unpackAccountDay } from './account-day-codec.ts';
import { type AccountFacts, NO_FACTS } from './account-facts.ts';
import { keepLowest, mergeSightings, noSightings, type Sightings } from './sightings.ts';

/** Fingerprints kept of those given out in the window, and of those handed in. */
export const PROFILE_SIGHTINGS = 64;
export const PROFILE_SAMPLE = 8;
/** Templates kept of those that the days list. */
export const PROFILE_TEXTS = 24;
const POINT_MODELS = 2;

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
  /** Bit h is set when hour h of the day (UTC) holds an exchange. */
  hours: number;
  /** 5-minute slots with an exchange, of 288. */
  slots: number;
  /** The two models with most exchanges among those the account-day lists; of equals, the one of lower key first. */
  models: { key: number; count: number }[];
}

export class AccountProfile {
  account: string;
  facts: AccountFacts = NO_FACTS;
  /** All days of the window merged. */
  readonly total = new AccountDay();
  /** Active days only, ascending. */
  readonly series: DayPoint[] = [];
  /** Exchanges per hour of the week, Monday 00:00 UTC first. */
  readonly week = new Uint32Array(168);
  /** Of what the days kept, the 64 of lowest hash. A busy day drops some, so a time is the earliest of those kept. */
  readonly custody: { readonly minted: Sightings; readonly presented: Sightings } = {
    minted: noSightings(),
    presented: noSightings(),
  };
  /** Of the exchanges that the days sampled, the 8 of lowest rank, ascending. `total.sample` is the first 4 of them. */
  readonly sample: SampledExchange[] = [];
  /**
   * Of the templates that the days list, the 24 of lowest hash, ascending. Every account keeps the same low values, so a
   * text that two of them used once is kept by both or by neither.
   */
  readonly texts: number[] = [];

  constructor(account: string) {
    this.account = account;
  }

  /** Empty again, with the memory it has. */
  reset(): void {
    this.account = '';
    this.facts = NO_FACTS;
    this.total.reset();
    this.series.length = 0;
    this.week.fill(0);
    keepLowest(this.custody.minted, 0);
    keepLowest(this.custody.presented, 0);
    this.sample.length = 0;
    this.texts.length = 0;
  }
}

/** Adds one day that the profile does not hold yet. */
export function addDay(profile: AccountProfile, dayNumber: number, day: AccountDay): void {
  mergeInto(profile.total, day);
  const hours = binsOf(day, 'hours');
  const weekday = (dayNumber + 3) % 7;
  for (let hour = 0; hour < 24; hour++) profile.week[weekday * 24 + hour]! += hours[hour]!;
  mergeSightings(profile.custody.minted, day.minted, PROFILE_SIGHTINGS);
  mergeSightings(profile.custody.presented, day.presented, PROFILE_SIGHTINGS);
  for (const exchange of day.sample) addSample(profile, exchange, PROFILE_SAMPLE);
  for (const { key } of valuesOf(day, 'template')) addText(profile.texts, key);
  let at = profile.series.length;
  while (at > 0 && profile.series[at - 1]!.day > dayNumber) at--;
  profile.series.splice(at, 0, pointOf(dayNumber, day, hours));
}

function addText(texts: number[], key: number): void {
  let at = texts.length;
  while (at > 0 && texts[at - 1]! >= key) at--;
  if (at === PROFILE_TEXTS || texts[at] === key) return;
  texts.splice(at, 0, key);
  if (texts.length > PROFILE_TEXTS) texts.pop();
}

function pointOf(dayNumber: number, day: AccountDay, hours: Uint32Array): DayPoint {
  return {
    day: dayNumber,
    exchanges: small(exchangesOf(day)),
    ok: small(okExchanges(day)),
    outputTokens: small(day.counters[COUNTER.outputTokens]!),
    first: day.first,
    last: day.last,
    hours: hours.reduce((mask, count, hour) => (count > 0 ? mask | (1 << hour) : mask), 0),
    slots: bitsSet(day.slots),
    models: valuesOf(day, 'model')
      .sort((a, b) => b.count - a.count || a.key - b.key)
      .slice(0, POINT_MODELS)
      .map(({ key, count }) => ({ key: small(key), count: small(count) })),
  };
}

/** A number read from a Float64Array is kept as one of 16 bytes, even where it would fit into the field itself. */
function small(value: number): number {
  return value === (value | 0) ? value | 0 : value;
}

function bitsSet(words: Uint32Array): number {
  let set = 0;
  for (let i = 0; i < SLOT_WORDS; i++) for (let word = words[i]!; word !== 0; word &= word - 1) set++;
  return set;
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

export {
  packProfile,
  readProfile,
  readProfileHead,
  readProfileInto,
  unpackProfile,
  writeProfile,
} from './account-profile-codec.ts';
