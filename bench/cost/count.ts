/** What the ingest function asks of its table for a given traffic, counted by running it. */

import type { UsageRecord } from '../../core/records/schema.ts';
import { ObjectArchive } from '../../lambdas/adapters/archive.ts';
import { DynamoAggregates, type DynamoAggregatesOptions } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { jobsOf } from '../../lambdas/ingest/group.ts';
import { type Arrivals, BATCH } from './arrivals.ts';
import { CountedTable, sizeOf } from './table.ts';

/** Per exchange, but for the sizes. */
export interface Counts {
  name: string;
  writes: number;
  fileWrites: number;
  writeUnits: number;
  readUnits: number;
  /** Share of the writes of account-days that are one write unit. */
  accountDays: number;
  /** Bytes of a stored account-day, and of the files of ids beside it. */
  dayBytes: number;
  fileBytes: number;
  /** Objects of the archive, and their bytes. */
  archiveWrites: number;
  archiveBytes: number;
}

export async function count({ name, batches, exchanges }: Arrivals): Promise<Counts> {
  const table = new CountedTable();
  const client = table as unknown as DynamoAggregatesOptions['client'];
  const store = new DynamoAggregates({ client, table: 'aggregates', retentionDays: 90 });
  let sequence = 0;
  for (const records of batches) {
    const decoded = records.map((record) => ({ shard: 's', sequence: `${sequence++}`, payload: NONE, record }));
    for (const job of jobsOf(decoded)) if (job.kind === 'usage') await store.foldUsage(job.batch);
  }
  const sizes = { day: 0, file: 0, days: 0 };
  for (const item of table.items.values()) {
    if (item.ids) sizes.file += sizeOf(item);
    else {
      sizes.day += sizeOf(item);
      sizes.days++;
    }
  }
  return {
    name,
    writes: table.dayWrites / exchanges,
    fileWrites: table.fileWrites / exchanges,
    writeUnits: table.writeUnits / exchanges,
    readUnits: table.readUnits / exchanges,
    accountDays: sizes.days / exchanges,
    dayBytes: sizes.day / sizes.days,
    fileBytes: sizes.file / sizes.days,
    ...(await countArchive(batches.flat())),
  };
}

/** The archive's objects hold a batch each, so the traffic is cut as it would come at a million exchanges a day. */
async function countArchive(records: readonly UsageRecord[]): Promise<Pick<Counts, 'archiveWrites' | 'archiveBytes'>> {
  let [objects, bytes] = [0, 0];
  const archive = new ObjectArchive({
    put: async (_key, body) => {
      objects++;
      bytes += body.length;
    },
  });
  for (let from = 0; from < records.length; from += BATCH) {
    const batch = records.slice(from, from + BATCH);
    await archive.add(batch.map((record, i) => ({ record, shard: 'shardId-000000000000', sequence: `${from + i}` })));
  }
  return { archiveWrites: objects / records.length, archiveBytes: bytes / records.length };
}

const NONE = new Uint8Array(0);
