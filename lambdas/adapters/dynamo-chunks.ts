/** A JSON value of any size as gzip'd chunks, each well under DynamoDB's 400 KB per item. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { bytesOf, checkLayout, ItemError, layout } from './dynamo-items.ts';

export interface Chunks {
  client: DynamoDBClient;
  table: string;
}

const CHUNK_BYTES = 300_000;

/** Four digits, so that text order is number order: up to 3 GB. */
export function chunkKey(part: string, index: number): string {
  return `${part}#${String(index).padStart(4, '0')}`;
}

/** Returns the number of chunks. */
export async function writeChunks(
  { client, table }: Chunks,
  pk: string,
  part: string,
  value: unknown,
): Promise<number> {
  const packed = await promisify(gzip)(JSON.stringify(value));
  const count = Math.ceil(packed.length / CHUNK_BYTES);
  for (let i = 0; i < count; i++) {
    const B = packed.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    const Item = { pk: { S: pk }, sk: { S: chunkKey(part, i) }, layout, chunk: { B } };
    await client.send(new PutItemCommand({ TableName: table, Item }));
  }
  return count;
}

/** Throws when a chunk is missing: a part of the findings must never pass for all of them. */
export async function readChunks<T>({ client, table }: Chunks, pk: string, part: string, count: number): Promise<T> {
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :part)',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':part': { S: `${part}#` } },
    },
  );
  const chunks: Uint8Array[] = [];
  for await (const page of pages) for (const item of page.Items ?? []) chunks.push(bytesOf(checkLayout(item), 'chunk'));
  if (chunks.length !== count) throw new ItemError(`${pk} has ${chunks.length} of ${count} chunks of its ${part}`);
  return JSON.parse((await promisify(gunzip)(Buffer.concat(chunks))).toString()) as T;
}
