/** What is there already is used as it is: nothing of its kind is made, and what speaks to it may. */
import { describe, expect, it } from 'vitest';
import { checkRules } from '../../cdk/rules.ts';
import { allResources, appOf, FULL, resourcesOf, templateOf } from './support.ts';

const AWS = (service: string) => `arn:aws:${service}:eu-west-1:111122223333`;
const BUS = `${AWS('events')}:event-bus/platform`;
const STREAM = `${AWS('kinesis')}:stream/usage`;
const KEY = `${AWS('kms')}:key/0aa1b2c3-1111-2222-3333-444455556666`;
const OTHER_KEY = `${AWS('kms')}:key/1bb1b2c3-1111-2222-3333-444455556666`;
const text = (value: unknown) => JSON.stringify(value);

/** Statements of the role of a function, by the start of its logical name. */
function rights(template: ReturnType<typeof templateOf>, name: string): string {
  const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith(name));
  expect(policies.length, name).toBeGreaterThan(0);
  return text(policies.map(({ Properties }) => Properties.PolicyDocument));
}

const { stream: _, ...withoutStream } = FULL;

describe('a bus that is there', () => {
  const template = templateOf({ ...FULL, existing: { bus: BUS } });

  it('carries the records and the findings, and is not made again', () => {
    expect(resourcesOf(template, 'AWS::Events::EventBus')).toEqual([]);
    const ours = resourcesOf(template, 'AWS::Events::Rule').filter(({ id }) => /^(Intake|Notifications)/.test(id));
    expect(ours).toHaveLength(3);
    for (const { Properties } of ours) expect(Properties.EventBusName).toBe('platform');
    expect(resourcesOf(template, 'AWS::Events::Archive')[0]!.Properties.SourceArn).toBe(BUS);
    expect(rights(template, 'SweepRole')).toContain(BUS);
  });
});

describe('a stream that is there', () => {
  const template = templateOf({ ...withoutStream, existing: { stream: { arn: STREAM, keyArn: KEY } } });

  it('is read by ingest, written by bus and collectors, watched, and not made again', () => {
    expect(resourcesOf(template, 'AWS::Kinesis::Stream')).toEqual([]);
    const sources = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties);
    expect(sources.filter(({ EventSourceArn }) => EventSourceArn === STREAM)).toHaveLength(1);
    for (const name of ['IngestRole', 'IntakeStreamEventsRole', 'CollectorsHttp', 'CollectorsHeld']) {
      expect(rights(template, name), name).toContain(STREAM);
      expect(rights(template, name), name).toContain(KEY);
    }
    const silence = resourcesOf(template, 'AWS::CloudWatch::Alarm').find(({ id }) => id.startsWith('IntakeSilence'))!;
    expect(silence.Properties.Dimensions).toEqual([{ Name: 'StreamName', Value: 'usage' }]);
  });
});

describe('a key that is there', () => {
  const template = templateOf({ ...FULL, existing: { key: KEY } });

  it('holds everything that is kept, and no other is made', () => {
    const made = resourcesOf(template, 'AWS::KMS::Key').filter(
      ({ Properties }) => Properties.KeyUsage !== 'SIGN_VERIFY',
    );
    expect(made).toEqual([]);
    const kept = [
      ...resourcesOf(template, 'AWS::DynamoDB::GlobalTable').map(({ Properties }) => Properties.Replicas[0]),
      ...['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::Kinesis::Stream', 'AWS::Events::EventBus'].flatMap((type) =>
        resourcesOf(template, type).map(({ Properties }) => Properties),
      ),
      ...resourcesOf(template, 'AWS::S3::Bucket')
        .filter(({ id }) => !id.startsWith('AccessLogs'))
        .map(({ Properties }) => Properties),
    ];
    expect(kept.length).toBeGreaterThan(20);
    for (const properties of kept) expect(text(properties)).toContain(KEY);
  });
});

describe('a bucket that is there', () => {
  const template = templateOf({ ...FULL, existing: { archiveBucket: { name: 'lake', kmsKeyArn: KEY } } });

  it('takes the archive below its three folders, and the audit reads it there', () => {
    expect(resourcesOf(template, 'AWS::S3::Bucket').filter(({ id }) => id.startsWith('IngestArchive'))).toEqual([]);
    for (const folder of ['usage', 'account', 'release'])
      expect(rights(template, 'IngestRole')).toContain(`:s3:::lake/${folder}/*`);
    expect(rights(template, 'AuditRole')).toContain(':s3:::lake/usage/*');
    for (const name of ['IngestRole', 'AuditRole']) expect(rights(template, name)).toContain(KEY);
  });
});

