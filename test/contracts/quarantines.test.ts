/** The quarantine of a deployment and a copy of it in a folder are told alike, and what can be sent again is. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StackQuarantine } from '../../cli/adapters/place/stack-quarantine.ts';
import { setAside } from '../../cli/adapters/quarantine-folder.ts';
import type { SetAside } from '../../cli/adapters/set-aside.ts';
import { causesOf, stackLines } from '../../cli/commands/quarantine.ts';
import { retryStack } from '../../cli/quarantine/retry-stack.ts';
import { UNORDERED } from '../../core/aggregates/stored-day.ts';
import { KinesisEntries } from '../../lambdas/adapters/kinesis-entries.ts';
import { ObjectQuarantine } from '../../lambdas/adapters/quarantine.ts';
import { QueueEntries } from '../../lambdas/adapters/queue-entries.ts';
import { objectsIn } from '../../lambdas/collect/object-events.ts';
import { pieceOfText, unread } from '../../lambdas/collect/piece.ts';
import { ObjectUnread } from '../../lambdas/collect/quarantine.ts';
import { kinesisEvent, MemoryObjects } from '../lambdas/support.ts';
import { type Scratch, scratch } from '../support/cli.ts';
import { usage } from './sample-records.ts';

const NOW = Date.parse('2026-05-15T00:00:00.000Z');
const SHARD = 'shardId-000000000006';
const QUEUE = 'https://sqs.eu-west-1.amazonaws.com/111122223333/bedrock-new';

let objects: MemoryObjects;
beforeEach(async () => {
  objects = new MemoryObjects();
  await refuse(['7', '8'], '{"type":"usage"', false);
  const collected = new ObjectUnread(objects);
  const line = (at: string) => unread(pieceOfText(at, '{}'), '', 'missing: nobody is accountable');
  const key = 'logs/2026/05/14/a b+c%20:1.json.gz';
  await collected.put('bedrock-objects', [line(`bedrock-logs/${key}:1`), line(`bedrock-logs/${key}:12`)], NOW);
  await collected.put('litellm-queue', [line('message 0d1e')], NOW);
});

async function refuse(sequences: string[], text: string, keep: boolean, reason = 'not JSON'): Promise<void> {
  const quarantine = new ObjectQuarantine(objects, keep);
  const payload = new TextEncoder().encode(text);
  for (const sequence of sequences) await quarantine.put({ shard: SHARD, sequence, path: '', reason, payload }, NOW);
}

/** As Lambda writes it: `payload` is the whole event. */
async function giveUp(records: unknown[], payload: 'text' | 'object' | 'none'): Promise<void> {
  const event = kinesisEvent(records);
  const invocation = {
    requestContext: { requestId: 'r', condition: 'RetryAttemptsExhausted', approximateInvokeCount: 21 },
    version: '1.0',
    KinesisBatchInfo: {
      shardId: SHARD,
      startSequenceNumber: '100',
      endSequenceNumber: '200',
      batchSize: records.length,
    },
    ...(payload === 'none' ? {} : { payload: payload === 'text' ? JSON.stringify(event) : event }),
  };
  await objects.put('aws/lambda/5f0e/shardId-000000000006/2026/05/14/x', JSON.stringify(invocation));
}

let tmp: Scratch;
beforeEach(() => {
  tmp = scratch();
});
afterEach(() => tmp.remove());

/** A copy of the bucket, as `aws s3 cp --recursive` makes it. */
function copied(): AsyncIterable<SetAside> {
  for (const [key, body] of objects.held) {
    mkdirSync(dirname(tmp.at(key)), { recursive: true });
    writeFileSync(tmp.at(key), body);
  }
  return setAside(tmp.folder);
}

const OUTPUTS = new Map([
  ['SetAsideBucketName', 'set-aside'],
  ['StreamName', 'usage'],
  ['BedrockObjectsQueueUrl', QUEUE],
]);

interface Sent {
  QueueUrl: string;
  Entries: { Id: string; MessageBody: string }[];
}

const none = (): object => ({});

