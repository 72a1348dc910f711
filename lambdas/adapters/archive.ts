/** Every accepted record as the stream delivered it, in Parquet, by day and hour of its event. */
import { byPartition, folderOf, objectName } from '../../core/archive/layout.ts';
import { writeParquet } from '../../core/archive/parquet.ts';
import type { Placed } from '../../core/archive/rows.ts';
import { settleAll } from '../concurrency.ts';
import type { Objects } from './s3.ts';

/** What a failed write leaves unarchived. */
export interface Unarchived {
  sequences: string[];
  reason: unknown;
}

export interface Archive {
  /** Writes all it can; the same batch again writes the same objects. Returns what could not be written. */
  add(placed: readonly Placed[]): Promise<Unarchived[]>;
}

type Part = ReturnType<typeof byPartition>[number];

/** Writes at one time. A batch has one or two objects, but for a producer that sends the past hour by hour. */
const CONCURRENCY = 32;

export class ObjectArchive implements Archive {
  private readonly objects: Pick<Objects, 'put'>;

  constructor(objects: Pick<Objects, 'put'>) {
    this.objects = objects;
  }

  async add(placed: readonly Placed[]): Promise<Unarchived[]> {
    const parts = byPartition(placed);
    const outcomes = await settleAll(parts, CONCURRENCY, (part) => this.put(part));
    return outcomes.flatMap((outcome, i) => {
      if (outcome.status === 'fulfilled') return [];
      return [{ sequences: parts[i]!.placed.map(({ sequence }) => sequence), reason: outcome.reason as unknown }];
    });
  }

  private async put({ partition, placed }: Part): Promise<void> {
    const bytes = writeParquet(partition.type, placed);
    const key = folderOf(partition) + objectName(placed, bytes);
    await this.objects.put(key, bytes, 'application/vnd.apache.parquet');
  }
}
