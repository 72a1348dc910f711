/** The campaign again in the stack of a small team: by a queue instead of a stream, where each batch comes twice. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FindingEnvelope } from '../../core/messages/envelope.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { sample } from '../lambdas/collect/support.ts';
import { Deployment } from './deployment.ts';
import { replayed } from './on-the-laptop.ts';
import { audit, drainQueues, sweepAndTell, takeIn } from './run.ts';
import { Shell } from './shell.ts';
import { Trouble } from './trouble.ts';
import { rotate } from './wires/rotation.ts';
import { simulatedWorld } from './world.ts';

const STACK = 'Small';
const world = simulatedWorld();
let deployment: Deployment;
let alerts: string[];
let refused: number;
const queueUrl = (prefix: string) => deployment.template.made.get(deployment.id('AWS::SQS::Queue', prefix))!.ref;

beforeAll(async () => {
  deployment = await Deployment.open(inject('emulator'), inject('small'), STACK);
  const told = await deployment.subscribe(deployment.id('AWS::SNS::Topic', 'NotificationsFindings'));
  const trouble = new Trouble(deployment);
  const twice = () => {
    for (const source of deployment.sources) source.times = 2;
  };
  twice();
  const [first, ...rest] = world.days;
  // The first of two deliveries of a batch fails in part: the second folds what is left of it, and no more.
  const counted = trouble.refuse(
    { role: 'Ingest', action: /^dynamodb:PutItem$/ },
    400,
    'ProvisionedThroughputExceededException',
    (call) => call <= 40,
  );
  await takeIn(deployment, first!);
  refused = counted();
  trouble.over();
  twice();
  await sweepAndTell(deployment, first!.to);
  for (const day of rest) {
    await takeIn(deployment, day);
    await sweepAndTell(deployment, day.to);
    await audit(deployment, day.to);
  }
  alerts = (await told()).filter((message) => (JSON.parse(message) as FindingEnvelope).finding);
});
afterAll(async () => {
  await deployment?.close();
});

describe('a campaign that goes through the stack of a small team', () => {
  it('is told to the byte as the laptop tells it, once, though batches came twice and some failed', async () => {
    expect(refused).toBe(40);
    const laptop = await replayed(world.records, 'test');
    expect(laptop.size).toBeGreaterThan(0);
    expect(alerts).toEqual([...laptop.values()]);
  });

  it('left every count as the archive has it', () => {
    const audits = deployment.functions.lines.filter((line) => line.includes('stored counts are those of the archive'));
    expect(audits.length).toBeGreaterThan(1);
    for (const line of audits) expect(line).toContain('"drifted":0');
  });

  it('leaves nothing behind in a queue', async () => {
    for (const [id] of deployment.template.ofType('AWS::SQS::Queue'))
      expect(await deployment.messages(deployment.template.made.get(id)!.ref), id).toEqual([]);
  });
});

describe('a collector of a small team', () => {
  it('puts what it reads into the queue, from which it is counted', async () => {
    await rotate(deployment, 'the-first-epoch-of-this-deployment');
    await deployment.functions.stop();
    deployment.now = Date.parse('2026-05-14T12:00:00Z');
    const [MessageBody] = sample('litellm.ndjson').split('\n');
    const sent = new SendMessageCommand({ QueueUrl: queueUrl('CollectorsLitellmMessages'), MessageBody: MessageBody! });
    await deployment.operator.sqs.send(sent);
    expect(await drainQueues(deployment)).toBe(1);
    const bodies = await deployment.messages(queueUrl('IntakeQueue'));
    const records = bodies.map((body) => JSON.parse(body) as StillwatchRecord);
    // The collector's batch came twice as well: its exchange goes out twice, under one id.
    expect(new Set(records.flatMap((record) => (record.type === 'usage' ? record.id : []))).size).toBe(1);
    for (const body of bodies)
      await deployment.operator.sqs.send(
        new SendMessageCommand({ QueueUrl: queueUrl('IntakeQueue'), MessageBody: body }),
      );
    expect(await drainQueues(deployment)).toBe(records.length);
  });
});

describe('what was set aside', () => {
  it('is told by the command line, which says of a queue what it says of a stream', async () => {
    const bad = new SendMessageCommand({ QueueUrl: queueUrl('IntakeQueue'), MessageBody: '{"type":"usage"' });
    await deployment.operator.sqs.send(bad);
    await drainQueues(deployment);
    const shell = await Shell.open(deployment, inject('small'), STACK);
    const listed = await shell.stillwatch('quarantine', 'list');
    expect(listed.out).toMatch(/^ +1 {2}not JSON {2}\(queue, first at queue:\d+\)/m);
    const retried = await shell.stillwatch('quarantine', 'retry');
    expect(retried.out).toContain('queue: no text is kept: let the producer send it again');
    expect([listed.status, retried.status]).toEqual([0, 0]);
    shell.close();
  });
});

describe('what the functions ask of AWS', () => {
  it('is all allowed by the roles of the template', () => {
    expect(deployment.gateway.passed).toBeGreaterThan(1000);
    expect([...deployment.gateway.refused]).toEqual([]);
  });
});
