/** The packed form of an account profile, as a segment keeps it for the sweep. */
import { DAY_MS } from '../records/time.ts';
import { SAMPLE_SIZE, SIGHTINGS } from './account-day.ts';
import { readBody, readSample, readSightings, writeBody, writeSample, writeSightings } from './account-day-codec.ts';
import { readFacts, writeFacts } from './account-facts-codec.ts';
import { AccountProfile, type DayPoint } from './account-profile.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { copyLowest } from './sightings.ts';

const WEEK_HOURS = 168;

export function writeProfile(out: ByteWriter, profile: AccountProfile): void {
  out.text(profile.account);
  out.varint(profile.series.length);
  writeFacts(out, profile.facts);
  const first = profile.series[0]?.day;
  if (first === undefined) return;
  let previous: DayPoint | undefined;
  for (const point of profile.series) {
    writePoint(out, point, previous);
    previous = point;
  }
  out.sparseSmall(profile.week, 0, WEEK_HOURS);
  writeBody(out, profile.total, first);
  writeSample(out, profile.total, profile.sample);
  out.byte(profile.texts.length);
  for (const text of profile.texts) out.fixed48(text);
  for (const list of [profile.custody.minted, profile.custody.presented]) {
    out.byte(list.hashes.length);
    writeSightings(out, list, first);
  }
}

/** The beginning of a packed profile: whose it is, and on how many days the account was active. */
export function readProfileHead(input: ByteReader): { account: string; days: number } {
  const account = input.text();
  return { account, days: input.varint() };
}

export function readProfile(input: ByteReader): AccountProfile {
  const profile = new AccountProfile('');
  fill(profile, input);
  return profile;
}

/**
 * As `readProfile`, into a profile that held another account before: for a pass over all accounts. What the caller keeps
 * of it (facts, points of the series, sketches) stays as it was; the profile itself, its totals and lists do not.
 */
export function readProfileInto(input: ByteReader, profile: AccountProfile): void {
  profile.reset();
  fill(profile, input);
}

function fill(profile: AccountProfile, input: ByteReader): void {
  profile.account = input.text();
  const days = input.varint();
  profile.facts = readFacts(input);
  let previous: DayPoint | undefined;
  for (let left = days; left > 0; left--) {
    previous = readPoint(input, previous);
    profile.series.push(previous);
  }
  const first = profile.series[0]?.day;
  if (first === undefined) return;
  input.sparseSmall(profile.week, 0, WEEK_HOURS);
  const { total, custody, sample } = profile;
  readBody(input, total, first);
  readSample(input, total, sample);
  for (let left = input.byte(); left > 0; left--) profile.texts.push(input.fixed48());
  readSightings(input, custody.minted, input.byte(), first);
  readSightings(input, custody.presented, input.byte(), first);
  fillTotal(profile);
}

/** The lists of the merged days are the beginnings of the profile's longer ones. */
function fillTotal({ total, sample, custody }: AccountProfile): void {
  for (let i = 0; i < sample.length && i < SAMPLE_SIZE; i++) total.sample.push(sample[i]!);
  copyLowest(custody.minted, total.minted, SIGHTINGS);
  copyLowest(custody.presented, total.presented, SIGHTINGS);
}

function writePoint(out: ByteWriter, point: DayPoint, previous: DayPoint | undefined): void {
  out.varint(point.day - (previous?.day ?? 0));
  out.varint(point.exchanges);
  out.varint(point.exchanges - point.ok);
  out.varint(point.outputTokens);
  out.varint(point.first - point.day * DAY_MS);
  out.varint(point.last - point.first);
  out.fixed(point.hours, 3);
  out.varint(point.slots);
  writeModels(out, point, previous?.models ?? []);
}

function readPoint(input: ByteReader, previous: DayPoint | undefined): DayPoint {
  const day = input.varint() + (previous?.day ?? 0);
  const exchanges = input.varint();
  const ok = exchanges - input.varint();
  const outputTokens = input.varint();
  const first = input.varint() + day * DAY_MS;
  const last = input.varint() + first;
  const hours = input.fixed(3);
  const slots = input.varint();
  const models = readModels(input, exchanges, previous?.models ?? []);
  return { day, exchanges, ok, outputTokens, first, last, hours, slots, models };
}

/** In the head byte of a day's models: whether they make up all exchanges, so that the last count need not be told. */
const COMPLETE = 64;

/**
 * A head byte: how many models (two bits), for each where its key stands in the day before (two bits: 0 for spelled, else
 * its place from 1), and COMPLETE. An account that stays with its model so takes one byte a day.
 */
function writeModels(out: ByteWriter, { models, exchanges }: DayPoint, before: DayPoint['models']): void {
  const places = models.map(({ key }) => before.findIndex((model) => model.key === key) + 1);
  const complete = models.length > 0 && models.reduce((rest, { count }) => rest - count, exchanges) === 0;
  out.byte(models.length + (places[0] ?? 0) * 4 + (places[1] ?? 0) * 16 + (complete ? COMPLETE : 0));
  models.forEach(({ key, count }, i) => {
    if (places[i] === 0) out.fixed(key, 4);
    if (!complete || i < models.length - 1) out.varint(count);
  });
}

function readModels(input: ByteReader, exchanges: number, before: DayPoint['models']): DayPoint['models'] {
  const head = input.byte();
  const models: DayPoint['models'] = [];
  let rest = exchanges;
  for (let left = head & 3, places = head >> 2; left > 0; left--, places >>= 2) {
    const place = places & 3;
    const key = place === 0 ? input.fixed(4) : before[place - 1]!.key;
    const count = left === 1 && head & COMPLETE ? rest : input.varint();
    rest -= count;
    models.push({ key, count });
  }
  return models;
}

const writer = new ByteWriter();

export function packProfile(profile: AccountProfile): Uint8Array {
  return viewOfPackedProfile(profile).slice();
}

/** As `packProfile`, but a view that is good until the next profile is packed. */
export function viewOfPackedProfile(profile: AccountProfile): Uint8Array {
  writeProfile(writer, profile);
  return writer.view();
}

export function unpackProfile(packed: Uint8Array): AccountProfile {
  return readProfile(new ByteReader(packed));
}
