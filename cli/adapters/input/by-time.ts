/**
 * All inputs of a command in time order, whatever their names and order: files of one stream cut in pieces, a file of
 * accounts beside files of usage, the logs of several regions.
 *
 * Each input is in time order, give or take an hour. The input that is furthest behind is read next, so all of them
 * advance together, and the watermark says up to when everything has been read.
 */
import { HOUR_MS, timeMs } from '../../../core/records/time.ts';
import { InputError } from './input-error.ts';
import { type Input, openInputs } from './open.ts';
import { type InputBatch, readOne, Tally } from './read.ts';
import { type ReadOptions, readValues } from './values.ts';

export interface TimedBatch extends InputBatch {
  /** Every record before this (ms since 1970) has been read. */
  watermark: number;
}

/** How far a record may be from its place in a file. */
const DISORDER_MS = HOUR_MS;

interface Track {
  input: Input;
  /** Nothing is read of it before the others have come this far. */
  startsAt: number;
  /** Median time of its latest batch. */
  progress: number;
  batches: AsyncGenerator<InputBatch> | undefined;
}

/** `now` in ms since 1970: what lies after it is told, but moves nothing ahead. */
export async function* readByTime(inputs: Input[], options: ReadOptions, now: number): AsyncGenerator<TimedBatch> {
  const tally = new Tally(inputs);
  const waiting = await placeInTime(inputs, options);
  const tracks: Track[] = [];
  for (let track = next(waiting, tracks); track !== undefined; track = next(waiting, tracks)) {
    track.batches ??= readOne(track.input, options, tally.isAlone(track.input));
    const { value: batch, done } = await track.batches.next();
    if (done) {
      tally.assertArgument(track.input);
      tracks.splice(tracks.indexOf(track), 1);
    } else {
      tally.add(track.input, batch);
      track.progress = Math.max(track.progress, medianTime(batch, now) ?? track.progress);
      yield { ...batch, watermark: watermarkOf(tracks, waiting.at(-1)) };
    }
  }
  tally.assertAny();
}

/**
 * The one furthest behind, of those being read and the first that waits: an archive has thousands of files, of which a
 * few are on their way at one time.
 */
function next(waiting: Track[], tracks: Track[]): Track | undefined {
  const behind = furthestBehind(tracks);
  const first = waiting.at(-1);
  if (first === undefined || (behind !== undefined && behind.progress <= first.startsAt)) return behind;
  tracks.push(first);
  waiting.pop();
  return first;
}

/** Last first. Where there are several inputs, a look at the first records of each tells when it begins. */
async function placeInTime(inputs: Input[], options: ReadOptions): Promise<Track[]> {
  const tracks: Track[] = [];
  for (const input of inputs) {
    const look = inputs.length > 1 && input.argument !== '-';
    const startsAt = look
      ? ((await input.startsAt?.()) ?? (await firstTime(input, options)))
      : Number.NEGATIVE_INFINITY;
    tracks.push({ input, startsAt, progress: startsAt, batches: undefined });
  }
  return tracks.sort((a, b) => a.startsAt - b.startsAt).reverse();
}

/** Reads an input of its own, so that the one to be replayed stays unread. An unreadable one comes first and fails. */
async function firstTime(input: Input, options: ReadOptions): Promise<number> {
  try {
    const [look] = await openInputs([input.name]);
    // Organisations that the look tells must be told again by the reading that counts.
    const source = { ...options.source, toldOrgs: new Map<string, string>() };
    for await (const { records } of readValues(look!, { source, format: options.format })) {
      if (records.length > 0) return records.reduce((least, { time }) => Math.min(least, timeMs(time)), Infinity);
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  return Number.NEGATIVE_INFINITY;
}

function furthestBehind(tracks: readonly Track[]): Track | undefined {
  let least = tracks[0];
  for (const track of tracks) if (track.progress < least!.progress) least = track;
  return least;
}

function watermarkOf(tracks: readonly Track[], waiting: Track | undefined): number {
  const reached = furthestBehind(tracks)?.progress ?? Number.POSITIVE_INFINITY;
  return Math.min(reached, waiting?.startsAt ?? Number.POSITIVE_INFINITY) - DISORDER_MS;
}

/** The median, not the latest: one record with a wrong clock must not carry the whole input ahead. */
function medianTime({ records, exchanges }: InputBatch, now: number): number | undefined {
  const rows = exchanges?.count ?? 0;
  const times = new Float64Array(rows + records.length);
  let held = 0;
  const add = (ms: number) => {
    if (ms <= now) times[held++] = ms;
  };
  for (let i = 0; i < rows; i++) add(exchanges!.timeOf(i));
  for (const { time } of records) add(timeMs(time));
  return times.subarray(0, held).sort()[held >> 1];
}
