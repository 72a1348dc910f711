/** What people decide, each verb a whole command: what a deployment answers is what a folder answers. */
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_BOOK } from '../../core/cases/book.ts';
import { deliver, enrol } from '../../core/outbox/deliver.ts';
import { CHANNELS } from '../../core/outbox/outbox.ts';
import { DAY_MS, isoTime } from '../../core/records/time.ts';
import { DynamoDesk } from '../../lambdas/adapters/dynamo-desk.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { DynamoOutbox } from '../../lambdas/adapters/dynamo-outbox.ts';
import { knownKey } from '../../lambdas/sweep/tasks.ts';
import { type Ended, type Scratch, scratch, start } from '../support/cli.ts';
import { createTable, type DynamoServer, namedEndpoint, serverAt } from '../support/dynamodb.ts';
import { writtenFolder } from '../support/written-folder.ts';
import { KNOWN, memoryOf, WRITTEN } from './place.ts';

/** More than DynamoDB is asked for, so a server that is only that, or none, leaves these out. */
const endpoint = namedEndpoint();
/** A server may have seen this suite before. */
const STACK = `Stillwatch-verbs-${process.pid}`;
const SWEEPS = STACK.toLowerCase();
const AWS = { region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
const ENV = {
  AWS_REGION: AWS.region,
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'y',
  ...(endpoint ? { AWS_ENDPOINT_URL: endpoint } : {}),
};
const FAR = isoTime(Date.now() + 20 * DAY_MS).slice(0, 10);

describe.runIf(endpoint)('a decision on a deployment, from a shell', { timeout: 300_000 }, () => {
  let folder: Scratch;
  let home: Scratch;
  let outbox: DynamoOutbox;

  beforeAll(async () => {
    folder = writtenFolder(WRITTEN);
    home = scratch();
    const server = serverAt(endpoint!);
    outbox = new DynamoOutbox(server.client, await deployed(server));
  }, 120_000);
  afterAll(() => {
    folder?.remove();
    home?.remove();
  });

  const at = (place: string, args: string[]): Promise<Ended> => start([...args, '--at', place], home.folder, ENV).ended;
  const inFolder = (...args: string[]) => at(folder.folder, args);
  const inStack = (...args: string[]) => at(`stack:${STACK}`, args);
  /** A folder is told who decides; a deployment knows. Each counts its own ids and moments. */
  const alike = ({ code, stdout, stderr }: Ended) => ({
    code,
    stderr,
    stdout: stdout
      .replaceAll(/mara|arn:aws:[\w:/-]+\w/g, 'WHO')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, 'THEN')
      .replaceAll(/\b(exc|plan)-[0-9a-f]{6}\b/g, '$1')
      .replaceAll(/ +/g, ' '),
  });

  it.each<[string, string[]]>([
    ['ack', ['ack', 'cmp-1']],
    ['assign', ['assign', 'cmp-1', 'tom']],
    ['note', ['note', 'cmp-1', 'Ünïcode, "quoted"']],
    ['snooze', ['snooze', 'cmp-1', '--for', '4h', '--reason', 'the team is on it']],
    ['snooze --end', ['snooze', 'cmp-1', '--end']],
    [
      'exception add',
      [
        'exception',
        'add',
        '--org',
        'o1',
        '--classification',
        'coordinated_abuse',
        '--until',
        '30d',
        '--reason',
        'a class',
        '--owner',
        'tom',
      ],
    ],
    [
      'plan add',
      [
        'plan',
        'add',
        '--account',
        'somebody',
        '--from',
        `${FAR}T00:00:00Z`,
        '--to',
        `${FAR}T12:00:00Z`,
        '--max-exchanges',
        '200000',
        '--reason',
        'a load test',
        '--owner',
        'tom',
      ],
    ],
    ['verdict', ['verdict', 'con-2', 'benign-planned', '--reason', 'their own batch']],
  ])('%s says what it says of a folder', async (_, args) => {
    const [here, there] = await Promise.all([inFolder(...args, '--by', 'mara'), inStack(...args)]);
    expect(here.code, here.stderr).toBe(0);
    expect(alike(there)).toEqual(alike(here));
  });

  it.each([
    ['a finding that is not there', ['ack', 'cmp-none'], 2],
    ['a verdict that is none', ['verdict', 'cmp-1', 'guilty', '--reason', 'x'], 2],
    [
      'an exception of nobody who is known',
      [
        'exception',
        'add',
        '--org',
        'o9',
        '--classification',
        'coordinated_abuse',
        '--until',
        '30d',
        '--reason',
        'x',
        '--owner',
        'y',
      ],
      2,
    ],
  ])('refuses %s in one line, as in a folder', async (_, args, code) => {
    const [here, there] = await Promise.all([inFolder(...args), inStack(...args)]);
    const line = ({ stderr }: Ended) => stderr.replaceAll(folder.folder, 'PLACE').replaceAll(`stack:${STACK}`, 'PLACE');
    expect([there.code, line(there)]).toEqual([code, line(here)]);
    expect(there.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.each([
    ['list', ['list']],
    ['the exceptions', ['exception', 'list']],
    ['the plans', ['plan', 'list']],
  ])('%s are afterwards what they are in a folder', async (_, args) => {
    const [here, there] = await Promise.all([inFolder(...args), inStack(...args)]);
    expect(alike(there)).toEqual(alike(here));
    expect(there.stdout.length).toBeGreaterThan(20);
  });

  it('ends an exception by the id that its list names', async () => {
    const [{ id }] = JSON.parse((await inStack('exception', 'list', '--json')).stdout.split('\n')[0]!) as
      | { id: string }[]
      | [{ id: string }];
    const ended = await inStack('exception', 'end', id);
    expect([ended.code, ended.stderr]).toEqual([0, '']);
  });

  it('does not let a deployment be told who decides', async () => {
    const { code, stderr } = await inStack('ack', 'cmp-1', '--by', 'mara');
    expect([code, stderr]).toEqual([2, expect.stringContaining('a deployment knows its callers')]);
  });

  it('lists what no channel took, and puts it into the outbox again when it is told to', async () => {
    const listed = await inStack('export', '--undelivered');
    expect([listed.code, listed.stderr]).toEqual([0, '']);
    expect(listed.stdout).toContain('webhook');
    expect((await outbox.failed()).length).toBeGreaterThan(0);
    const sent = await inStack('export', '--undelivered', '--send');
    expect([sent.code, sent.stderr]).toEqual([0, '']);
    expect(sent.stdout).toContain('pending again, tried within a minute');
    expect(await outbox.failed()).toEqual([]);
    expect((await outbox.pending()).length).toBeGreaterThan(0);
    expect((await inStack('export', '--undelivered', '--send')).stdout).toBe(
      'nothing to send: no message was given up\n',
    );
  });
});

/** The tables of `WRITTEN`, with one channel that never took anything, and the outputs by which commands find them. Gives the outbox. */
async function deployed(server: DynamoServer): Promise<string> {
  const [findings, outbox, cases, aggregates] = await Promise.all([
    createTable(server, 'FindingsTable'),
    createTable(server, 'NotificationsOutbox'),
    createTable(server, 'CasesTable'),
    createTable(server, 'Aggregates'),
  ]);
  const store = new DynamoFindings({ client: server.client, table: findings });
  const byTime = Map.groupBy(WRITTEN.transitions, ({ finding }) => finding.at);
  for (const [time, transitions] of byTime) await store.save(time, memoryOf(WRITTEN), transitions);
  await new DynamoDesk(server.client, outbox).save(WRITTEN.book, EMPTY_BOOK, undefined);
  let now = Date.now() - 3 * DAY_MS;
  const senders = new Map(
    CHANNELS.map(
      (channel) => [channel, async () => (channel === 'webhook' ? Promise.reject(new Error('503')) : 'taken')] as const,
    ),
  );
  const delivery = { store: new DynamoOutbox(server.client, outbox), senders, now: () => now, random: () => 0 };
  for (const message of WRITTEN.messages) await enrol(message, delivery);
  for (; now < Date.now(); now += DAY_MS / 2) await deliver(delivery);
  const s3 = new S3Client({ ...AWS, endpoint: endpoint!, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: SWEEPS }));
  const Key = knownKey(WRITTEN.transitions.at(-1)!.finding.at);
  await s3.send(new PutObjectCommand({ Bucket: SWEEPS, Key, Body: new Uint8Array(KNOWN.buffer) }));
  const outputs = {
    FindingsTableName: findings,
    OutboxTableName: outbox,
    CasesTableName: cases,
    AggregatesTableName: aggregates,
    SweepBucketName: SWEEPS,
    SweepHours: '24',
    DeploymentName: 'test',
    Settings: '{}',
  };
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }]));
  const TemplateBody = JSON.stringify({
    Resources: { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
    Outputs,
  });
  await new CloudFormationClient({ ...AWS, endpoint: endpoint! }).send(
    new CreateStackCommand({ StackName: STACK, TemplateBody }),
  );
  return outbox;
}
