/** What whoever is on call does to a deployment from a shell, with the runbook at hand. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DAY_MS, isoDay, isoTime } from '../../core/records/time.ts';
import { aUsage } from '../support/records.ts';
import { Deployment } from './deployment.ts';
import { refusal } from './gateway.ts';
import { Shell } from './shell.ts';
import { rotate } from './wires/rotation.ts';

const STACK = 'Operated';
/** The clock of the shell is the real one, so that of the functions is it too. */
const START = Date.now();
const HOUR_MS = 3_600_000;
const LITELLM = 'litellm-logs';

let deployment: Deployment;
let shell: Shell;
let folder: string;

beforeAll(async () => {
  deployment = await Deployment.open(inject('emulator'), inject('assembly'), STACK);
  deployment.now = START;
  shell = await Shell.open(deployment, inject('assembly'), STACK);
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-operator-'));
  await rotate(deployment, 'the-first-epoch-of-this-deployment');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  shell?.close();
  await deployment?.close();
});

const ref = (type: string, prefix: string) => deployment.template.made.get(deployment.id(type, prefix))!.ref;
const usage = (account: string, id: string) =>
  JSON.stringify(aUsage({ account, id, time: isoTime(START - 2 * HOUR_MS) }));

async function onTheStream(lines: readonly string[]): Promise<void> {
  const Records = lines.map((line) => ({ Data: Buffer.from(line), PartitionKey: 'a-gateway' }));
  const StreamName = ref('AWS::Kinesis::Stream', '');
  await deployment.operator.kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  await deployment.stream.drain();
}

/** Stored account-days, by account. */
async function accountDays() {
  const TableName = ref('AWS::DynamoDB::GlobalTable', 'Aggregates');
  const days = new Map<string, { item: Record<string, { S?: string; B?: Uint8Array }>; TableName: string }>();
  for await (const { Items = [] } of paginateScan({ client: deployment.operator.dynamodb }, { TableName }))
    for (const item of Items) if (item.packed) days.set(item.account!.S!, { item: item as never, TableName });
  return days;
}

function liteLlm(id: string, account: string): string {
  const seconds = (START - HOUR_MS) / 1000;
  const payload = {
    id,
    call_type: 'acompletion',
    status: 'success',
    custom_llm_provider: 'anthropic',
    model: 'opus-5',
  };
  const spent = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  const when = { startTime: seconds, endTime: seconds + 2 };
  return JSON.stringify({ ...payload, ...spent, ...when, metadata: { user_api_key_hash: account } });
}

async function drainQueues(): Promise<void> {
  for (const queue of deployment.queues) await queue.drain();
  await deployment.stream.drain();
}

describe('the quarantine of a deployment', () => {
  it('says what was set aside and why, of the stream and of an object', async () => {
    await onTheStream([usage('k_good', 'e1'), 'no JSON', usage('k_bad', 'e2').replace('"tokens"', '"tokns"')]);
    await object('no payload\n');
    const { status, out } = await shell.stillwatch('quarantine', 'list');
    expect(
      out
        .split('\n')
        .map((line) => line.replace(/first at .*/, ''))
        .sort(),
    ).toEqual([
      '',
      expect.stringContaining('1  not JSON  (litellm-objects, '),
      expect.stringContaining('1  not JSON  (stream, '),
      expect.stringContaining('1  tokens: missing  (stream, '),
    ]);
    expect(status).toBe(0);
  });

  it('sends again what the stack still has once the cause is mended, and says who has the rest', async () => {
    await givenUp([usage('k_late', 'e3'), usage('k_late', 'e4')]);
    expect((await accountDays()).has('k_late')).toBe(false);
    await object(`${liteLlm('chatcmpl-1', 'b1d4f0a7c2e95836')}\n`, false);
    const { status, out } = await shell.stillwatch('quarantine', 'retry');
    expect(out).toContain('1 object sent to be read again for 1 entry; 2 records sent again');
    expect(out).toContain('2  stream: no text is kept');
    expect(out).toMatch(/aws kinesis get-records --limit 1 --shard-iterator/);
    expect(status).toBe(0);
    await drainQueues();
    expect((await accountDays()).has('k_late')).toBe(true);
    expect((await accountDays()).size).toBe(3);
  });

  it('counts nothing twice when it is sent again once more', async () => {
    const before = await accountDays();
    await shell.stillwatch('quarantine', 'retry');
    await drainQueues();
    for (const [account, { item }] of await accountDays())
      expect(item.packed, account).toEqual(before.get(account)!.item.packed);
  });

  /** Puts it where LiteLLM does; `tell`: as the bucket does. */
  async function object(body: string, tell = true): Promise<void> {
    const Key = 'day/call.json';
    await deployment.operator.s3.send(new PutObjectCommand({ Bucket: LITELLM, Key, Body: body }));
    if (!tell) return;
    const MessageBody = JSON.stringify({ detail: { bucket: { name: LITELLM }, object: { key: Key } } });
    const QueueUrl = ref('AWS::SQS::Queue', 'CollectorsLitellmObjectsNew');
    await deployment.operator.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await drainQueues();
  }

  /** The table is out of order until Lambda has given the batch up. */
  async function givenUp(lines: readonly string[]): Promise<void> {
    deployment.gateway.fault = (passing) =>
      passing.calls.some(({ action }) => action === 'dynamodb:PutItem')
        ? refusal(passing, 400, 'ValidationException', 'broken')
        : undefined;
    await onTheStream(lines);
    deployment.gateway.fault = () => undefined;
  }
});

