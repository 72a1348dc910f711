/** The quarantine of a deployment: read from its bucket, and sent again to the queues of its collectors or its stream. */
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { KinesisEntries } from '../../../lambdas/adapters/kinesis-entries.ts';
import { type ListedObjects, S3Objects } from '../../../lambdas/adapters/s3.ts';
import type { KeptRecord, ObjectPlace } from '../../quarantine/again.ts';
import { InputError } from '../input/input-error.ts';
import { onStandardError } from '../quarantine-folder.ts';
import { GIVEN_UP, QUARANTINE, type SetAside, setAsideIn } from '../set-aside.ts';
import { type Outputs, outputsOf, required } from './stack-outputs.ts';
import { type Send, signedFor } from './stack-signed.ts';

/** Outputs of the queues, by the name of their collector in the quarantine. */
export const QUEUES: ReadonlyMap<string, string> = new Map([
  ['bedrock-objects', 'BedrockObjectsQueueUrl'],
  ['litellm-objects', 'LitellmObjectsQueueUrl'],
  ['cloudtrail', 'CloudTrailQueueUrl'],
  ['held', 'HeldQueueUrl'],
]);

/** Objects fetched at one time: an entry of the stream is an object of its own. */
const READS = 16;
/** One call takes ten messages. */
const MESSAGES = 10;

export interface StackQuarantineParts {
  stack: string;
  outputs: Outputs;
  objects: Pick<ListedObjects, 'keys' | 'get'>;
  /** Signed for SQS. */
  send: Send;
  stream: Pick<KinesisEntries, 'put'>;
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

  get streamName(): string {
    return required(this.parts.stack, this.parts.outputs, 'StreamName');
  }

  /** Tells a collector of objects as the bucket did. Gives those that the queue did not take. */
  async tell(queue: URL, places: readonly ObjectPlace[]): Promise<ObjectPlace[]> {
    const left: ObjectPlace[] = [];
    for (let from = 0; from < places.length; from += MESSAGES)
      left.push(...(await this.sendTen(queue, places.slice(from, from + MESSAGES))));
    return left;
  }

  private async sendTen(queue: URL, places: readonly ObjectPlace[]): Promise<ObjectPlace[]> {
    const Entries = places.map((place, i) => ({ Id: String(i), MessageBody: messageOf(place) }));
    const response = await this.parts.send(new URL('/', queue), JSON.stringify({ QueueUrl: queue.href, Entries }), {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessageBatch',
    });
    const answer = (await response.json().catch(() => ({}))) as {
      Failed?: { Id: string }[];
      __type?: string;
      message?: string;
    };
    const name = queue.pathname.split('/').at(-1);
    if (/AccessDenied/.test(answer.__type ?? '') || response.status === 403)
      throw new InputError(`you may not send to a collector: it needs sqs:SendMessage on ${name}, and its key`);
    if (!response.ok) throw new Error(`the queue ${name} answered ${response.status}: ${answer.message ?? ''}`);
    return (answer.Failed ?? []).map(({ Id }) => places[Number(Id)]!);
  }

  /** Gives how many the stream did not take. */
  async put(records: readonly KeptRecord[]): Promise<number> {
    const { left, cause } = await this.parts.stream.put(records.map((of) => ({ of, ...of })));
    if ((cause as Error | undefined)?.name === 'AccessDeniedException')
      throw new InputError(`you may not send records: it needs kinesis:PutRecords on ${this.streamName}, and its key`);
    if (cause !== undefined) throw cause;
    return left.length;
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
  const s3 = new S3Client();
  return new StackQuarantine({
    stack,
    outputs,
    objects: new S3Objects(s3, required(stack, outputs, 'SetAsideBucketName')),
    send: signedFor('sqs', await s3.config.region()),
    stream: new KinesisEntries(new KinesisClient(), required(stack, outputs, 'StreamName')),
  });
}
