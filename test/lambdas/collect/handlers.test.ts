/** Each function as it is deployed: environment in, calls to AWS out. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { BatchGetItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as calls } from '../../../lambdas/collect/calls/handler.ts';
import { handler as held } from '../../../lambdas/collect/held/handler.ts';
import { handler as http } from '../../../lambdas/collect/http/handler.ts';
import { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from '../../../lambdas/collect/http/signature.ts';
import { handler as logs } from '../../../lambdas/collect/logs/handler.ts';
import { handler as objects } from '../../../lambdas/collect/objects/handler.ts';
import { handler as queue } from '../../../lambdas/collect/queue/handler.ts';
import { newObject, sample, sqsEvent, urlEvent } from './support.ts';

const [s3, kinesis, secrets, dynamo] = [
  mockClient(S3Client),
  mockClient(KinesisClient),
  mockClient(SecretsManagerClient),
  mockClient(DynamoDBClient),
];
const SIGNING = 's'.repeat(64);
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  POWERTOOLS_METRICS_NAMESPACE: 'Stillwatch/test',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  RECORDS_TO: 'stream',
  QUARANTINE_BUCKET: 'set-aside',
  HOLD_BUCKET: 'hold',
  FINGERPRINT_KEY_SECRET: 'key-arn',
  BRIDGE_TABLE: 'b',
  RETENTION_DAYS: '90',
  ATTRIBUTION: '{}',
  FORMAT: 'bedrock',
  BUCKET: 'bedrock-logs',
  JOIN: 'wait',
  CALLS_TABLE: 'calls',
  ACCEPT: 'litellm',
  AUTH: 'hmac',
  SIGNING_SECRET: 'signing-arn',
};
/** Objects of the buckets. */
const stored = new Map<string, Buffer>();

beforeEach(() => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  vi.spyOn(console, 'log').mockImplementation(() => {});
  for (const client of [s3, kinesis, secrets, dynamo]) client.reset();
  stored.clear();
  s3.on(GetObjectCommand).callsFake(({ Bucket, Key }) => ({ Body: Readable.from([stored.get(`${Bucket}/${Key}`)!]) }));
  s3.on(PutObjectCommand).callsFake(({ Bucket, Key, Body }) => void stored.set(`${Bucket}/${Key}`, Buffer.from(Body)));
  kinesis.on(PutRecordsCommand).resolves({ FailedRecordCount: 0 });
  secrets
    .on(GetSecretValueCommand, { SecretId: 'key-arn' })
    .resolves({ SecretString: '00'.repeat(32), VersionId: 'v' });
  secrets.on(GetSecretValueCommand, { SecretId: 'signing-arn' }).resolves({ SecretString: SIGNING });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const sent = () =>
  kinesis.commandCalls(PutRecordsCommand).flatMap((call) => {
    expect(call.args[0].input.StreamName).toBe('stream');
    return call.args[0].input.Records!.map(({ Data }) => JSON.parse(Buffer.from(Data!).toString('utf8')));
  });
const heldKeys = () => [...stored.keys()].filter((key) => key.startsWith('hold/'));
const put = (key: string, text: string) => void stored.set(key, gzipSync(text));

describe('as deployed', () => {
  it('Bedrock’s log is held, CloudTrail’s call kept, and the two go out as one record', async () => {
    put('bedrock-logs/1.json.gz', sample('bedrock-converse.ndjson'));
    put('bedrock-logs/AWSLogs/1/CloudTrail/eu-west-1/1.json.gz', sample('cloudtrail.json'));
    dynamo.on(PutItemCommand).resolves({});
    await objects(sqsEvent(newObject('bedrock-logs', '1.json.gz')));
    await calls(sqsEvent(newObject('bedrock-logs', 'AWSLogs/1/CloudTrail/eu-west-1/1.json.gz')));
    expect(sent()).toEqual([]);
    const items = dynamo.commandCalls(PutItemCommand).map((call) => call.args[0].input.Item!);
    expect(items).toHaveLength(1);
    dynamo.on(BatchGetItemCommand).resolves({ Responses: { calls: items } });
    const [key] = heldKeys();
    expect(await held(sqsEvent(newObject('hold', key!.slice('hold/'.length))))).toEqual({ batchItemFailures: [] });
    expect(sent()).toMatchObject([
      { id: '0d5f3a52-6f0e-4f6b-9b7e-3c1a7f2e9d10', network: { ip: '92772e1e19b50198' }, client: {} },
    ]);
  });

  it('a log group’s batch is held too, while there is a join', async () => {
    const logEvents = [{ id: '1', timestamp: 0, message: sample('bedrock-converse.ndjson') }];
    const envelope = { messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents };
    await logs({ awslogs: { data: gzipSync(JSON.stringify(envelope)).toString('base64') } });
    expect(heldKeys()).toHaveLength(1);
  });

  it('LiteLLM’s message goes onto the stream, and a bad one into the quarantine', async () => {
    const reply = await queue(sqsEvent(sample('litellm-single.json'), sample('litellm-encrypted.json')));
    expect(reply).toEqual({ batchItemFailures: [] });
    expect(sent().map(({ type }) => type)).toEqual(['account', 'usage']);
    expect([...stored.keys()]).toEqual([expect.stringMatching(/^set-aside\/quarantine\/litellm-queue\/\w{32}\.json$/)]);
  });

  it('LiteLLM’s message comes again when neither stream nor hold takes it', async () => {
    kinesis.on(PutRecordsCommand).rejects(new Error('down'));
    s3.on(PutObjectCommand).rejects(new Error('down'));
    const reply = await queue(sqsEvent(sample('litellm-single.json')));
    expect(reply).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  });

  it('a signed request is answered when its record is on the stream, an unsigned one is refused', async () => {
    const body = sample('litellm-single.json');
    const time = String(Math.floor(Date.now() / 1000));
    const headers = {
      [TIMESTAMP_HEADER]: time,
      [SIGNATURE_HEADER]: sign(SIGNING, time, '/litellm', Buffer.from(body)),
    };
    expect((await http(urlEvent('/litellm', body))).statusCode).toBe(401);
    expect(sent()).toEqual([]);
    expect((await http(urlEvent('/litellm', body, headers))).statusCode).toBe(200);
    expect(sent()).toHaveLength(2);
  });
});
