/** Whole days of a segment as Parquet, so that a sweep reads from the table only what may have changed. */
import { type DayRow, readDayFile, writeDayFile } from '../../core/aggregates/day-file.ts';
import type { DayRange } from '../../core/ports.ts';
import { isoDay } from '../../core/records/time.ts';
import { settleAll } from '../concurrency.ts';
import type { LateNotes } from './late-days.ts';
import type { DeletableObjects } from './s3.ts';

export interface SegmentPlace {
  segment: number;
  segments: number;
  parts: readonly string[];
}

const FOLDER = 'days/';
/** Files at one time. */
const CONCURRENCY = 16;

export class KeptDays {
  private readonly objects: DeletableObjects;

  constructor(objects: DeletableObjects) {
    this.objects = objects;
  }

  /** The days that have a file to which nothing was added since. */
  async read(of: SegmentPlace, days: DayRange, notes: LateNotes, now: number): Promise<Map<number, DayRow[]>> {
    const over: number[] = [];
    for (let day = days.from; day < days.until; day++) if (notes.whole(of.parts, day, now)) over.push(day);
    const files = await each(over, async (day) => {
      const bytes = await this.objects.get(keptKey(of, day));
      const file = bytes && readDayFile(bytes);
      return file && notes.whole(of.parts, day, file.readAt) ? file.rows : undefined;
    });
    return new Map(over.flatMap((day, i) => (files[i] ? [[day, files[i]]] : [])));
  }

  /** Those that are whole, as they were read at `readAt` or later. */
  async write(of: SegmentPlace, found: ReadonlyMap<number, DayRow[]>, notes: LateNotes, readAt: number): Promise<void> {
    const whole = [...found].filter(([day]) => notes.whole(of.parts, day, readAt));
    await each(whole, ([day, rows]) =>
      this.objects.put(keptKey(of, day), writeDayFile({ day, readAt, rows }), 'application/vnd.apache.parquet'),
    );
  }

  /**
   * Deletes days before `from`, and all days of another number of segments: a file that was made again late would outlive
   * the account-days in it, since a bucket counts the age of an object from when it was written.
   */
  async forget(segments: number, from: number): Promise<void> {
    const folder = folderOf(segments);
    const gone: string[] = [];
    for await (const key of this.objects.keys(FOLDER)) {
      if (!key.startsWith(folder) || key < dayFolder(segments, from)) gone.push(key);
    }
    await each(gone, (key) => this.objects.delete(key));
  }
}

/** @throws the first failure */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const outcomes = await settleAll(items, CONCURRENCY, work);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

export function keptKey({ segment, segments }: Omit<SegmentPlace, 'parts'>, day: number): string {
  return `${dayFolder(segments, day)}${String(segment).padStart(3, '0')}.parquet`;
}

function dayFolder(segments: number, day: number): string {
  return `${folderOf(segments)}day=${isoDay(day)}/`;
}

function folderOf(segments: number): string {
  return `${FOLDER}segments=${segments}/`;
}
