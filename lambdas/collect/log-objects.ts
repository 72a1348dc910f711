/** Objects of the buckets that gateways and AWS write their logs to. Read only, and only from those named. */
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import type { BodyPlace } from '../../core/sources/bedrock-bodies.ts';
import { jsonOf } from '../../core/sources/split-body.ts';

export interface ObjectPlace {
  bucket: string;
  key: string;
}

export interface LogObjects {
  /** The bytes as stored; undefined where there is no such object any more. */
  open(place: ObjectPlace): Promise<AsyncIterable<Uint8Array> | undefined>;
}

export class S3LogObjects implements LogObjects {
  private readonly client: S3Client;

  constructor(client: S3Client) {
    this.client = client;
  }

  async open({ bucket, key }: ObjectPlace): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}

/** Bedrock takes requests of up to 25 MB (InvokeModel); one that is larger, or no JSON, is no text to look at. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** A reader of bodies in one bucket: a record cannot make the function read anything else. */
export function bodyReader(objects: LogObjects, bucket: string): (place: BodyPlace) => Promise<unknown> {
  return async (place) => {
    if (place.bucket !== bucket) return undefined;
    const bytes = await objects.open(place);
    const all = bytes === undefined ? undefined : await atMost(bytes, MAX_BODY_BYTES);
    return all === undefined ? undefined : jsonOf(inflated(all));
  };
}

async function atMost(bytes: AsyncIterable<Uint8Array>, max: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of bytes) {
    total += part.length;
    if (total > max) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Empty, which is no JSON, for what is damaged or unfolds to too much. */
function inflated(bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES }).toString('utf8');
  } catch {
    return '';
  }
}
