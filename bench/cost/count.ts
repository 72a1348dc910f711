/** What the ingest function asks of its table for a given traffic, counted by running it. */

import { simulateWorld } from '../../cli/simulate/world.ts';
import { namedWorld } from '../../cli/simulate/worlds.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { ObjectArchive } from '../../lambdas/adapters/archive.ts';
import { DynamoAggregates, type DynamoAggregatesOptions } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { jobsOf } from '../../lambdas/ingest/group.ts';
import { eventOf } from '../chaos/deliver.ts';
import { batchesOf, type Traffic, windowsOf } from './arrivals.ts';
import type { Scale } from './scale.ts';
import { CountedTable, sizeOf } from './table.ts';

/** Per exchange, but for the sizes. */
export interface Counts {
  name: string;
  writes: number;
  fileWrites: number;
  writeUnits: number;
  readUnits: number;
  accountDays: number;
  /** Bytes of a stored account-day, and of the files of ids beside it. */
  dayBytes: number;
  fileBytes: number;
  /** Bytes of what is known of an account. */
  factsBytes: number;
  /** Objects of the archive, and their bytes. */
  archiveWrites: number;
  archiveBytes: number;
}

/** Batches of the archive that are counted. */
const ARCHIVED = 4;

type Folded = Omit<Counts, 'name' | 'archiveWrites' | 'archiveBytes'>;
const folded = new Map<string, Folded>();

export async function count(traffic: Traffic, { batch, windowMs }: Scale): Promise<Counts> {
  const { name, records } = traffic;
  const key = `${name} ${windowMs}`;
  const counts = folded.get(key) ?? (await countFolding(traffic, windowMs));
  folded.set(key, counts);
  return { name, ...counts, ...(await countArchive(batchesOf(records, batch, windowMs, ARCHIVED))) };
}

/** What is folded hangs on how long a window is, not on how many accounts there are. */
async function countFolding({ records }: Traffic, windowMs: number): Promise<Folded> {
  const table = new CountedTable();
  const client = table as unknown as DynamoAggregatesOptions['client'];
  const store = new DynamoAggregates({ client, table: 'aggregates', retentionDays: 90, now: () => 0 });
  let sequence = 0;
  for (const window of windowsOf(records, windowMs)) {
    const decoded = window.map((record) => ({ shard: 's', sequence: `${sequence++}`, payload: NONE, record }));
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
  const exchanges = records.length;
  return {
    writes: table.dayWrites / exchanges,
    fileWrites: table.fileWrites / exchanges,
    writeUnits: table.writeUnits / exchanges,
    readUnits: table.readUnits / exchanges,
    accountDays: sizes.days / exchanges,
    dayBytes: sizes.day / sizes.days,
    fileBytes: sizes.file / sizes.days,
    factsBytes: await sizeOfFacts(),
  };
}

/** Of the first account of the demo. */
async function sizeOfFacts(): Promise<number> {
  const table = new CountedTable();
  const client = table as unknown as DynamoAggregatesOptions['client'];
  const store = new DynamoAggregates({ client, table: 'aggregates', retentionDays: 90 });
  for (const record of simulateWorld(namedWorld('demo', 'demo'))) {
    if (record.type !== 'account') continue;
    await store.recordAccount(record);
    break;
  }
  return [...table.items.values()].reduce((sum, item) => sum + sizeOf(item), 0);
}

/** Bytes of one record in what the function is given. */
export function eventBytes({ records }: Traffic): number {
  const sent = records
    .slice(0, 500)
    .map((record, i) => ({ sequence: SEQUENCE + String(i), payload: JSON.stringify(record) }));
  return JSON.stringify(eventOf('shardId-000000000000', sent)).length / sent.length;
}

async function countArchive(
  batches: readonly UsageRecord[][],
): Promise<Pick<Counts, 'archiveWrites' | 'archiveBytes'>> {
  let [objects, bytes, records] = [0, 0, 0];
  const archive = new ObjectArchive({
    put: async (_key, body) => {
      objects++;
      bytes += body.length;
    },
  });
  for (const batch of batches) {
    records += batch.length;
    await archive.add(
      batch.map((record, i) => ({ record, shard: 'shardId-000000000000', sequence: SEQUENCE + String(i) })),
    );
  }
  return { archiveWrites: objects / records, archiveBytes: bytes / records };
}

/** As long as those of the stream are. */
const SEQUENCE = '49590338271490256608559692538361571095921575989136588';
const NONE = new Uint8Array(0);
