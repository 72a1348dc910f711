import { describe, expect, it } from 'vitest';
import { MAP } from '../../bench/scale/loading.ts';
import { FULL, resourcesOf, templateOf } from './support.ts';

interface State {
  Type: string;
  Next?: string;
  Parameters?: Record<string, unknown>;
  ItemProcessor?: { ProcessorConfig: { Mode: string; ExecutionType: string }; States: Record<string, State> };
  MaxConcurrency?: number;
  Retry?: { ErrorEquals: string[]; MaxAttempts: number }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
}

const template = templateOf();
const states = definition();

/** The definition as Step Functions reads it, with every reference of the template replaced by its name. */
function definition(): Record<string, State> {
  const [machine] = resourcesOf(template, 'AWS::StepFunctions::StateMachine');
  const parts = machine!.Properties.DefinitionString['Fn::Join'][1] as unknown[];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
  return (JSON.parse(text) as { States: Record<string, State> }).States;
}

describe('the sweep', () => {
  it('plans, loads every segment, then detects', () => {
    expect([states.Plan!.Next, states['Load all segments']!.Next, states.Detect!.Next]).toEqual([
      'Load all segments',
      'Detect',
      undefined,
    ]);
  });

  it('goes on with the other segments when one fails, and leaves it to detection to stop', () => {
    const load = states['Load all segments']!.ItemProcessor!.States['Load a segment']!;
    expect(load.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'Segment failed' }]);
  });

  it('loads each segment in an execution of its own, so that neither history nor results bound how many there are', () => {
    const { ItemProcessor, MaxConcurrency } = states['Load all segments']!;
    expect(ItemProcessor!.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    const [loader] = resourcesOf(template, 'AWS::Lambda::Function').filter(({ id }) => id.startsWith('SweepLoad'));
    expect({ atOnce: MaxConcurrency, memoryMb: loader!.Properties.MemorySize }).toEqual({
      atOnce: MAP.atOnce,
      memoryMb: MAP.memoryMb,
    });
  });

  it('may start executions of its own machine, and of no other', () => {
    const machine = resourcesOf(template, 'AWS::StepFunctions::StateMachine')[0]!.id;
    const statements = resourcesOf(template, 'AWS::IAM::Policy')
      .filter(({ id }) => id.startsWith('SweepMachine'))
      .flatMap(
        ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
      )
      .filter(({ Action }) => String(Action).includes('states:'));
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'states:DescribeExecution',
      'states:RedriveExecution',
      'states:StartExecution',
      'states:StopExecution',
    ]);
    for (const { Resource } of statements) expect(JSON.stringify(Resource)).toContain(`"Ref":"${machine}"`);
  });

  it('loads with rights to the sweep bucket and to reading the aggregates, and deletes nothing but files of days', () => {
    const [policy] = resourcesOf(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('SweepLoadRole'));
    const rights = (policy!.Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[])
      .flatMap(({ Action, Resource }) => [Action].flat().map((action) => `${action} ${JSON.stringify(Resource)}`))
      .filter((right) => !/^(logs|xray):/.test(right));
    expect(rights.map((right) => right.split(' ')[0]).sort()).toEqual([
      'dynamodb:Query',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      's3:PutObject',
    ]);
    expect(
      rights.filter((right) => /DeleteObject|GetObject/.test(right)).every((right) => right.includes('/days/*')),
    ).toBe(true);
  });

  it('has an end for whatever any role may write into its bucket: nothing about accounts stays for ever', () => {
    const full = templateOf(FULL);
    const [{ id, Properties }] = resourcesOf(full, 'AWS::S3::Bucket').filter((each) =>
      each.id.startsWith('SweepSweeps'),
    ) as [ReturnType<typeof resourcesOf>[number]];
    const ends = (Properties.LifecycleConfiguration.Rules as { Prefix?: string; ExpirationInDays: number }[]).map(
      ({ Prefix = '' }) => Prefix,
    );
    const written = resourcesOf(full, 'AWS::IAM::Policy')
      .flatMap(
        ({ Properties: { PolicyDocument } }) => PolicyDocument.Statement as { Action: unknown; Resource: unknown }[],
      )
      .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
      .flatMap(({ Resource }) => [Resource].flat().map((each) => JSON.stringify(each)))
      .flatMap((text) => (text.includes(`"${id}"`) ? [/"\/([^"]+)"/.exec(text)![1]!] : []));
    expect(written.length).toBeGreaterThan(2);
    for (const key of written)
      expect(
        ends.some((prefix) => key.startsWith(prefix)),
        key,
      ).toBe(true);
  });

  it('tries a passing fault again, but not what asking again cannot cure', () => {
    const load = states['Load all segments']!.ItemProcessor!.States['Load a segment']!;
    for (const { Retry } of [states.Plan!, load, states.Detect!]) {
      expect(Retry).toMatchObject([
        { ErrorEquals: ['StaleSweepError', 'IncompleteSweepError'], MaxAttempts: 0 },
        { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 3 },
      ]);
    }
  });
});
