/** A stage for a small team: no stream, few alarms, no dashboard. Nothing that somebody must hear of is missing from it. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { STAGES, type StageInput } from '../../cdk/config.ts';
import { Alarms, type EarlySpec } from '../../cdk/constructs/alarms.ts';
import { checkRules } from '../../cdk/rules.ts';
import { allResources, appOf, FULL, FULL_SMALL, type Resource, resourcesOf, templateOf } from './support.ts';

const text = (value: unknown) => JSON.stringify(value);

let template: ReturnType<typeof templateOf>;
const all = (type: string): Resource[] => {
  const found = resourcesOf(template, type);
  expect(found.length, `no ${type} in the stack`).toBeGreaterThan(0);
  return found;
};
const one = (type: string, prefix: string): Resource => {
  const found = all(type).filter(({ id }) => id.startsWith(prefix));
  expect(found, `${type} ${prefix}`).toHaveLength(1);
  return found[0]!;
};

beforeAll(() => {
  template = templateOf(FULL_SMALL);
});

describe('records that wait in a queue', () => {
  const queue = () => one('AWS::SQS::Queue', 'IntakeQueue');

  it('need no stream, and nobody has a right to one', () => {
    expect(allResources(template).filter((each) => /kinesis/i.test(text(each)))).toEqual([]);
    expect(Object.keys(template.toJSON().Outputs)).toContain('QueueUrl');
  });

  it('are taken in batches of which one bad message does not take the others with it', () => {
    const mapping = all('AWS::Lambda::EventSourceMapping').find(({ Properties }) =>
      text(Properties.EventSourceArn).includes(`"${queue().id}"`),
    )!;
    expect(mapping.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    const { Timeout } = one('AWS::Lambda::Function', 'IngestFunction').Properties;
    expect(queue().Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
  });

  it('that fail for most of a day are kept for two weeks more, and somebody is told', () => {
    const { RedrivePolicy, VisibilityTimeout } = queue().Properties;
    expect(RedrivePolicy.maxReceiveCount * VisibilityTimeout).toBeGreaterThan(12 * 3600);
    const kept = one('AWS::SQS::Queue', 'IntakeGivenUp');
    expect(text(RedrivePolicy.deadLetterTargetArn)).toContain(kept.id);
    expect(kept.Properties.MessageRetentionPeriod).toBe(1_209_600);
    const alarm = all('AWS::CloudWatch::Alarm').find(({ Properties }) => text(Properties).includes(`"${kept.id}"`))!;
    expect(alarm.Properties.AlarmDescription).toContain('#batches-given-up');
  });

  it('come from the bus as plain records, and are kept where the queue refuses them', () => {
    const rule = one('AWS::Events::Rule', 'IntakeRecordsToQueue').Properties;
    expect(rule.EventPattern['detail-type']).toEqual(['Stillwatch Usage', 'Stillwatch Account', 'Stillwatch Release']);
    expect(rule.Targets[0]).toMatchObject({ InputPath: '$.detail', DeadLetterConfig: expect.anything() });
  });

  it('are put there by the collectors, each of which is told where and may', () => {
    const functions = all('AWS::Lambda::Function').filter(
      ({ Properties }) => 'RECORDS_TO' in Properties.Environment.Variables,
    );
    expect(functions.length).toBeGreaterThan(4);
    for (const { id, Properties } of functions) {
      expect(Properties.Environment.Variables.RECORDS_TO, id).toEqual({ Ref: queue().id });
      const role = Properties.Role['Fn::GetAtt'][0] as string;
      const policy = all('AWS::IAM::Policy').find((each) => text(each.Properties.Roles).includes(`"${role}"`))!;
      const puts = policy.Properties.PolicyDocument.Statement.filter(({ Action }: { Action: string }) =>
        [Action].flat().includes('sqs:SendMessage'),
      );
      const resources = puts.map(({ Resource }: { Resource: unknown }) => Resource);
      expect(resources, id).toContainEqual({ 'Fn::GetAtt': [queue().id, 'Arn'] });
    }
  });

  it('may come from other accounts of the organisation by a role that reads nothing', () => {
    const open = templateOf({ ...FULL_SMALL, customerKey: true, senders: { organisation: 'o-a1b2c3d4e5' } });
    const [policy] = resourcesOf(open, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('IntakeSenderRole'));
    const { Statement } = policy!.Properties.PolicyDocument;
    expect(Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)).toEqual([
      'sqs:SendMessage',
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ]);
  });
});

describe('few alarms', () => {
  const sectionOf = (description: string) => description.slice(description.lastIndexOf('#') + 1);
  const told = (stage: StageInput) =>
    ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']
      .flatMap((type) => resourcesOf(templateOf(stage), type))
      .filter(({ Properties }) => Properties.AlarmActions !== undefined);

  /** What is left out: every alarm that is early in the whole set, with the alarm in which it ends. */
  function early(stage: StageInput): EarlySpec[] {
    const specs: EarlySpec[] = [];
    const spy = vi.spyOn(Alarms.prototype, 'early').mockImplementation((_scope, _id, spec) => void specs.push(spec));
    templateOf(stage);
    spy.mockRestore();
    return specs;
  }

  it.each([
    ['small', STAGES.small!],
    ['everything switched on', FULL_SMALL],
    ['on a stream', { ...FULL, alarms: 'few' } as StageInput],
  ])('leave out nothing that no other alarm tells: %s', (_name, stage) => {
    const present = new Set(told(stage).map(({ Properties }) => sectionOf(Properties.AlarmDescription)));
    const left = early(stage);
    expect(left.length).toBeGreaterThan(15);
    for (const { means, endsIn } of left) expect(present, means).toContain(endsIn);
  });

  it('keep every alarm that wakes somebody, or the one that wakes them for the same', () => {
    const few = told(STAGES.small!);
    const wakes = early(STAGES.small!).filter(({ severity }) => severity === 'SEV1');
    const sections = new Map<string, string[]>();
    for (const { Properties } of few) {
      const section = sectionOf(Properties.AlarmDescription);
      sections.set(section, [...(sections.get(section) ?? []), Properties.AlarmDescription.slice(0, 4)]);
    }
    const woke = new Set(wakes.map(({ section }) => section));
    expect([...woke].sort()).toEqual(['ingest-errors', 'notify-errors', 'sweep-errors']);
    // A sweep that fails is tried again by the next; that none finishes wakes somebody.
    const woken: Record<string, string> = { 'sweep-failed': 'no-sweep' };
    for (const { endsIn } of wakes) expect(sections.get(woken[endsIn] ?? endsIn), endsIn).toContain('SEV1');
  });

  it('are half as many', () => {
    expect(told(STAGES.small!).length).toBeLessThan(told({ ...STAGES.small!, alarms: 'all' }).length * 0.6);
  });
});

