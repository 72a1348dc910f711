/** What was told and when: one entry per saved sweep, for the reports. */
import { PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { Transition } from '../../core/findings/transition.ts';
import { isoTime } from '../../core/records/time.ts';
import { type Chunks, readChunks } from './dynamo-chunks.ts';
import { type Head, headItem, headOf } from './dynamo-head.ts';
import { checkLayout } from './dynamo-items.ts';

/** A query answers in time order: the sort key is the sweep's time in its one canonical form. */
const TOLD = { S: 'told' };

/** Idempotent, so that a run cut off after saving is completed by the next. */
export async function recordTold({ client, table }: Chunks, head: Head): Promise<void> {
  const Item = { ...headItem(head), pk: TOLD, sk: { S: head.at } };
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** Sweeps saved after `since` (ms). */
export async function readSweeps({ client, table }: Chunks, since: number): Promise<Head[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk > :since',
      ExpressionAttributeValues: { ':pk': TOLD, ':since': { S: isoTime(since) } },
    },
  );
  const sweeps: Head[] = [];
  for await (const page of pages) for (const item of page.Items ?? []) sweeps.push(headOf(checkLayout(item)));
  return sweeps;
}

export async function readTold(chunks: Chunks, since: number): Promise<Transition[]> {
  const all: Transition[] = [];
  for (const { generation, told, transitions } of await readSweeps(chunks, since)) {
    if (transitions > 0) all.push(...(await readChunks<Transition[]>(chunks, generation, 'told', told)));
  }
  return all;
}