describe('the audit of a deployment', () => {
  const day = () => isoDay(Math.floor((START - 2 * HOUR_MS) / DAY_MS));

  it('counts the account-days of a day again from the archive', async () => {
    const { status, out } = await shell.stillwatch('audit', '--day', day());
    expect(out).toMatch(/: [23] account-days counted again from the archive, 0 differ\n$/);
    expect(status).toBe(0);
  });

  it('names what differs where a stored account-day was damaged, and exits with 3', async () => {
    const days = await accountDays();
    const { item, TableName } = days.get('k_good')!;
    const damaged = { ...item, packed: days.get('k_late')!.item.packed };
    await deployment.operator.dynamodb.send(new PutItemCommand({ TableName, Item: damaged as never }));
    const { status, out } = await shell.stillwatch('audit', '--day', day());
    expect(out).toMatch(/1 differ: .*exchanges/);
    expect(status).toBe(3);
    await deployment.operator.dynamodb.send(new PutItemCommand({ TableName, Item: item as never }));
  });
});

describe('a fingerprint key from its first day to its last', () => {
  const KEY_OF_A_USER = 'b1d4f0a7c2e95836';
  const named = async () =>
    (await shell.stillwatch('fingerprint', 'account', KEY_OF_A_USER, '--reason', 'TICKET-7')).out;
  const names = async () =>
    (await named())
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  '));
  let first: string;

  it('tells what a value is called, and of which of one’s own values a fingerprint is', async () => {
    const told = await names();
    first = told[0]![0]!;
    expect(told).toHaveLength(1);
    expect((await accountDays()).has(first)).toBe(true);
    const among = join(folder, 'accounts.txt');
    writeFileSync(among, `somebody\n${KEY_OF_A_USER}\nsomebody else\n`);
    const { out } = await shell.stillwatch(
      'fingerprint',
      'account',
      '--explain',
      first,
      '--among',
      among,
      '--reason',
      'TICKET-8',
    );
    expect(out).toBe(`${KEY_OF_A_USER}\n`);
  });

  it('keeps the name of whoever is seen in the overlap when the key is rotated', async () => {
    await rotate(deployment, 'the-second-epoch-of-this-deployment');
    await deployment.functions.stop();
    await message('in-the-overlap');
    const inOverlap = await names();
    expect(inOverlap.map(([name]) => name)).toContain(first);
    expect(inOverlap).toHaveLength(2);
    deployment.now = START + 31 * DAY_MS;
    await deployment.functions.stop();
    await message('after-it');
    const mine = [...(await accountDays()).keys()].filter((account) => inOverlap.some(([name]) => name === account));
    expect(mine).toEqual([first]);
  });

  it('is destroyed once names have changed over, and what it named stays under its name', async () => {
    deployment.now = START + 32 * DAY_MS;
    await deployment.functions.stop();
    await deployment.schedules.start('Destroys the key', isoTime(deployment.now));
    await deployment.functions.stop();
    const left = await names();
    expect(left).toEqual([
      [expect.not.stringMatching(first), expect.anything()],
      [first, 'kept under this name since before'],
    ]);
    expect(deployment.functions.errors.filter((line) => /Keys/.test(line))).toEqual([]);
  });

  async function message(id: string): Promise<void> {
    const payload = JSON.parse(liteLlm(id, KEY_OF_A_USER)) as Record<string, unknown>;
    const seconds = deployment.now / 1000 - 60;
    const MessageBody = JSON.stringify({ ...payload, startTime: seconds, endTime: seconds + 2 });
    const QueueUrl = ref('AWS::SQS::Queue', 'CollectorsLitellmMessages');
    await deployment.operator.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await drainQueues();
  }
});
