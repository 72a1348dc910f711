import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { FindingEnvelope } from '../../core/messages/envelope.ts';
import { isoTime } from '../../core/records/time.ts';
import { FULL } from '../cdk/support.ts';
import { clientsOf } from './clients.ts';
import { Deployment } from './deployment.ts';
import { replayed } from './on-the-laptop.ts';
import { SECRETS } from './prerequisites.ts';
import { audit, report, sweepAndTell, takeIn } from './run.ts';
import { simulatedWorld } from './world.ts';

const world = simulatedWorld();
let deployment: Deployment;
let alerts: FindingEnvelope[];

beforeAll(async () => {
  deployment = await Deployment.open(inject('emulator'), inject('assembly'), 'Quiet');
  const told = await deployment.subscribe(deployment.id('AWS::SNS::Topic', 'NotificationsFindings'));
  for (const day of world.days) {
    await takeIn(deployment, day);
    await sweepAndTell(deployment, day.to);
    await audit(deployment, day.to);
    await report(deployment, day.to);
  }
  alerts = (await told()).map((message) => JSON.parse(message) as FindingEnvelope);
});
afterAll(async () => {
  if (deployment) listUnused();
  await deployment?.close();
});

/** Printed, to be looked through: a permission that a whole campaign never needs should have its reason. */
function listUnused(): void {
  const byAws = /^(logs|xray):/;
  process.stdout.write('\nallowed by the template and never needed in this run, less what AWS itself writes:\n');
  for (const [role, grants] of deployment.policies.unused()) {
    const left = grants.filter((grant) => !byAws.test(grant));
    if (left.length > 0) process.stdout.write(`  ${role}\n${left.map((grant) => `    ${grant}\n`).join('')}`);
  }
}

const opened = () => alerts.find(({ message, finding }) => finding && message === 'opened')!;

describe('a campaign that goes through the deployed stack', () => {
  it('is told to a subscriber of the topic, with the accounts that are in it', () => {
    const [truth] = world.truth.campaigns;
    expect(opened().finding).toMatchObject({
      kind: 'campaign',
      state: 'opened',
      accounts: { certain: truth!.accounts.length, probable: 0 },
    });
  });

  it('is told to the byte as the laptop tells it: the two runtimes are one', async () => {
    const laptop = await replayed(world.records, 'test');
    const expected = laptop.get(isoTime(world.days[2]!.to).replace(/[:.]/g, '-'));
    expect(JSON.stringify(opened())).toBe(expected);
  });

  it('leaves each day that is over as Parquet that any reader opens, and read by the sweeps after it', async () => {
    const { s3 } = deployment.operator;
    const Bucket = deployment.template.made.get(deployment.id('AWS::S3::Bucket', 'SweepSweeps'))!.ref;
    const [first] = world.days;
    const day = isoTime(first!.from).slice(0, 10);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'days/' }));
    const files = Contents.map(({ Key }) => Key!).filter((key) => key.includes(`/day=${day}/`));
    let exchanges = 0n;
    for (const Key of files) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const file = Uint8Array.from(await Body!.transformToByteArray()).buffer;
      for (const row of await parquetReadObjects({ file })) exchanges += row.exchanges as bigint;
    }
    expect(files.length).toBeGreaterThan(1);
    const ids = world.records.flatMap((record) =>
      record.type === 'usage' && record.time.startsWith(day) ? [record.id] : [],
    );
    expect(exchanges).toBe(BigInt(new Set(ids).size));
  });

  it('is told once to every channel', async () => {
    const ids = alerts.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    const { received } = deployment.receiver;
    const { host, pathname } = new URL(FULL.channels!.webhook!.url);
    const hooks = received.filter((one) => one.host === host && one.path === pathname);
    expect(hooks.map(({ body }) => (JSON.parse(body) as FindingEnvelope).messageId)).toEqual(ids);
    // The pager has reminders of its own.
    const paged = alerts.filter(({ message }) => message !== 'reminder');
    expect(received.filter((one) => one.host === 'events.pagerduty.com')).toHaveLength(paged.length);
  });

  it('is signed for the webhook, and carries the routing key for the pager', () => {
    const { received } = deployment.receiver;
    const hook = received.find(({ host }) => host === 'soar.example.com')!;
    const signed = received.indexOf(hook);
    const header = (name: string) => String(received[signed]!.headers[name]);
    const content = `${header('webhook-id')}.${header('webhook-timestamp')}.${hook.body}`;
    const when = new Date(Number(header('webhook-timestamp')) * 1000);
    const again = new Webhook(SECRETS.webhook).sign(header('webhook-id'), when, hook.body);
    expect(header('webhook-signature').split(' '), content.slice(0, 60)).toContain(again);
    const page = received.find(({ host }) => host === 'events.pagerduty.com')!;
    expect(JSON.parse(page.body)).toMatchObject({ routing_key: SECRETS.pagerduty, event_action: 'trigger' });
  });

  it('is in the mail to the people on call, and in the digest of the day', async () => {
    const mails = await deployment.mails();
    const { mail } = FULL.channels!;
    const alert = mails.filter(({ recipients }) => recipients.includes(mail!.recipients[0]!));
    expect(alert.map(({ subject }) => subject)).toEqual(alerts.map(({ title }) => title));
    const reports = mails.filter(({ recipients }) => recipients.includes(FULL.report!.recipients[0]!));
    // On days with something to say, and one at most.
    expect(reports.length).toBeLessThanOrEqual(world.days.length);
    expect(reports.at(-1)!.subject).toContain('1 open');
    expect(reports.at(-1)!.html).toContain(opened().finding.id);
  });

  it('leaves nothing in a dead-letter queue', async () => {
    for (const [id] of deployment.template.ofType('AWS::SQS::Queue')) {
      expect(await deployment.messages(deployment.template.made.get(id)!.ref), id).toEqual([]);
    }
  });

  it('makes no function log an error', () => {
    expect(deployment.functions.errors).toEqual([]);
  });
});

describe('what the functions ask of AWS', () => {
  it('is all allowed by the roles of the template', () => {
    expect(deployment.gateway.passed).toBeGreaterThan(1000);
    expect([...deployment.gateway.refused]).toEqual([]);
  });

  it('is refused where a role does not allow it, so that the line above means something', async () => {
    const role = deployment.id('AWS::IAM::Role', 'IngestRole');
    const { dynamodb } = clientsOf(deployment.gateway.url, role);
    const TableName = deployment.template.made.get(deployment.id('AWS::DynamoDB::GlobalTable', 'FindingsTable'))!.ref;
    const Key = { pk: { S: 'x' }, sk: { S: 'x' } };
    await expect(dynamodb.send(new GetItemCommand({ TableName, Key }))).rejects.toThrow('not authorized');
  });
});