function deployment({ outputs = OUTPUTS, answer = none, refuses = false } = {}) {
  const sent: Sent[] = [];
  const streamed: { Data: Uint8Array; PartitionKey: string }[] = [];
  const sqs = {
    send: async ({ input }: { input: Sent }) => {
      sent.push(input);
      return answer();
    },
  };
  const kinesis = {
    send: async ({ input }: { input: { Records: typeof streamed } }) => {
      if (!refuses) streamed.push(...input.Records);
      const Records = input.Records.map(() => (refuses ? { ErrorCode: 'ProvisionedThroughputExceededException' } : {}));
      return { FailedRecordCount: refuses ? Records.length : 0, Records };
    },
  };
  const now = async () => {};
  const entriesTo = (to: string) =>
    to === 'usage' ? new KinesisEntries(kinesis as never, to, now) : new QueueEntries(sqs as never, to, now);
  const place = new StackQuarantine({ stack: 'test', outputs, objects, entriesTo });
  return { place, sent, streamed };
}

describe.each([
  ['a folder', copied],
  ['a deployment', () => deployment().place.entries()],
])('the quarantine in %s', (_, entries) => {
  it('is told by reason, with counts and the place of the first', async () => {
    expect(await causesOf(entries())).toEqual([
      expect.objectContaining({
        source: 'bedrock-objects',
        count: 2,
        first: expect.stringMatching(/^bedrock-logs\/.*:1$/),
      }),
      { source: 'stream', path: '', reason: 'not JSON', count: 2, first: `${SHARD}:7` },
      expect.objectContaining({ source: 'litellm-queue', count: 1, first: 'message 0d1e' }),
    ]);
  });

  it('tells of the records that ingest gave up, by their number', async () => {
    await giveUp([usage('a', 'x'), usage('a', 'y'), usage('a', 'z')], 'object');
    const reason = 'batch given up (RetryAttemptsExhausted)';
    expect((await causesOf(entries()))[0]).toEqual({
      source: 'ingest',
      path: '',
      reason,
      count: 3,
      first: `${SHARD}:100`,
    });
  });

  it('names the object that is no entry, once, and keeps nobody from its neighbours', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const before = await causesOf(entries());
    await objects.put('quarantine/stream/9.json', '{"half":\n{"other":1}\n');
    await objects.put('aws/lambda/5f0e/notes.txt', 'moved here by hand');
    expect(await causesOf(entries())).toEqual(before);
    const lines = said.mock.calls.map(([line]) => String(line)).sort();
    expect(lines).toEqual([
      expect.stringMatching(/aws\/lambda\/5f0e\/notes\.txt: is no entry of a quarantine: skipped$/),
      expect.stringMatching(/stream\/9\.json line 1: is no entry of a quarantine: skipped, with 1 more of its lines$/),
    ]);
    said.mockRestore();
  });
});

