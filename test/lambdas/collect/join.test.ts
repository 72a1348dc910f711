import { gunzipSync } from 'node:zlib';
import { BatchGetItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { type Call, callsOf } from '../../../core/sources/cloudtrail.ts';
import { DynamoCalls } from '../../../lambdas/collect/call-table.ts';
import { isTrailLog, keepCalls } from '../../../lambdas/collect/calls/calls.ts';
import { Collector } from '../../../lambdas/collect/collector.ts';
import { toHold } from '../../../lambdas/collect/delivery.ts';
import { type HeldHost, release } from '../../../lambdas/collect/held/held.ts';
import { ObjectHold } from '../../../lambdas/collect/hold.ts';
import { pieceOfText } from '../../../lambdas/collect/piece.ts';
import { areValid, entries, everything, sample, type World, world } from './support.ts';

const fp = createFingerprinter(new Uint8Array(32));
const AGENT = 'Boto3/1.40.2 md/Botocore#1.40.2 ua/2.1 os/linux lang/python#3.13';
const trail = JSON.parse(sample('cloudtrail.json')) as unknown;

class MemoryCalls {
  readonly held = new Map<string, Call>();
  async put(calls: readonly Call[]): Promise<void> {
    for (const call of calls) this.held.set(call.id, call);
  }
  async get(ids: readonly string[]): Promise<Map<string, Call>> {
    return new Map(ids.flatMap((id) => (this.held.has(id) ? [[id, this.held.get(id)!] as const] : [])));
  }
}

/** Bedrock's log is collected and held; the lines that then lie in the hold. */
async function heldLines(at: World): Promise<string[]> {
  const collector = new Collector({ ...at.host, deliver: toHold(new ObjectHold(at.hold), at.told) });
  await collector.take([
    pieceOfText('p', sample('bedrock-converse.ndjson')),
    pieceOfText('q', sample('bedrock-large.ndjson')),
  ]);
  expect(at.stream.records).toEqual([]);
  return [...at.hold.held.values()].flatMap((bytes) => gunzipSync(bytes).toString('utf8').trim().split('\n'));
}

const pieces = (lines: string[]) => ({ pieces: lines.map((line, i) => pieceOfText(`h:${i + 1}`, line)), unread: [] });
const heldHost = (at: World, calls?: MemoryCalls): HeldHost => ({
  ...at.host,
  stream: at.stream,
  ...(calls ? { calls } : {}),
});

describe('what CloudTrail knows of a call', () => {
  it('is its address and client, as fingerprints, and never the key or the caller', () => {
    expect(callsOf(trail, fp)).toEqual([
      { id: '0d5f3a52-6f0e-4f6b-9b7e-3c1a7f2e9d10', ...fp.ipFields('203.0.113.40'), agent: fp.agent(AGENT) },
    ]);
  });

  it('is nothing where a service made the call, where it was another call, or of another service', () => {
    const ids = callsOf(trail, fp).map(({ id }) => id);
    for (const other of ['7a1e9c44', '11111111', '22222222']) expect(ids.join()).not.toContain(other);
    for (const value of [null, 7, {}, { Records: [null, { eventSource: 'bedrock.amazonaws.com' }] }])
      expect(callsOf(value, fp)).toEqual([]);
  });

  it('is read from its logs, not from the digests beside them', () => {
    expect(isTrailLog('AWSLogs/1/CloudTrail/eu-west-1/2026/05/14/x.json.gz')).toBe(true);
    expect(isTrailLog('AWSLogs/1/CloudTrail-Digest/eu-west-1/2026/05/14/x.json.gz')).toBe(false);
  });
});

describe('a held exchange', () => {
  it('goes out with the network and the client of its call, and with nothing else changed', async () => {
    const [at, calls] = [world('bedrock'), new MemoryCalls()];
    await keepCalls(pieces([sample('cloudtrail.json')]), { ...at.host, calls });
    const lines = await heldLines(at);
    await release(pieces(lines), heldHost(at, calls));
    const [joined, alone] = at.stream.usage;
    expect(joined).toEqual({
      ...(JSON.parse(lines[0]!) as UsageRecord),
      network: fp.ipFields('203.0.113.40'),
      client: { agent: fp.agent(AGENT) },
    });
    expect(alone?.network).toBeUndefined();
    expect(areValid(at.stream.records)).toBe(true);
    expect([at.told.counts.CallsJoined, at.told.counts.CallsUnjoinedShare]).toEqual([1, 0.5]);
    expect(everything(at)).not.toMatch(/203\.0\.113|Boto3|ASIA/);
  });

  it('goes out once its time is over, known or not', async () => {
    const at = world('bedrock');
    await release(pieces(await heldLines(at)), heldHost(at));
    expect(at.stream.usage).toHaveLength(2);
  });

  it('stays where it is while the stream does not take it', async () => {
    const at = world('bedrock');
    const lines = await heldLines(at);
    at.stream.refuses = ({ type }) => type === 'usage';
    await expect(release(pieces(lines), heldHost(at))).rejects.toThrow('did not take 2 held records');
  });

  it('is not lost with a line beside it that is damaged', async () => {
    const at = world('bedrock');
    const [line] = await heldLines(at);
    await release(pieces([line!, '{"type":"usage"}', '{']), heldHost(at));
    expect(at.stream.usage).toHaveLength(1);
    expect(entries(at).map(({ position }) => position)).toEqual(['h:2', 'h:3']);
  });
});

describe('the table of calls', () => {
  const dynamo = mockClient(DynamoDBClient);
  const table = () => new DynamoCalls(new DynamoDBClient({}), 't', async () => {});
  beforeEach(() => dynamo.reset());

  it('forgets a call after two days', async () => {
    dynamo.on(PutItemCommand).resolves({});
    await table().put([{ id: 'a', ip: 'x' }], 1_000_000);
    const { Item } = dynamo.commandCalls(PutItemCommand)[0]!.args[0].input;
    expect(Item).toMatchObject({
      pk: { S: 'a' },
      sk: { S: 'call' },
      ip: { S: 'x' },
      expires: { N: String(1000 + 172_800) },
    });
  });

  it('is asked for 100 at a time, each id once, and again for what it left out', async () => {
    const left = { t: { Keys: [{ pk: { S: 'r5' }, sk: { S: 'call' } }] } };
    dynamo
      .on(BatchGetItemCommand)
      .resolvesOnce({
        Responses: { t: [{ pk: { S: 'r1' }, layout: { N: '1' }, agent: { S: 'g' } }] },
        UnprocessedKeys: left,
      })
      .resolvesOnce({ Responses: { t: [{ pk: { S: 'r5' }, layout: { N: '1' } }] } })
      .resolves({});
    const ids = Array.from({ length: 150 }, (_, i) => `r${i}`);
    const found = await table().get([...ids, 'r1']);
    expect([...found.values()]).toEqual([{ id: 'r1', agent: 'g' }, { id: 'r5' }]);
    const asked = dynamo
      .commandCalls(BatchGetItemCommand)
      .map((call) => call.args[0].input.RequestItems!.t!.Keys!.length);
    expect(asked).toEqual([100, 1, 50]);
  });

  it('that refuses all reads fails, so that a call that is there does not pass for one that is not', async () => {
    dynamo.on(BatchGetItemCommand).callsFake(({ RequestItems }) => ({ UnprocessedKeys: RequestItems }));
    await expect(table().get(['a'])).rejects.toThrow('refuses reads');
  });

  it('that refuses a write fails, so that the object is read again', async () => {
    dynamo.on(PutItemCommand).rejects(new Error('throttled'));
    await expect(table().put([{ id: 'a' }], 0)).rejects.toThrow('throttled');
  });
});