describe('topics that are there', () => {
  const findings = `${AWS('sns')}:findings`;
  const alarms = `${AWS('sns')}:alarms`;
  const template = templateOf({
    ...FULL,
    channels: {},
    existing: { findingsTopic: { arn: findings, keyArn: KEY }, alarmTopic: alarms },
  });

  it('get findings and alarms, each its own, with the addresses of the stage', () => {
    expect(resourcesOf(template, 'AWS::SNS::Topic')).toEqual([]);
    expect(rights(template, 'NotificationsNotify')).toContain(findings);
    expect(rights(template, 'NotificationsNotify')).toContain(KEY);
    // One that another alarm speaks for tells nobody itself.
    const telling = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']
      .flatMap((type) => resourcesOf(template, type))
      .flatMap(({ Properties: { AlarmActions } }) => (AlarmActions === undefined ? [] : [AlarmActions]));
    expect(telling.length).toBeGreaterThan(20);
    for (const actions of telling) expect(actions).toEqual([alarms]);
    const subscribed = resourcesOf(template, 'AWS::SNS::Subscription').map(({ Properties }) => Properties);
    expect(subscribed.map(({ TopicArn, Endpoint }) => [TopicArn, Endpoint]).sort()).toEqual([
      [alarms, 'oncall@example.com'],
      [findings, 'soc@example.com'],
    ]);
  });
});

describe('other accounts of the organisation', () => {
  const template = templateOf({ ...FULL, customerKey: true, senders: { organisation: 'o-a1b2c3d4e5' } });

  it('may put records on the bus, and cannot tell of a finding that nobody found', () => {
    const [policy] = resourcesOf(template, 'AWS::Events::EventBusPolicy').map(({ Properties }) => Properties);
    expect(policy!.Statement.Action).toBe('events:PutEvents');
    expect(policy!.Statement.Condition.StringEquals).toEqual({
      'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
      'events:detail-type': ['Stillwatch Usage', 'Stillwatch Account', 'Stillwatch Release'],
    });
  });

  it('may put records on the stream by a role that nobody else can take, and that reads nothing', () => {
    const [role] = resourcesOf(template, 'AWS::IAM::Role').filter(({ id }) => id.startsWith('IntakeSenderRole'));
    const [trust] = role!.Properties.AssumeRolePolicyDocument.Statement;
    expect(trust.Condition).toEqual({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } });
    const statements = JSON.parse(rights(template, 'IntakeSenderRole'))[0].Statement as { Action: string | string[] }[];
    expect(statements.flatMap(({ Action }) => Action)).toEqual([
      'kinesis:PutRecord',
      'kinesis:PutRecords',
      'kms:GenerateDataKey',
    ]);
    expect(Object.keys(template.toJSON().Outputs)).toContain('SenderRoleArn');
  });

  it('are let in only where they are asked', () => {
    const closed = templateOf(FULL);
    expect(resourcesOf(closed, 'AWS::Events::EventBusPolicy')).toEqual([]);
    expect(allResources(closed).filter(({ Properties }) => text(Properties).includes('PrincipalOrgID'))).toEqual([]);
  });
});

describe('the rule packs find nothing where everything is brought', { timeout: 300_000 }, () => {
  it.each([
    [
      'brought',
      { existing: { bus: BUS, stream: { arn: STREAM, keyArn: OTHER_KEY }, key: KEY, archiveBucket: { name: 'lake' } } },
    ],
    [
      'brought topics',
      { existing: { findingsTopic: { arn: `${AWS('sns')}:f` }, alarmTopic: `${AWS('sns')}:a` }, stream: 1 },
    ],
    ['open to an organisation', { customerKey: true, senders: { organisation: 'o-a1b2c3d4e5' }, stream: 1 }],
  ] as const)('%s', (_name, more) => {
    const { app } = appOf({ ...withoutStream, ...more }, { '@aws-cdk/core:validateAgainstDefaultRules': true });
    checkRules(app);
    expect(() => app.synth()).not.toThrow();
  });
});