describe('retry on a deployment', () => {
  it('lets a collector read an object again, once, however many of its lines are set aside', async () => {
    const { place, sent } = deployment();
    expect(await retryStack(place, NOW)).toMatchObject({ objects: 1, entries: 2, notTaken: 0 });
    expect(sent).toHaveLength(1);
    const [{ QueueUrl, Entries }] = sent as [Sent];
    expect(QueueUrl).toBe(QUEUE);
    // As the collector itself reads the message.
    expect(Entries.map(({ MessageBody }) => objectsIn(MessageBody))).toEqual([
      [{ bucket: 'bedrock-logs', key: 'logs/2026/05/14/a b+c%20:1.json.gz' }],
    ]);
  });

  it('says of what was not kept who has it, and shows the first of the stream by a command', async () => {
    const { outOfReach } = await retryStack(deployment().place, NOW);
    expect(outOfReach).toEqual([
      {
        source: 'stream',
        count: 2,
        why: expect.stringContaining('producer'),
        run: expect.stringContaining(`--shard-id ${SHARD} `),
      },
      { source: 'litellm-queue', count: 1, why: expect.stringContaining('LiteLLM') },
    ]);
    const { place } = deployment();
    expect(stackLines(await retryStack(place, NOW))).toContain('3 cannot be sent again from here:');
  });

  it('puts nothing into the command that is no position', async () => {
    await refuse(['1; rm -rf ~'], '{', false, 'another');
    objects.held.delete(`quarantine/${SHARD}/7.json`);
    objects.held.delete(`quarantine/${SHARD}/8.json`);
    expect(JSON.stringify(await retryStack(deployment().place, NOW))).not.toContain('rm -rf');
  });

  it.each(['text', 'object'] as const)(
    'puts a batch that ingest gave up onto the stream, byte for byte (payload as %s)',
    async (payload) => {
      const records = [usage('a', 'x'), usage('b', 'y')];
      await giveUp(records, payload);
      const { place, streamed } = deployment();
      expect(await retryStack(place, NOW)).toMatchObject({ records: 2, notTaken: 0 });
      expect(streamed.map(({ Data }) => JSON.parse(Buffer.from(Data).toString()) as unknown)).toEqual(records);
      expect(new Set(streamed.map(({ PartitionKey }) => PartitionKey))).toEqual(
        new Set(kinesisEvent(records).Records.map(({ kinesis }) => kinesis.partitionKey)),
      );
    },
  );

  it('never says that a batch was sent whose records were not kept', async () => {
    await giveUp([usage('a', 'x')], 'none');
    const { records, outOfReach } = await retryStack(deployment().place, NOW);
    expect(records).toBe(0);
    expect(outOfReach).toContainEqual(expect.objectContaining({ source: 'ingest', count: 1 }));
  });

  it('sends a kept payload only where it is a record by now, so that it is not set aside a second time', async () => {
    const soon = { ...usage('a', 'x'), time: '2026-05-14T23:00:00.000Z' };
    const later = { ...soon, id: 'y', time: '2026-06-01T00:00:00.000Z' };
    await refuse(['20'], JSON.stringify(soon), true, 'more than 10 minutes in the future');
    await refuse(['21'], JSON.stringify(later), true, 'more than 10 minutes in the future');
    await refuse(['22'], '{broken', true);
    await refuse(['23'], JSON.stringify(soon), true, 'older than the retention of 90 days');
    const { place, streamed } = deployment();
    expect(await retryStack(place, NOW)).toMatchObject({ records: 1, refused: 3 });
    expect(streamed.map(({ PartitionKey }) => PartitionKey)).toEqual(['a']);
  });

  it('counts what queue and stream do not take, so that nobody takes it for sent', async () => {
    await giveUp([usage('a', 'x')], 'object');
    const answer = () => ({ Failed: [{ Id: '0', SenderFault: false, Code: 'InternalError' }] });
    const retried = await retryStack(deployment({ answer, refuses: true }).place, NOW);
    expect(retried).toMatchObject({ objects: 0, records: 0, notTaken: 2 });
    expect(stackLines(retried)).toContain('2 not taken: run this again');
  });

  it('says which right is missing', async () => {
    const answer = () => {
      throw Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    };
    await expect(retryStack(deployment({ answer }).place, NOW)).rejects.toThrow(/sqs:SendMessage on bedrock-new/);
  });

  it('says so where the collector is no longer deployed', async () => {
    const outputs = new Map([...OUTPUTS].filter(([name]) => name !== 'BedrockObjectsQueueUrl'));
    const { objects: told, outOfReach } = await retryStack(deployment({ outputs }).place, NOW);
    expect(told).toBe(0);
    expect(outOfReach).toContainEqual(expect.objectContaining({ source: 'bedrock-objects', count: 2 }));
  });

  it('sends what was kept to the queue where that is where records wait, and shows no command for a stream', async () => {
    objects.held.clear();
    const outputs = new Map(
      [...OUTPUTS, ['QueueUrl', `${QUEUE}-records`] as const].filter(([name]) => name !== 'StreamName'),
    );
    const quarantine = (keep: boolean) => new ObjectQuarantine(objects, keep);
    const bytes = (text: string) => new TextEncoder().encode(text);
    const record = { ...usage('a', 'x'), time: '2026-05-14T23:00:00.000Z' };
    const soon = { shard: UNORDERED, sequence: '1', path: 'time', reason: 'more than 10 minutes in the future' };
    await quarantine(true).put({ ...soon, payload: bytes(JSON.stringify(record)) }, NOW);
    await quarantine(false).put({ ...soon, sequence: '2', path: '', reason: 'not JSON', payload: bytes('{') }, NOW);
    const { place, sent } = deployment({ outputs });
    expect(await retryStack(place, NOW)).toMatchObject({
      records: 1,
      outOfReach: [{ source: 'queue', count: 1, why: expect.stringContaining('let the producer send it again') }],
    });
    expect(sent.map(({ QueueUrl }) => QueueUrl)).toEqual([`${QUEUE}-records`]);
    expect(JSON.parse(sent[0]!.Entries[0]!.MessageBody)).toEqual(record);
    expect(JSON.stringify(await retryStack(place, NOW))).not.toContain('kinesis');
  });
});
