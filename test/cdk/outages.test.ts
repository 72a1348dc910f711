/** Each test is named after the outage it prevents, and looks at every resource of the kind. */

import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { STAGES } from '../../cdk/config.ts';
import { UNKNOWN_MS } from '../../core/messages/report-sending.ts';
import { allResources, FULL, type Resource, resourcesOf, templateOf } from './support.ts';

let template: Template;
const all = (type: string): Resource[] => {
  const found = resourcesOf(template, type);
  expect(found.length, `no ${type} in the stack`).toBeGreaterThan(0);
  return found;
};
const text = (value: unknown) => JSON.stringify(value);

beforeAll(() => {
  template = templateOf(FULL);
});

/** Sources of functions: streams have positions and so options that queues have not. */
const mappings = (of: 'stream' | 'queue') => {
  const streams = all('AWS::Kinesis::Stream').map(({ id }) => `"${id}"`);
  const found = all('AWS::Lambda::EventSourceMapping').filter(
    ({ Properties }) => streams.some((id) => text(Properties.EventSourceArn).includes(id)) === (of === 'stream'),
  );
  expect(found.length, of).toBeGreaterThan(0);
  return found;
};

describe('nothing is lost on the way', () => {
  it('one bad message does not take its batch with it, and is not tried for ever', () => {
    const queues = new Map(all('AWS::SQS::Queue').map(({ id, Properties }) => [id, Properties]));
    for (const { id, Properties } of mappings('queue')) {
      expect(Properties.FunctionResponseTypes, id).toEqual(['ReportBatchItemFailures']);
      const queue = queues.get(Properties.EventSourceArn['Fn::GetAtt'][0])!;
      expect(queue.RedrivePolicy.maxReceiveCount, id).toBeLessThanOrEqual(100);
      expect(text(queue.RedrivePolicy.deadLetterTargetArn)).toContain('Uncollected');
    }
  });

  it('a message stays out of sight for six times as long as its function may run, so that it is not worked on twice', () => {
    const of = (type: string) => new Map(all(type).map(({ id, Properties }) => [id, Properties]));
    const [queues, functions] = [of('AWS::SQS::Queue'), of('AWS::Lambda::Function')];
    for (const { Properties } of mappings('queue')) {
      const { VisibilityTimeout } = queues.get(Properties.EventSourceArn['Fn::GetAtt'][0])!;
      const { Timeout } = functions.get(Properties.FunctionName.Ref)!;
      expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
    }
  });

  it('one bad record does not block its shard for ever, nor vanish', () => {
    for (const { Properties } of mappings('stream')) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(Properties.BisectBatchOnFunctionError).toBe(true);
      expect(Properties.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(Properties.MaximumRecordAgeInSeconds).toBeGreaterThan(3600);
      expect(text(Properties.DestinationConfig.OnFailure.Destination)).toContain('SetAside');
    }
  });

  it('a batch is given up before the stream forgets it, so what failed is still kept', () => {
    const stream = all('AWS::Kinesis::Stream')[0]!;
    for (const { Properties } of mappings('stream')) {
      expect(Properties.MaximumRecordAgeInSeconds).toBeLessThan(stream.Properties.RetentionPeriodHours * 3600);
    }
  });

  it('records of one account stay in order on the stream', () => {
    const rules = all('AWS::Events::Rule').filter(({ Properties }) =>
      text(Properties.Targets).includes('KinesisParameters'),
    );
    const keys = rules.map(({ Properties }) => Properties.Targets[0].KinesisParameters.PartitionKeyPath);
    expect(keys.sort()).toEqual(['$.detail.account', '$.detail.model']);
    for (const { Properties } of rules) expect(Properties.Targets[0].InputPath).toBe('$.detail');
  });

  it('an event that a target does not take is kept', () => {
    for (const { id, Properties } of all('AWS::Events::Rule')) {
      for (const target of Properties.Targets) {
        // The archive is a rule that the service itself runs.
        if (text(Properties.EventPattern).includes('replay-name')) continue;
        expect(target.DeadLetterConfig, id).toBeDefined();
      }
    }
  });

  it('a schedule that cannot reach its target leaves a trace', () => {
    for (const { Properties } of all('AWS::Scheduler::Schedule')) {
      expect(Properties.Target.DeadLetterConfig).toBeDefined();
      expect(Properties.Target.RetryPolicy.MaximumRetryAttempts).toBeLessThanOrEqual(5);
    }
  });

  it('a sweep takes its time from the schedule, so that a retry is the same sweep', () => {
    const inputs = all('AWS::Scheduler::Schedule')
      .map(({ Properties }) => Properties.Target.Input as string)
      .filter((input) => input !== '{"task":"deliver"}');
    expect(inputs.length).toBeGreaterThan(0);
    for (const input of inputs) expect(input).toContain('"scheduledTime":"<aws.scheduler.scheduled-time>"');
  });

  it('secrets of channels are named to the function and never given to it', () => {
    const notify = all('AWS::Lambda::Function').find(({ id }) => id.startsWith('NotificationsNotify'))!;
    const { CHANNELS } = notify.Properties.Environment.Variables;
    expect(text(CHANNELS)).toContain('secret:stillwatch/webhook-AbCdEf');
    expect(text(CHANNELS)).not.toContain('whsec');
    const allowed = all('AWS::IAM::Policy').filter(({ id }) => id.startsWith('NotificationsNotify'));
    expect(text(allowed)).toContain('secretsmanager:GetSecretValue');
  });

  it('a mail that SNS cannot deliver is kept', () => {
    for (const { Properties } of all('AWS::SNS::Subscription')) expect(Properties.RedrivePolicy).toBeDefined();
  });

  it('an asynchronous invocation that fails is kept', () => {
    for (const { Properties } of all('AWS::Lambda::EventInvokeConfig')) {
      expect(Properties.DestinationConfig.OnFailure.Destination).toBeDefined();
    }
    const kept = all('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties.FunctionName.Ref);
    const scheduled = all('AWS::Lambda::Function').filter(({ id }) =>
      all('AWS::Scheduler::Schedule').some(({ Properties }) =>
        JSON.stringify(Properties.Target.Arn).includes(`"${id}"`),
      ),
    );
    expect(scheduled.length).toBeGreaterThan(3);
    for (const { id } of scheduled) expect(kept, id).toContain(id);
  });

  it('a report whose outcome is unknown waits longer than its function may run, so that two never send it at once', () => {
    const report = all('AWS::Lambda::Function').find(({ Properties }) => 'SENDER' in Properties.Environment.Variables)!;
    expect(report.Properties.Timeout * 1000).toBeLessThan(UNKNOWN_MS);
  });

  it('undelivered messages wait for two weeks, not for four days', () => {
    for (const { Properties } of all('AWS::SQS::Queue')) expect(Properties.MessageRetentionPeriod).toBe(1_209_600);
  });

  it('a table can be brought back to before a mistake, and forgets what is past its time', () => {
    for (const { Properties } of all('AWS::DynamoDB::GlobalTable')) {
      expect(Properties.Replicas[0].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
      expect(Properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires', Enabled: true });
    }
  });
});

describe('a failure is heard', () => {
  const alarms = () => all('AWS::CloudWatch::Alarm');
  /** Those that somebody is told of: the others speak through one that stands over them. */
  const telling = () =>
    [...alarms(), ...all('AWS::CloudWatch::CompositeAlarm')].filter(({ Properties }) => Properties.AlarmActions);
  const watches = (id: string, metric: string) =>
    alarms().some(
      ({ Properties }) => Properties.MetricName === metric && text(Properties.Dimensions).includes(`"${id}"`),
    );

  it('every queue that feeds a function has an alarm on the age of its oldest message', () => {
    for (const { Properties } of mappings('queue')) {
      const id = Properties.EventSourceArn['Fn::GetAtt'][0] as string;
      expect(watches(id, 'ApproximateAgeOfOldestMessage'), id).toBe(true);
    }
  });

  it('every dead-letter queue has an alarm over two periods', () => {
    const working = mappings('queue').map(({ Properties }) => Properties.EventSourceArn['Fn::GetAtt'][0]);
    for (const { id } of all('AWS::SQS::Queue').filter((queue) => !working.includes(queue.id))) {
      const alarm = alarms().find(({ Properties }) => text(Properties.Dimensions ?? '').includes(`"${id}"`));
      expect(alarm?.Properties.MetricName, id).toBe('ApproximateNumberOfMessagesVisible');
      expect(alarm?.Properties.EvaluationPeriods).toBe(2);
    }
  });

  it('every function that fails, is throttled or is about to run out of time has an alarm', () => {
    for (const { id } of all('AWS::Lambda::Function')) {
      for (const metric of ['Errors', 'Throttles', 'Duration'])
        expect(watches(id, metric), `${id} ${metric}`).toBe(true);
    }
  });

  it('ingest that falls behind is noticed before half of the stream is forgotten', () => {
    const age = alarms().find(({ Properties }) => Properties.MetricName === 'IteratorAge')!;
    const hours = all('AWS::Kinesis::Stream')[0]!.Properties.RetentionPeriodHours;
    expect(age.Properties.Threshold).toBeLessThan((hours * 3_600_000) / 2);
  });

  it('every table that refuses requests has an alarm', () => {
    for (const { id } of all('AWS::DynamoDB::GlobalTable')) {
      expect(watches(id, 'ReadThrottleEvents') && watches(id, 'WriteThrottleEvents'), id).toBe(true);
    }
  });

  it('a Stillwatch that silently stopped is noticed: no usage, no sweep, no delivery, no look at the keys', () => {
    const absent = alarms().filter(({ Properties }) => Properties.TreatMissingData === 'breaching');
    const metrics = new Set(absent.map(({ Properties }) => Properties.MetricName));
    expect([...metrics].sort()).toEqual([
      'IncomingRecords',
      'Invocations',
      'KeyAgeDays',
      'ReportsBegun',
      'SweepsCompleted',
    ]);
    for (const { Properties } of absent) expect(Properties.ComparisonOperator).toBe('LessThanThreshold');
  });

  it('a schedule that no longer runs is noticed: what it starts has an alarm on not being started', () => {
    for (const { id, Properties } of all('AWS::Scheduler::Schedule')) {
      const target = text(Properties.Target.Arn);
      // These are watched by what they say themselves: `SweepsCompleted`, `KeyAgeDays`, `ReportsBegun`.
      if (/SweepMachine|KeysRetire|ReportsReport/.test(target)) continue;
      const absence = alarms().find(
        ({ Properties: { MetricName, TreatMissingData, Dimensions } }) =>
          MetricName === 'Invocations' &&
          TreatMissingData === 'breaching' &&
          target.includes(`"${Dimensions[0].Value.Ref}"`),
      );
      expect(absence, id).toBeDefined();
    }
  });

  it('an ingest that was switched off is noticed although records arrive', () => {
    const [mapping] = mappings('stream');
    const absent = alarms().filter(({ Properties }) => Properties.TreatMissingData === 'breaching');
    expect(text(absent)).toContain(`"${mapping!.Properties.FunctionName.Ref}"`);
  });

  it('an ingest that stands still because nothing arrives is one alarm, not two: so it is with a collector', () => {
    const silence = alarms().find(({ Properties }) => Properties.MetricName === 'IncomingRecords')!;
    const mute = alarms().filter(({ Properties }) => Properties.AlarmActions === undefined);
    const over = all('AWS::CloudWatch::CompositeAlarm');
    expect(mute.length).toBeGreaterThan(5);
    expect(over).toHaveLength(mute.length);
    for (const { id, Properties } of mute) {
      const alone = over.find((one) => text(one.Properties.AlarmRule).includes(`"${id}"`))!;
      const {
        'Fn::Join': [, parts],
      } = alone.Properties.AlarmRule;
      expect(parts.map((part: unknown) => (typeof part === 'string' ? part : '*')).join(''), id).toBe(
        '(ALARM("*") AND (NOT (ALARM("*"))))',
      );
      expect(text(alone.Properties.ActionsSuppressor), id).toContain(`"${silence.id}"`);
      expect(alone.Properties.AlarmActions, id).toHaveLength(1);
      expect(alone.Properties.AlarmDescription, id).toBe(Properties.AlarmDescription);
    }
  });

  it('a source that falls silent is noticed although others go on', () => {
    const collectors = all('AWS::Lambda::Function').filter(({ id }) => /^Collectors(?!Held)/.test(id));
    expect(collectors.length).toBeGreaterThan(5);
    const absent = alarms().filter(({ Properties }) => Properties.AlarmDescription.includes('#collector-silent'));
    for (const { id } of collectors)
      expect(text(absent.map(({ Properties }) => Properties.Dimensions)), id).toContain(`"${id}"`);
    expect(absent).toHaveLength(collectors.length);
  });

  it('a bill that grows is noticed where a budget is set', () => {
    const [budget] = all('AWS::Budgets::Budget');
    expect(budget!.Properties.Budget.CostFilters).toEqual({
      TagKeyValue: ['aws:cloudformation:stack-name$Stillwatch-test'],
    });
    const heard = budget!.Properties.NotificationsWithSubscribers.map(
      (one: { Notification: { NotificationType: string } }) => one.Notification.NotificationType,
    );
    expect(heard).toEqual(['ACTUAL', 'FORECASTED']);
    expect(text(budget)).toContain('"AlarmTopic');
    const policies = all('AWS::SNS::TopicPolicy').filter((policy) => text(policy).includes('budgets.amazonaws.com'));
    expect(policies).toHaveLength(1);
    expect(resourcesOf(templateOf(STAGES.dev!), 'AWS::Budgets::Budget')).toEqual([]);
  });

  it('records that were given up are noticed, and those that could not even be put aside', () => {
    for (const { id, Properties } of mappings('stream')) {
      expect(Properties.MetricsConfig.Metrics).toEqual(['EventCount']);
      for (const metric of ['OnFailureDestinationDeliveredEventCount', 'DroppedEventCount'])
        expect(watches(id, metric), metric).toBe(true);
    }
  });

  it('a failure that could not be kept is noticed: of a rule, of a function, of a schedule', () => {
    for (const { id } of all('AWS::Events::Rule')) expect(watches(id, 'InvocationsFailedToBeSentToDlq'), id).toBe(true);
    for (const { Properties } of all('AWS::Lambda::EventInvokeConfig')) {
      expect(watches(Properties.FunctionName.Ref, 'DestinationDeliveryFailures')).toBe(true);
    }
    const [group] = all('AWS::Scheduler::ScheduleGroup');
    for (const { id, Properties } of all('AWS::Scheduler::Schedule'))
      expect(Properties.GroupName, id).toBe(group!.Properties.Name);
    const metrics = ['TargetErrorCount', 'InvocationDroppedCount', 'InvocationsFailedToBeSentToDeadLetterCount'];
    for (const metric of metrics) {
      const alarm = alarms().find(({ Properties }) => Properties.MetricName === metric);
      expect(alarm?.Properties.Dimensions, metric).toEqual([{ Name: 'ScheduleGroup', Value: group!.Properties.Name }]);
    }
  });

  it('a sweep that fails, runs out of time or takes too long is noticed', () => {
    for (const { id } of all('AWS::StepFunctions::StateMachine')) {
      for (const metric of ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionTime'])
        expect(watches(id, metric), metric).toBe(true);
    }
  });

  it('a topic that does not reach a subscriber is noticed by another topic', () => {
    for (const { id } of all('AWS::SNS::Topic').filter((topic) => !topic.id.startsWith('AlarmTopic'))) {
      const alarm = alarms().find(
        ({ Properties }) =>
          Properties.MetricName === 'NumberOfNotificationsFailed' && text(Properties.Dimensions).includes(`"${id}"`),
      );
      expect(text(alarm?.Properties.AlarmActions), id).not.toContain(id);
    }
  });

  it('mail that bounces is noticed before SES pauses the account', () => {
    for (const { id } of all('AWS::SES::ConfigurationSet')) {
      for (const metric of ['Reputation.BounceRate', 'Reputation.ComplaintRate'])
        expect(watches(id, metric), `${id} ${metric}`).toBe(true);
    }
  });

  it('a reader whom mail no longer reaches is known: every mail that is sent tells what became of it', () => {
    const sets = all('AWS::SES::ConfigurationSet').map(({ id }) => id);
    const told = all('AWS::SES::ConfigurationSetEventDestination').map(({ Properties }) => ({
      set: text(Properties.ConfigurationSetName),
      kinds: Properties.EventDestination.MatchingEventTypes as string[],
    }));
    const rule = all('AWS::Events::Rule').find(({ Properties }) => text(Properties.EventPattern).includes('aws.ses'))!;
    const pattern = rule.Properties.EventPattern.detail;
    for (const kind of ['delivery', 'bounce', 'complaint']) {
      for (const id of sets)
        expect(
          told.some(({ set, kinds }) => set.includes(id) && kinds.includes(kind)),
          `${id} ${kind}`,
        ).toBe(true);
      expect(pattern.eventType.map((name: string) => name.toLowerCase())).toContain(kind);
    }
    for (const id of sets) expect(text(pattern.mail.tags), id).toContain(`"${id}"`);
  });

  it('a dead letter is in the weekly report, whatever queue it lies in', () => {
    const report = all('AWS::Lambda::Function').find(({ id }) => id.startsWith('ReportsReport'))!;
    const named = text(report.Properties.Environment.Variables.DEAD_LETTERS);
    const watched = alarms().filter(({ Properties }) => Properties.AlarmDescription.endsWith('#dead-letters'));
    expect(watched.length).toBeGreaterThan(5);
    for (const { Properties } of watched) {
      const queue = Properties.Dimensions[0].Value['Fn::GetAtt'][0] as string;
      expect(named, queue).toContain(`"${queue}"`);
    }
  });

  it('whoever opens the dashboard sees first whether it works, and no alarm is missing from it', () => {
    const { DashboardBody } = all('AWS::CloudWatch::Dashboard')[0]!.Properties;
    const body = text(DashboardBody);
    const idsOf = (severity: RegExp) =>
      telling()
        .filter(({ Properties }) => severity.test(Properties.AlarmDescription))
        .map(({ id }) => id);
    for (const id of idsOf(/./)) expect(body, id).toContain(`"${id}"`);
    const [wake, today, week] = [idsOf(/^SEV1/), idsOf(/^SEV2/), idsOf(/^SEV3/)];
    const first = body.indexOf('To be looked at');
    for (const id of wake) expect(body.indexOf(`"${id}"`), id).toBeLessThan(first);
    // CloudWatch shows no more than a hundred in one widget.
    expect(Math.max(wake.length, today.length, week.length)).toBeLessThanOrEqual(100);
  });

  const looksAt = ({ Metrics, Period, Namespace }: Resource['Properties']): { Period: number; Namespace: string }[] =>
    Metrics === undefined
      ? [{ Period, Namespace }]
      : Metrics.flatMap(({ MetricStat }: Resource['Properties']) =>
          MetricStat ? [{ Period: MetricStat.Period, Namespace: MetricStat.Metric.Namespace }] : [],
        );

  it('the metrics that alarms wait for are those of this stage, and watch no longer than CloudWatch allows', () => {
    for (const { Properties } of alarms()) {
      for (const { Period, Namespace } of looksAt(Properties)) {
        const seconds = Period * Properties.EvaluationPeriods;
        expect(seconds).toBeLessThanOrEqual(Period >= 3600 ? 604_800 : 86_400);
        if (Namespace.startsWith('Stillwatch')) expect(Namespace).toBe('Stillwatch/test');
      }
    }
  });

  it('every alarm tells somebody what to do, and not on the topic of the findings', () => {
    for (const { id, Properties } of telling()) {
      expect(Properties.AlarmDescription, id).toMatch(/^SEV[123]: .+ Runbook: .+#[a-z-]+$/);
      expect(text(Properties.AlarmActions), id).toContain('AlarmTopic');
    }
  });
});

describe('nobody gets in, and nothing gets out', () => {
  it('no function shares its rights with another, and none has a managed policy', () => {
    const roles = all('AWS::Lambda::Function').map(({ Properties }) => text(Properties.Role));
    expect(new Set(roles).size).toBe(roles.length);
    for (const { Properties } of all('AWS::IAM::Role')) expect(Properties.ManagedPolicyArns).toBeUndefined();
  });

  it('no function can write what people decided: a sweep never takes back a decision', () => {
    const [cases] = all('AWS::DynamoDB::GlobalTable').filter(({ id }) => id.startsWith('CasesTable'));
    const writes = /dynamodb:(\*|PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems|PartiQL)/;
    for (const { id, Properties } of all('AWS::IAM::Policy')) {
      for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
        if (text(Resource).includes(cases!.id)) expect(text(Action), id).not.toMatch(writes);
      }
    }
  });

  it('people add decisions and change none', () => {
    for (const people of all('AWS::IAM::ManagedPolicy')) {
      const actions = people.Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string }) => Action);
      expect(actions).toContain('dynamodb:PutItem');
      expect(text(actions)).not.toMatch(/UpdateItem|DeleteItem|\*/);
      expect(people.Properties.Roles).toBeUndefined();
    }
  });

  it('no right is for everything, but for X-Ray, the delivery of logs and the bill', () => {
    for (const { id, Properties } of all('AWS::IAM::Policy')) {
      for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
        if (Resource !== '*') continue;
        for (const action of [Action].flat()) expect(action, id).toMatch(/^(xray:|logs:|ce:GetCostAndUsage$)/);
      }
    }
  });

  it('no bucket is public and none keeps plain text or takes plain HTTP', () => {
    const policies = text(all('AWS::S3::BucketPolicy'));
    for (const { id, Properties } of all('AWS::S3::Bucket')) {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(Properties.BucketEncryption, id).toBeDefined();
      expect(policies).toContain(id);
    }
    for (const { Properties } of all('AWS::S3::BucketPolicy'))
      expect(text(Properties)).toContain('aws:SecureTransport');
  });

  it('no queue and no topic takes plain HTTP', () => {
    const policies = text([...all('AWS::SQS::QueuePolicy'), ...all('AWS::SNS::TopicPolicy')]);
    for (const { id } of [...all('AWS::SQS::Queue'), ...all('AWS::SNS::Topic')]) expect(policies).toContain(id);
    for (const { Properties } of [...all('AWS::SQS::QueuePolicy'), ...all('AWS::SNS::TopicPolicy')]) {
      expect(text(Properties)).toContain('aws:SecureTransport');
    }
  });

  it('findings and records are encrypted at rest', () => {
    for (const { Properties } of all('AWS::Kinesis::Stream'))
      expect(Properties.StreamEncryption.EncryptionType).toBe('KMS');
    const findings = all('AWS::SNS::Topic').filter(({ id }) => id.startsWith('Notifications'));
    for (const { Properties } of findings) expect(Properties.KmsMasterKeyId).toBeDefined();
    for (const { Properties } of all('AWS::SQS::Queue')) {
      expect(Properties.SqsManagedSseEnabled === true || Properties.KmsMasterKeyId !== undefined).toBe(true);
    }
  });

  it('a role for schedules cannot be used by somebody else’s schedule', () => {
    const roles = all('AWS::IAM::Role').filter(({ Properties }) =>
      text(Properties).includes('scheduler.amazonaws.com'),
    );
    expect(roles.length).toBeGreaterThan(0);
    for (const { Properties } of roles) expect(text(Properties)).toContain('aws:SourceAccount');
  });

  it('a role that a service takes for us cannot be taken through that service by another account', () => {
    for (const { id, Properties } of all('AWS::IAM::Role')) {
      for (const { Principal, Condition } of Properties.AssumeRolePolicyDocument.Statement) {
        if (Principal.Service === 'lambda.amazonaws.com') continue;
        expect(text(Condition ?? {}), id).toMatch(/aws:SourceAccount|aws:PrincipalOrgID/);
      }
    }
  });

  it('a function is called by nobody but what is named, and a queue and a topic take nothing from anybody else', () => {
    for (const { id, Properties } of all('AWS::Lambda::Permission')) {
      if (Properties.FunctionUrlAuthType !== undefined || Properties.InvokedViaFunctionUrl) continue;
      expect(Properties.SourceArn ?? Properties.SourceAccount, id).toBeDefined();
    }
    for (const { id, Properties } of [...all('AWS::SQS::QueuePolicy'), ...all('AWS::SNS::TopicPolicy')]) {
      for (const { Effect, Principal, Condition } of Properties.PolicyDocument.Statement) {
        if (Effect === 'Deny') continue;
        expect(Principal.Service, id).toBeDefined();
        expect(text(Condition ?? {}), id).toMatch(/aws:Source(Arn|Account)/);
      }
    }
  });

  it('nothing is readable by the public: no website, no access list, no open URL', () => {
    for (const { id, Properties } of all('AWS::S3::Bucket')) {
      expect([Properties.AccessControl, Properties.WebsiteConfiguration], id).toEqual([undefined, undefined]);
    }
    for (const { Properties } of all('AWS::S3::BucketPolicy')) {
      for (const { Effect, Principal } of Properties.PolicyDocument.Statement) {
        if (Effect === 'Allow') expect(text(Principal)).not.toContain('*');
      }
    }
    for (const { Properties } of all('AWS::Lambda::Url')) {
      if (Properties.AuthType === 'AWS_IAM') continue;
      const [called] = all('AWS::Lambda::Function').filter(({ id }) => text(Properties).includes(`"${id}"`));
      const { AUTH, SIGNING_SECRET } = called!.Properties.Environment.Variables;
      expect([AUTH, text(SIGNING_SECRET)]).toEqual(['hmac', expect.stringContaining('SigningSecret')]);
    }
  });

  it('a quarantined payload, which may hold a prompt, is not kept unless somebody asked for it', () => {
    const ingest = all('AWS::Lambda::Function').filter(
      ({ Properties }) => 'QUARANTINE_PAYLOAD' in Properties.Environment.Variables,
    );
    for (const { Properties } of ingest) expect(Properties.Environment.Variables.QUARANTINE_PAYLOAD).toBe('drop');
    expect(ingest).toHaveLength(1);
  });
});