describe('a stack that was just deployed, and is sent nothing', () => {
  type Seen = Record<string, number | undefined>;
  /** Sweeps, audits and deliveries run; nothing came in. */
  const IDLE: Seen = { SweepsCompleted: 1, AccountsEvaluated: 0, Invocations: 1 };

  /** Alarms that are on by what CloudWatch has of each metric: undefined is no point at all. */
  function ringing(stage: StageInput, seen: Seen): string[] {
    const alarms = resourcesOf(templateOf(stage), 'AWS::CloudWatch::Alarm');
    return alarms
      .filter(({ Properties }) => rings(Properties, seen))
      .map(({ id }) => id.replace(/[0-9A-F]{8}$/, ''))
      .sort();
  }

  function rings({ Metrics, MetricName, ...alarm }: Resource['Properties'], seen: Seen): boolean {
    const value = Metrics === undefined ? seen[MetricName] : computed(Metrics, seen);
    if (value === undefined) return alarm.TreatMissingData === 'breaching';
    return alarm.ComparisonOperator === 'LessThanThreshold' ? value < alarm.Threshold : value >= alarm.Threshold;
  }

  /** An expression has a point only where each of its metrics has one. */
  function computed(metrics: Resource['Properties'][], seen: Seen): number | undefined {
    const { Expression } = metrics.find((each) => 'Expression' in each)!;
    const values = metrics.flatMap(({ Id, MetricStat }) =>
      MetricStat ? [[Id, seen[MetricStat.Metric.MetricName]]] : [],
    );
    if (values.some(([, value]) => value === undefined)) return undefined;
    const body = `return Number(${(Expression as string).replaceAll(' AND ', ' && ')})`;
    return new Function(...values.map(([id]) => id), body)(...values.map(([, value]) => value)) as number;
  }

  it.each(['dev', 'small'])('is in one alarm, which says that nothing arrives: %s', (name) => {
    expect(ringing(STAGES[name]!, IDLE)).toEqual(['IntakeSilence']);
    expect(ringing(STAGES[name]!, { ...IDLE, NumberOfMessagesSent: 0 })).toEqual(['IntakeSilence']);
  });

  it('is in that one alarm on a stream too, once what speaks through another is taken out', () => {
    expect(ringing(STAGES.prod!, IDLE)).toEqual(['IntakeSilence']);
    expect(ringing(STAGES.prod!, { ...IDLE, Invocations: undefined })).toContain('IngestStopped');
  });

  it('is in the other where records arrive and sweeps see nobody, and in none where they see somebody', () => {
    const arriving = { ...IDLE, NumberOfMessagesSent: 40 };
    expect(ringing(STAGES.small!, arriving)).toEqual(['SweepEmpty']);
    expect(ringing(STAGES.small!, { ...arriving, AccountsEvaluated: 7 })).toEqual([]);
  });

  it('is told of once more when it had usage and falls silent, and when no sweep finishes', () => {
    const had = { ...IDLE, AccountsEvaluated: 7 };
    expect(ringing(STAGES.small!, had)).toEqual(['IntakeSilence']);
    const stopped = { ...had, NumberOfMessagesSent: 40, SweepsCompleted: undefined, AccountsEvaluated: undefined };
    expect(ringing(STAGES.small!, stopped)).toEqual(['SweepAbsent']);
  });
});

describe('the rule packs find nothing', { timeout: 300_000 }, () => {
  it.each([
    ['small', STAGES.small!],
    ['everything, with a key', { ...FULL_SMALL, customerKey: true, senders: { organisation: 'o-a1b2c3d4e5' } }],
  ])('%s', (_name, stage) => {
    const { app } = appOf(stage, { '@aws-cdk/core:validateAgainstDefaultRules': true });
    checkRules(app);
    expect(() => app.synth()).not.toThrow();
  });
});
