import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { SendMessageBatchCommand, type SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { recordsTo } from '../../../lambdas/collect/record-stream.ts';

const kinesis = mockClient(KinesisClient);
beforeEach(() => kinesis.reset());

const record = (id: string, account = 'a'): UsageRecord => ({
  type: 'usage',
  id,
  time: '2026-05-14T10:22:31.000Z',
  account,
  model: 'm',
  tokens: { input: 1, output: 1 },
});
const records = (count: number) => Array.from({ length: count }, (_, i) => record(`r${i}`));
const pauses: number[] = [];
const stream = () => recordsTo('s', {}, async (attempt) => void pauses.push(attempt));
const calls = () => kinesis.commandCalls(PutRecordsCommand).map((call) => call.args[0].input);
const idsIn = ({ Records }: PutRecordsCommandInput) =>
  Records!.map(({ Data }) => (JSON.parse(Buffer.from(Data!).toString('utf8')) as UsageRecord).id);

/** Takes what `fate` says, as the service answers: one result a record, in order. */
function answering(fate: (id: string) => boolean) {
  kinesis.on(PutRecordsCommand).callsFake((input: PutRecordsCommandInput) => {
    const Records = idsIn(input).map((id) =>
      fate(id) ? { SequenceNumber: '1', ShardId: 's' } : { ErrorCode: 'ProvisionedThroughputExceededException' },
    );
    return { FailedRecordCount: Records.filter((each) => 'ErrorCode' in each).length, Records };
  });
}

describe('records onto the stream', () => {
  it('go by account, so that those of one account stay in order', async () => {
    answering(() => true);
    await stream().put([record('r1', 'x'), { type: 'release', time: '2026-05-14T10:22:31.000Z', model: 'opus' }]);
    expect(calls()[0]!.Records!.map(({ PartitionKey }) => PartitionKey)).toEqual(['x', 'opus']);
  });

  it('go in calls of at most 500 records', async () => {
    answering(() => true);
    expect(await stream().put(records(1201))).toEqual({ left: [] });
    expect(calls().map(({ Records }) => Records!.length)).toEqual([500, 500, 201]);
  });

  it('go in calls of at most 5 MB', async () => {
    answering(() => true);
    const large = Array.from({ length: 12 }, (_, i) => ({ ...record(`r${i}`), finish: 'x'.repeat(1_000_000) }));
    await stream().put(large);
    for (const { Records } of calls()) {
      const bytes = Records!.reduce((sum, { Data, PartitionKey }) => sum + Data!.length + PartitionKey!.length, 0);
      expect(bytes).toBeLessThanOrEqual(5 * 1024 * 1024);
    }
    expect(calls().flatMap(idsIn)).toHaveLength(12);
  });

  it('that are refused go again, alone, and none of them is lost or sent twice', async () => {
    const tries = new Map<string, number>();
    answering((id) => {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      return Number(id.slice(1)) % 3 !== 0 || tries.get(id)! > 2;
    });
    expect((await stream().put(records(30))).left).toEqual([]);
    expect(calls().map((call) => idsIn(call).length)).toEqual([30, 10, 10]);
  });

  it('that stay refused come back', async () => {
    answering((id) => id !== 'r2');
    expect((await stream().put(records(5))).left.map((left) => 'id' in left && left.id)).toEqual(['r2']);
    expect(calls()).toHaveLength(5);
  });

  it('come back with the cause when the whole call fails', async () => {
    kinesis.on(PutRecordsCommand).rejects(new Error('no such stream'));
    const { left, cause } = await stream().put(records(5000));
    expect(left).toHaveLength(5000);
    // The four that were under way; a sender that waits for an answer does not wait for the other six.
    expect(calls()).toHaveLength(4);
    expect(String(cause)).toContain('no such stream');
  });
});

describe('records into the queue', () => {
  const sqs = mockClient(SQSClient);
  beforeEach(() => sqs.reset());
  const queue = () => recordsTo('https://sqs.eu-west-1.amazonaws.com/111122223333/records', {}, async () => {});
  const sent = () => sqs.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input);
  const bodies = () => sent().flatMap(({ Entries }) => Entries!.map(({ MessageBody }) => JSON.parse(MessageBody!)));

  it('go ten a call, a message each, and no call is above a megabyte', async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    expect(await queue().put(records(25))).toEqual({ left: [] });
    expect(sent().map(({ Entries }) => Entries!.length)).toEqual([10, 10, 5]);
    expect(bodies()).toEqual(records(25));
    sqs.resetHistory();
    await queue().put(records(9).map((each) => ({ ...each, finish: 'x'.repeat(300_000) })));
    for (const { Entries } of sent())
      expect(Entries!.reduce((sum, { MessageBody }) => sum + MessageBody!.length, 0)).toBeLessThanOrEqual(1_048_576);
    expect(bodies()).toHaveLength(9);
  });

  it('that are refused go again, alone', async () => {
    let calls = 0;
    sqs.on(SendMessageBatchCommand).callsFake(({ Entries }: SendMessageBatchCommandInput) => {
      const Failed = calls++ === 0 ? Entries!.slice(2, 4).map(({ Id }) => ({ Id, SenderFault: false, Code: 'x' })) : [];
      return { Failed };
    });
    expect((await queue().put(records(6))).left).toEqual([]);
    expect(sent().map(({ Entries }) => Entries!.map(({ MessageBody }) => JSON.parse(MessageBody!).id))).toEqual([
      ['r0', 'r1', 'r2', 'r3', 'r4', 'r5'],
      ['r2', 'r3'],
    ]);
  });

  it('are the same records where they hold what a queue takes for no text', async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    const odd = record('r1', 'a\uffff\ufffeb');
    await queue().put([odd]);
    expect(sent()[0]!.Entries![0]!.MessageBody).not.toMatch(/[\uffff\ufffe]/);
    expect(bodies()).toEqual([odd]);
  });

  it('come back with the cause when the whole call fails', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('no such queue'));
    const { left, cause } = await queue().put(records(3));
    expect(left).toHaveLength(3);
    expect(String(cause)).toContain('no such queue');
  });
});
