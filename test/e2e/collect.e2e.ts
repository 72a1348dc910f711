/** Logs of a gateway on their way in, by HTTP and by a bucket, under a key that the stack has made for itself. */
import { gzipSync } from 'node:zlib';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { StillwatchRecord, UsageRecord } from '../../core/records/schema.ts';
import { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from '../../lambdas/collect/http/signature.ts';
import { COLLECTORS } from '../cdk/support.ts';
import { NOW, sample, urlEvent } from '../lambdas/collect/support.ts';
import { Deployment } from './deployment.ts';
import { rotate } from './wires/rotation.ts';

/** What LiteLLM calls the account of the sample: the hash of its key. */
const KEY_HASH = 'b1d4f0a7c2e95836'.repeat(4);

let deployment: Deployment;

beforeAll(async () => {
  deployment = await Deployment.open(inject('emulator'), inject('assembly'), 'Gateway');
  deployment.now = NOW;
});
afterAll(async () => {
  await deployment?.close();
});

interface Reply {
  statusCode: number;
  body: string;
}

const idOf = (prefix: string) => deployment.id('AWS::Lambda::Function', prefix);
const call = (prefix: string, event: LambdaFunctionURLEvent) =>
  deployment.functions.invoke(idOf(prefix), event) as Promise<Reply>;

async function onTheStream(): Promise<StillwatchRecord[]> {
  const { kinesis } = deployment.operator;
  const StreamARN = deployment.template.made.get(deployment.id('AWS::Kinesis::Stream', 'IntakeStream'))!.attributes
    .Arn!;
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamARN }));
  const found: StillwatchRecord[] = [];
  for (const { ShardId } of Shards) {
    const from = { StreamARN, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ StreamARN, ShardIterator: ShardIterator! }));
    found.push(...Records.map(({ Data }) => JSON.parse(Buffer.from(Data!).toString()) as StillwatchRecord));
  }
  return found;
}

async function usage(): Promise<UsageRecord[]> {
  return (await onTheStream()).filter((record) => record.type === 'usage');
}

async function signed(path: string, body: string, at = NOW): Promise<LambdaFunctionURLEvent> {
  const id = deployment.id('AWS::SecretsManager::Secret', 'CollectorsSigningSecret');
  const SecretId = deployment.template.made.get(id)!.ref;
  const { SecretString } = await deployment.operator.secrets.send(new GetSecretValueCommand({ SecretId }));
  const timestamp = String(Math.floor(at / 1000));
  const signature = sign(SecretString!, timestamp, path, Buffer.from(body));
  return urlEvent(path, body, { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: signature });
}

describe('before the first rotation', () => {
  it('nothing is taken without a key: the gateway is asked to send it again', async () => {
    const reply = await call('CollectorsHttpFunction', await signed('/litellm', sample('litellm-array.json')));
    expect(reply.statusCode).toBe(503);
    expect(await onTheStream()).toEqual([]);
    // A process that has no key does not look for it again before its time.
    await deployment.functions.stop();
  });
});

describe('the rotation', () => {
  it('makes the first key, which no person ever sees', async () => {
    await rotate(deployment, 'the-first-epoch-of-this-deployment');
    expect(deployment.functions.errors.filter((line) => line.startsWith('KeysRotate'))).toEqual([]);
  });
});

describe('a gateway that sends by HTTP', () => {
  it('is heard where it signs with the secret of the stack', async () => {
    const reply = await call('CollectorsHttpFunction', await signed('/litellm', sample('litellm-array.json')));
    expect([reply.statusCode, JSON.parse(reply.body)]).toEqual([200, { accepted: 4, quarantined: 1, skipped: 0 }]);
    expect(await onTheStream()).toHaveLength(4);
  });

  it('is refused where somebody else signed, or what was signed is ten minutes old', async () => {
    const body = sample('litellm-array.json');
    const forged = await signed('/litellm', body);
    forged.headers[SIGNATURE_HEADER] = `v1=${'0'.repeat(64)}`;
    const old = await signed('/litellm', body, NOW - 600_000);
    for (const event of [forged, old, urlEvent('/litellm', body)])
      expect((await call('CollectorsHttpFunction', event)).statusCode).toBe(401);
    expect(await onTheStream()).toHaveLength(4);
  });
});

describe('a gateway that writes to a bucket', () => {
  it('is read once the bucket tells of the object', async () => {
    const { s3, events } = deployment.operator;
    const Bucket = COLLECTORS.litellmBucket!.name;
    const Key = '2026-05-14/10-22-31_chatcmpl-5f71.json.gz';
    const before = (await usage()).length;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: gzipSync(sample('litellm.ndjson')) }));
    const Detail = JSON.stringify({ bucket: { name: Bucket }, object: { key: Key } });
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'aws.s3', DetailType: 'Object Created', Detail }] }));
    let taken = 0;
    for (const queue of deployment.queues) taken += await queue.drain();
    expect(taken).toBe(1);
    expect((await usage()).length).toBeGreaterThan(before);
  });

  it('leaves nothing on the stream that says who it was', async () => {
    const text = JSON.stringify(await onTheStream());
    expect(text).not.toContain(KEY_HASH);
    expect(text).not.toContain('203.0.113.40');
    expect(text).not.toContain('essay');
  });
});

describe('who may know', () => {
  it('is told what an account is called, and the asking is written down', async () => {
    const value = JSON.stringify({ kind: 'account', value: KEY_HASH, reason: 'ticket 4711' });
    const event = urlEvent('/', value);
    Object.assign(event.requestContext, {
      authorizer: { iam: { userArn: 'arn:aws:sts::123456789012:assumed-role/privacy-desk/ines' } },
    });
    const reply = await call('KeysExplainFunction', event);
    expect(reply.statusCode).toBe(200);
    const { explained } = JSON.parse(reply.body) as { explained: { fingerprint: string }[] };
    const accounts = (await usage()).map(({ account }) => account);
    expect(accounts).toContain(explained[0]!.fingerprint);
  });

  it('must be known: a request that IAM did not sign is refused', async () => {
    const event = urlEvent('/', JSON.stringify({ kind: 'account', value: KEY_HASH, reason: 'curious' }));
    expect((await call('KeysExplainFunction', event)).statusCode).toBe(403);
  });
});

describe('what the functions ask of AWS', () => {
  it('is all allowed by the roles of the template', async () => {
    await deployment.stream.drain();
    await deployment.schedules.start('Destroys the key', new Date(NOW).toISOString());
    expect([...deployment.gateway.refused]).toEqual([]);
  });
});