describe('it costs what it should', () => {
  it('every function runs on arm64 and Node 24, traced, with logs in a group of its own that forgets', () => {
    for (const { Properties } of all('AWS::Lambda::Function')) {
      expect([Properties.Architectures, Properties.Runtime]).toEqual([['arm64'], 'nodejs24.x']);
      expect(Properties.TracingConfig.Mode).toBe('Active');
      expect(Properties.LoggingConfig.LogGroup).toBeDefined();
      expect(Properties.VpcConfig).toBeUndefined();
    }
    for (const { Properties } of all('AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBeLessThanOrEqual(90);
  });

  it('every bucket forgets, but the one that holds what counsel needs', () => {
    for (const { Properties } of all('AWS::S3::Bucket')) {
      if (Properties.ObjectLockEnabled) continue;
      expect(Properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBeLessThanOrEqual(90);
    }
  });

  it('a ceiling on writes reaches the table', () => {
    const [aggregates] = all('AWS::DynamoDB::GlobalTable');
    expect(text(aggregates!.Properties)).toContain('"MaxWriteRequestUnits":4000');
  });
});

describe('a deployment can be changed, and survives a mistake', () => {
  it('the template fits into CloudFormation with room for more: a quarter of its 500 resources, half of its 1 MB and of its 200 outputs', () => {
    const { Resources, Outputs } = template.toJSON();
    const bytes = Buffer.byteLength(JSON.stringify(template.toJSON(), null, 1));
    expect(Object.keys(Resources).length).toBeLessThanOrEqual(375);
    expect(bytes).toBeLessThanOrEqual(500_000);
    expect(Object.keys(Outputs).length).toBeLessThanOrEqual(100);
  });

  it('nothing has a fixed name, so that two stages fit one account and a replacement never collides', () => {
    const names = [
      'TableName',
      'BucketName',
      'QueueName',
      'TopicName',
      'FunctionName',
      'RoleName',
      'StateMachineName',
      'LogGroupName',
    ];
    for (const { id, Type, Properties } of allResources(template)) {
      if (Type === 'AWS::Lambda::EventSourceMapping' || Type === 'AWS::Lambda::EventInvokeConfig') continue;
      // It names the log group of somebody else that it listens to.
      if (Type === 'AWS::Logs::SubscriptionFilter') continue;
      for (const name of names) {
        if (Type !== 'AWS::Lambda::Permission') expect(Properties[name], `${id} ${name}`).toBeUndefined();
      }
    }
  });

  it('production data outlives the stack, and a table is not deleted by accident', () => {
    for (const type of [
      'AWS::DynamoDB::GlobalTable',
      'AWS::S3::Bucket',
      'AWS::Kinesis::Stream',
      'AWS::Logs::LogGroup',
    ]) {
      for (const { id, DeletionPolicy } of all(type)) expect(DeletionPolicy, id).toBe('Retain');
    }
    for (const { Properties } of all('AWS::DynamoDB::GlobalTable')) {
      expect(Properties.Replicas[0].DeletionProtectionEnabled).toBe(true);
    }
  });

  it('a stage without recipients asks nobody and sends no report', () => {
    const { report: _, alertEmails: __, alarmEmails: ___, channels: ____, ...bare } = FULL;
    const without = templateOf({ ...bare, protect: false });
    expect(resourcesOf(without, 'AWS::SNS::Subscription')).toEqual([]);
    expect(resourcesOf(without, 'AWS::SES::ConfigurationSet')).toEqual([]);
    // The sweep, the audit, the outbox and the look at the keys go on.
    expect(resourcesOf(without, 'AWS::Scheduler::Schedule')).toHaveLength(4);
  });

  it('a customer-managed key holds everything that is kept', () => {
    const keyed = templateOf({ ...FULL, customerKey: true });
    for (const { Properties } of resourcesOf(keyed, 'AWS::DynamoDB::GlobalTable')) {
      expect(text(Properties.Replicas[0].SSESpecification)).toContain('"Key');
    }
    for (const { Properties } of resourcesOf(keyed, 'AWS::SQS::Queue'))
      expect(text(Properties.KmsMasterKeyId)).toContain('"Key');
    for (const { Properties } of resourcesOf(keyed, 'AWS::SNS::Topic'))
      expect(text(Properties.KmsMasterKeyId)).toContain('"Key');
  });

  it('a customer-managed key does not stop a schedule from keeping what it gave up on', () => {
    const keyed = templateOf({ ...FULL, customerKey: true });
    const policies = resourcesOf(keyed, 'AWS::IAM::Policy').filter(({ id }) => id.includes('SchedulerRole'));
    expect(policies.length).toBeGreaterThan(3);
    for (const { id, Properties } of policies) expect(text(Properties), id).toContain('kms:GenerateDataKey');
  });

  it('a customer-managed key does not stop the bus from keeping what it could not deliver', () => {
    const [key] = resourcesOf(templateOf({ ...FULL, customerKey: true }), 'AWS::KMS::Key');
    const statements = key!.Properties.KeyPolicy.Statement as {
      Principal: { Service?: string | string[] };
      Condition?: unknown;
    }[];
    const delivery = statements.filter(
      ({ Principal, Condition }) => [Principal.Service].flat().includes('events.amazonaws.com') && !Condition,
    );
    expect(delivery.length).toBeGreaterThan(0);
  });
});
