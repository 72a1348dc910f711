import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { ITEM_LAYOUT } from '../../lambdas/adapters/dynamo-items.ts';
import { EventBridgeAnnouncer, findingEvent } from '../../lambdas/adapters/eventbridge.ts';
import { S3Objects } from '../../lambdas/adapters/s3.ts';
import { batch } from '../contracts/aggregate-store.ts';
import { context, transition } from '../contracts/sample-findings.ts';
import { EVERY_DAY } from '../contracts/sample-records.ts';

const dynamo = mockClient(DynamoDBClient);
const events = mockClient(EventBridgeClient);
const s3 = mockClient(S3Client);
const noPause = async () => {};

beforeEach(() => {
  dynamo.reset();
  events.reset();
  s3.reset();
});

describe('an error of a read is never an empty answer', () => {
  const denied = Object.assign(new Error('access denied'), { name: 'AccessDeniedException' });
  const store = () => new DynamoAggregates({ client: new DynamoDBClient({}), table: 't', retentionDays: 90 });

  it('from the table', async () => {
    dynamo.onAnyCommand().rejects(denied);
    const findings = new DynamoFindings({ client: new DynamoDBClient({}), table: 't' });
    await expect(findings.load()).rejects.toThrow('access denied');
    await expect(store().releases()).rejects.toThrow('access denied');
    await expect(async () => {
      for await (const _ of store().readSegment(0, 1, EVERY_DAY)) expect.unreachable();
    }).rejects.toThrow('access denied');
    await expect(store().foldUsage(batch('a', ['x']))).rejects.toThrow('access denied');
    expect(dynamo.commandCalls(PutItemCommand)).toEqual([]);
  });

  it('from the bucket, where only "no such key" means absent', async () => {
    const objects = new S3Objects(new S3Client({}), 'b');
    s3.on(GetObjectCommand)
      .rejectsOnce(new NoSuchKey({ message: 'no', $metadata: {} }))
      .rejects(denied);
    expect(await objects.get('k')).toBeUndefined();
    await expect(objects.get('k')).rejects.toThrow('access denied');
  });

  it('from a newer version, whose items this one cannot read', async () => {
    dynamo.on(GetItemCommand).resolves({ Item: { layout: { N: String(ITEM_LAYOUT + 1) } } });
    await expect(store().foldUsage(batch('a', ['x']))).rejects.toThrow(
      `item of layout ${ITEM_LAYOUT + 1}; this version reads up to ${ITEM_LAYOUT}`,
    );
  });
});

describe('two writers of one account-day', () => {
  /** While the day goes on. */
  const now = () => 0;
  const conflict = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
  const store = () =>
    new DynamoAggregates({ client: new DynamoDBClient({}), table: 't', retentionDays: 90, pause: noPause, now });

  it('read again after a conflict', async () => {
    dynamo.on(GetItemCommand).resolves({}).on(PutItemCommand).rejectsOnce(conflict).resolves({});
    expect(await store().foldUsage(batch('a', ['x']))).toEqual({ folded: 1, duplicates: 0 });
    // Where it lies, where the version before put it, and the first again.
    expect(dynamo.commandCalls(GetItemCommand)).toHaveLength(3);
  });

  it('give the batch back in the end instead of trying for ever', async () => {
    dynamo.on(GetItemCommand).resolves({}).on(PutItemCommand).rejects(conflict);
    await expect(store().foldUsage(batch('a', ['x']))).rejects.toMatchObject({ name: 'ContentionError' });
    expect(dynamo.commandCalls(PutItemCommand)).toHaveLength(10);
  });

  it('cost one conditional write per batch, however many exchanges it holds', async () => {
    dynamo.on(GetItemCommand).resolves({}).on(PutItemCommand).resolves({});
    await store().foldUsage(
      batch(
        'a',
        Array.from({ length: 500 }, (_, i) => `x${i}`),
      ),
    );
    const puts = dynamo.commandCalls(PutItemCommand);
    expect(puts).toHaveLength(1);
    expect(puts[0]!.args[0].input.ConditionExpression).toBe('attribute_not_exists(pk)');
  });
});

describe('telling the bus', () => {
  const announcer = new EventBridgeAnnouncer(new EventBridgeClient({}), 'bus', noPause);
  const many = (count: number) => Array.from({ length: count }, (_, i) => transition(`f_${i}`));
  const sent = () =>
    events
      .commandCalls(PutEventsCommand)
      .map(({ args }) => args[0].input.Entries!.map(({ Detail }) => JSON.parse(Detail!).finding.id));

  it('sends ten events at a time', async () => {
    events.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    await announcer.announce(many(23));
    expect(sent().map((ids) => ids.length)).toEqual([10, 10, 3]);
  });

  it('sends again what the bus did not take, and only that', async () => {
    const Entries = [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }, { EventId: '3' }];
    events.on(PutEventsCommand).resolvesOnce({ FailedEntryCount: 1, Entries }).resolves({ FailedEntryCount: 0 });
    await announcer.announce(many(3));
    expect(sent()).toEqual([['f_0', 'f_1', 'f_2'], ['f_1']]);
  });

  it('tells all the others before it says how many were not taken', async () => {
    events.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => {
      const results = Entries.map(({ Detail }) =>
        Detail.includes('"f_4"') ? { ErrorCode: 'InternalFailure' } : { EventId: 'x' },
      );
      return { FailedEntryCount: results.filter((each) => 'ErrorCode' in each).length, Entries: results };
    });
    await expect(announcer.announce(many(23))).rejects.toThrow('1 of 23 transitions were not taken');
    expect(new Set(sent().flat()).size).toBe(23);
  });

  it('calls nobody when there is nothing to tell', async () => {
    await announcer.announce([]);
    expect(sent()).toEqual([]);
  });

  it('fits the largest finding of a year into one event', () => {
    const day = {
      day: '2026-05-14',
      exchanges: 5_000_000,
      outputTokens: 9_000_000_000,
      active: 24_000,
      joined: 12_000,
      banned: 12_000,
    };
    const large = transition(
      'f_0123456789abcd',
      { reason: 'x'.repeat(1000) },
      context({ daily: Array.from({ length: 400 }, () => day) }),
    );
    expect(findingEvent(large, 'bus').Detail!.length).toBeLessThan(64 * 1024);
  });

  it('refuses an event that no bus would take, by the finding it is about', () => {
    const large = transition('f_large', { reason: 'x'.repeat(300_000) });
    expect(() => findingEvent(large, 'bus')).toThrow(/^f_large: \d+ bytes do not fit one event$/);
  });
});
