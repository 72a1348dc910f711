/** The quarantine of a deployment: read from its bucket, and sent again to the queues of its collectors, or to where records wait. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Entries, Entry, Left } from '../../../lambdas/adapters/entries.ts';
import { entriesTo } from '../../../lambdas/adapters/entries-to.ts';
import { type ListedObjects, S3Objects } from '../../../lambdas/adapters/s3.ts';
import type { KeptRecord, ObjectPlace } from '../../quarantine/again.ts';
import { InputError } from '../input/input-error.ts';
import { onStandardError } from '../quarantine-folder.ts';
import { GIVEN_UP, QUARANTINE, type SetAside, setAsideIn } from '../set-aside.ts';
import { type Outputs, outputsOf, required } from './stack-outputs.ts';

/** Outputs of the queues, by the name of their collector in the quarantine. */
export const QUEUES: ReadonlyMap<string, string> = new Map([
  ['bedrock-objects', 'BedrockObjectsQueueUrl'],
  ['litellm-objects', 'LitellmObjectsQueueUrl'],
  ['cloudtrail', 'CloudTrailQueueUrl'],
  ['held', 'HeldQueueUrl'],
]);

/** Objects fetched at one time: an entry of the stream is an object of its own. */
const READS = 16;

export interface StackQuarantineParts {
  stack: string;
  outputs: Outputs;
  objects: Pick<ListedObjects, 'keys' | 'get'>;
  /** `to`: the name of a stream, or the address of a queue. */
  entriesTo(to: string): Entries;
}

export class StackQuarantine {
  private readonly parts: StackQuarantineParts;

  constructor(parts: StackQuarantineParts) {
    this.parts = parts;
  }

  /** In the order of the keys. */
  async *entries(): AsyncGenerator<SetAside> {
    const bucket = required(this.parts.stack, this.parts.outputs, 'SetAsideBucketName');
    try {
      for (const prefix of [QUARANTINE, GIVEN_UP]) {
        for await (const keys of chunks(this.parts.objects.keys(prefix), READS)) {
          const bodies = await Promise.all(keys.map((key) => this.parts.objects.get(key)));
          // One that went in this moment, after its 90 days, is nothing.
          for (const [i, body] of bodies.entries())
            if (body !== undefined)
              yield* setAsideIn(
                keys[i]!,
                Buffer.from(body).toString('utf8'),
                `s3://${bucket}/${keys[i]}`,
                onStandardError,
              );
        }
      }
    } catch (error) {
      if (!/^(AccessDenied|Forbidden|403)/.test((error as Error).name)) throw error;
      throw new InputError(`you may not read the quarantine: it needs s3:ListBucket and s3:GetObject on ${bucket}`);
    }
  }

  /** Where the collector is no longer part of the stack, there is no queue. */
  queueOf(source: string): URL | undefined {
    const url = this.parts.outputs.get(QUEUES.get(source) ?? '');
    return url === undefined ? undefined : new URL(url);
  }

  /** Undefined where records wait in a queue. */
  get streamName(): string | undefined {
    return this.parts.outputs.get('StreamName');
  }

  /** Tells a collector of objects as the bucket did. Gives those that the queue did not take. */
  async tell(queue: URL, places: readonly ObjectPlace[]): Promise<ObjectPlace[]> {
    const told = places.map((of) => ({ of, data: Buffer.from(messageOf(of)), key: '' }));
    return this.send(queue.href, told, 'you may not send to a collector');
  }

  /** Gives how many were not taken. */
  async put(records: readonly KeptRecord[]): Promise<number> {
    const to = this.streamName ?? required(this.parts.stack, this.parts.outputs, 'QueueUrl');
    const sent = records.map((of) => ({ of, ...of }));
    return (await this.send(to, sent, 'you may not send records')).length;
  }

  private async send<T>(to: string, entries: Entry<T>[], refusal: string): Promise<T[]> {
    const { left, cause }: Left<T> = await this.parts.entriesTo(to).put(entries);
    const action = to === this.streamName ? 'kinesis:PutRecords' : 'sqs:SendMessage';
    if (/^AccessDenied/.test((cause as Error | undefined)?.name ?? ''))
      throw new InputError(`${refusal}: it needs ${action} on ${to.split('/').at(-1)}, and its key`);
    if (cause !== undefined) throw cause;
    return left;
  }
}

/** As EventBridge tells of an object. */
export function messageOf({ bucket, key }: ObjectPlace): string {
  return JSON.stringify({ detail: { bucket: { name: bucket }, object: { key } } });
}

async function* chunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

export async function openStackQuarantine(stack: string): Promise<StackQuarantine> {
  const outputs = await outputsOf(stack);
  const objects = new S3Objects(new S3Client(), required(stack, outputs, 'SetAsideBucketName'));
  return new StackQuarantine({ stack, outputs, objects, entriesTo });
}
