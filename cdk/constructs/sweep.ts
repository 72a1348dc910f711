/** The sweep: on a schedule, load all accounts in parallel segments, then detect and tell what changed. */
import { Duration, Size } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import {
  DefinitionBody,
  DistributedMap,
  Errors,
  type IChainable,
  JsonPath,
  LogLevel,
  Pass,
  StateMachine,
  StateMachineType,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { SweepEnv } from '../../lambdas/sweep/env.ts';
import type { SweepErrorName } from '../../lambdas/sweep/errors.ts';
import type { LoadEnv } from '../../lambdas/sweep/load/env.ts';
import { acknowledge, acknowledgeBelow, acknowledgeExecutions } from '../rules.ts';
import { customMetric } from './custom-metric.ts';
import type { Intake } from './intake.ts';
import { ObservedFunction } from './observed-function.ts';
import { bucket, deadLetters, removalPolicy, type Shared, schedulerRole } from './shared.ts';

/** Long enough to look at what a sweep saw when a finding is questioned. */
const SWEEP_DAYS = 14;
const TIMEOUT = Duration.hours(2);
/** Of a function that holds one segment with all its account-days. */
const LOAD_MB = 3008;
/** The most there is: profiles of thirteen million accounts, at a few hundredths of a cent a sweep. */
const PROFILES_MIB = 10_240;
/** Segments that are loaded at one time. */
const LOADS = 64;

export interface SweepProps {
  shared: Shared;
  aggregates: TableV2;
  findings: TableV2;
  intake: Intake;
}

export class Sweep extends Construct {
  readonly bucket: IBucket;
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    const { shared } = props;
    this.bucket = bucket(this, 'Sweeps', shared, {
      'sweeps/': SWEEP_DAYS,
      'page/': SWEEP_DAYS,
      'days/': shared.config.settings.retentionDays + 1,
    });
    this.machine = this.stateMachine(shared, this.worker(props), this.loader(props));
    this.schedule(shared);
    this.watch(props);
  }

  private worker({ shared, aggregates, findings, intake: { bus } }: SweepProps): ObservedFunction {
    const { config } = shared;
    const worker = new ObservedFunction(this, 'Sweep', {
      shared,
      name: 'sweep',
      severity: 'SEV1',
      endsIn: 'sweep-failed',
      description: 'Plans a sweep, or detects over all accounts that were loaded.',
      memoryMb: config.sweepMemoryMb,
      storage: Size.mebibytes(PROFILES_MIB),
      timeout: Duration.minutes(15),
      environment: {
        AGGREGATES_TABLE: aggregates.tableName,
        FINDINGS_TABLE: findings.tableName,
        SWEEP_BUCKET: this.bucket.bucketName,
        EVENT_BUS: bus.eventBusName,
        SEGMENTS: String(config.segments),
        VERSION: shared.version,
        SETTINGS: JSON.stringify(config.settings),
      } satisfies Record<keyof SweepEnv, string>,
    });
    worker.allow(['dynamodb:Query'], [aggregates.tableArn]);
    worker.allow(
      ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [findings.tableArn],
    );
    worker.allow(['s3:GetObject', 's3:PutObject'], [this.bucket.arnForObjects('sweeps/*')]);
    // Without it a missing object reads as "access denied", and a hole in a sweep could not be told from a wrong role.
    worker.allow(['s3:ListBucket'], [this.bucket.bucketArn]);
    worker.allow(['events:PutEvents'], [bus.eventBusArn]);
    acknowledgeBelow(worker.role, 'One folder per sweep.', this.bucket, '/sweeps/*');
    worker.useKey(shared.key);
    return worker;
  }

  /** Apart from the worker: it needs little memory, and detection all that there is. */
  private loader({ shared, aggregates }: SweepProps): ObservedFunction {
    const { config } = shared;
    const loader = new ObservedFunction(this, 'Load', {
      shared,
      name: 'sweep/load',
      severity: 'SEV1',
      section: 'sweep-errors',
      endsIn: 'sweep-failed',
      description: 'Loads a segment of the accounts for a sweep.',
      memoryMb: LOAD_MB,
      timeout: Duration.minutes(15),
      environment: {
        AGGREGATES_TABLE: aggregates.tableName,
        SWEEP_BUCKET: this.bucket.bucketName,
        RETENTION_DAYS: String(config.settings.retentionDays),
      } satisfies Record<keyof LoadEnv, string>,
    });
    loader.allow(['dynamodb:Query'], [aggregates.tableArn]);
    loader.allow(['s3:PutObject'], [this.bucket.arnForObjects('sweeps/*')]);
    loader.allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], [this.bucket.arnForObjects('days/*')]);
    loader.allow(['s3:ListBucket'], [this.bucket.bucketArn]);
    acknowledgeBelow(
      loader.role,
      'One folder per sweep, one file per day and segment.',
      this.bucket,
      '/sweeps/*',
      '/days/*',
    );
    loader.useKey(shared.key);
    return loader;
  }

  private stateMachine({ config }: Shared, worker: ObservedFunction, loader: ObservedFunction): StateMachine {
    const plan = this.task(worker, 'Plan', { task: 'plan', scheduledTime: JsonPath.stringAt('$.scheduledTime') });
    const loadAll = new DistributedMap(this, 'Load all segments', {
      itemsPath: '$.segments',
      itemSelector: {
        at: JsonPath.stringAt('$.at'),
        segment: JsonPath.numberAt('$$.Map.Item.Value'),
        segments: JsonPath.numberAt('$.segmentCount'),
      },
      mapExecutionType: StateMachineType.STANDARD,
      maxConcurrency: LOADS,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(this.loadSegment(loader));
    const detect = this.task(worker, 'Detect', {
      task: 'detect',
      at: JsonPath.stringAt('$.at'),
      segments: JsonPath.numberAt('$.segmentCount'),
    });
    const logGroup = new LogGroup(this, 'Log', {
      retention: config.logDays as RetentionDays,
      removalPolicy: removalPolicy(config),
    });
    const machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(plan.next(loadAll).next(detect)),
      timeout: TIMEOUT,
      tracingEnabled: true,
      removalPolicy: removalPolicy(config),
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: true },
    });
    for (const { function: each } of [worker, loader])
      acknowledgeBelow(machine.role, 'The versions of this one function.', each, ':*');
    acknowledgeExecutions(machine);
    acknowledge(
      machine.role,
      'X-Ray and the delivery of logs have no resources to name.',
      'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    );
    return machine;
  }

  /** One segment that fails must not throw away the work of the others: detection counts what is missing and stops. */
  private loadSegment(loader: ObservedFunction): IChainable {
    const load = this.task(loader, 'Load a segment', {
      at: JsonPath.stringAt('$.at'),
      segment: JsonPath.numberAt('$.segment'),
      segments: JsonPath.numberAt('$.segments'),
    });
    return load.addCatch(new Pass(this, 'Segment failed', { parameters: { failed: true } }));
  }

  /** Asking again changes nothing about a stale or incomplete sweep; everything else may be a passing fault. */
  private task(worker: ObservedFunction, id: string, input: Record<string, unknown>): LambdaInvoke {
    const task = new LambdaInvoke(this, id, {
      lambdaFunction: worker.function,
      payload: TaskInput.fromObject(input),
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
    });
    task.addRetry({ errors: ['StaleSweepError', 'IncompleteSweepError'] satisfies SweepErrorName[], maxAttempts: 0 });
    task.addRetry({ errors: [Errors.TASKS_FAILED], interval: Duration.seconds(10), backoffRate: 2, maxAttempts: 3 });
    return task;
  }

  private schedule(shared: Shared): void {
    const { config } = shared;
    const queue = deadLetters(this, 'NotStarted', shared, 'A scheduled sweep could not be started.');
    new Schedule(this, 'Schedule', {
      description: 'Starts the sweep.',
      schedule: ScheduleExpression.cron({ minute: '0', hour: `0/${config.sweepEveryHours}` }),
      target: new StepFunctionsStartExecution(this.machine, {
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        role: schedulerRole(this, shared),
        retryAttempts: 3,
        maxEventAge: Duration.hours(1),
        deadLetterQueue: queue,
      }),
    });
  }

  private watch({ shared: { alarms, config }, intake }: SweepProps): void {
    const period = Duration.hours(config.sweepEveryHours);
    alarms.add(this, 'Failed', {
      severity: 'SEV2',
      metric: this.machine.metricFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      means: 'A sweep failed. What it finished is saved; what it missed is tried again by the next.',
      section: 'sweep-failed',
    });
    alarms.add(this, 'TimedOut', {
      severity: 'SEV2',
      metric: this.machine.metricTimedOut({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      means: 'A sweep ran out of time and was stopped.',
      section: 'sweep-failed',
    });
    alarms.early(this, 'Slow', {
      severity: 'SEV3',
      metric: this.machine.metricTime({ period, statistic: 'Maximum' }),
      threshold: Math.min(TIMEOUT.toMilliseconds(), period.toMilliseconds()) * 0.5,
      means: 'A sweep takes half of the time that it has: of its limit, or until the next one starts.',
      section: 'sweep-slow',
      endsIn: 'sweep-failed',
    });
    alarms.add(this, 'Absent', {
      severity: 'SEV1',
      metric: customMetric(config.stage, 'sweep', 'SweepsCompleted', period),
      threshold: 1,
      below: true,
      periods: 2,
      absence: true,
      means: 'No sweep finished for two periods: nothing is being detected.',
      section: 'no-sweep',
    });
    alarms.add(this, 'Empty', {
      severity: 'SEV1',
      // Where nothing arrives, and where no sweep finishes, there is no point, and another alarm says so.
      metric: new MathExpression({
        expression: 'arrived > 0 AND accounts < 1',
        usingMetrics: {
          arrived: intake.records.arriving(period),
          accounts: customMetric(config.stage, 'sweep', 'AccountsEvaluated', period),
        },
        period,
        label: 'sweeps over nothing while records arrive',
      }),
      threshold: 1,
      periods: 2,
      means: 'Records arrive, and sweeps look at no account.',
      section: 'empty-sweep',
    });
  }
}
