import { KinesisClient, PutRecordsCommand, type PutRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { KinesisRecords } from '../../../lambdas/collect/record-stream.ts';

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
const stream = () => new KinesisRecords(new KinesisClient({}), 's', async (attempt) => void pauses.push(attempt));
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
