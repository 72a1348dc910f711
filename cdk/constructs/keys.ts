/**
 * Fingerprint keys: the secret that rotates, a secret for each epoch, the bridge between epochs, and the one function
 * that tells an authorised person what a value is called.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { NamesEnv } from '../../lambdas/collect/names.ts';
import type { ExplainEnv } from '../../lambdas/explain/env.ts';
import type { RotateEnv } from '../../lambdas/rotate/env.ts';
import type { RetireEnv } from '../../lambdas/rotate/retire/env.ts';
import type { StageConfig } from '../config.ts';
import { acknowledge } from '../rules.ts';
import { customMetric } from './custom-metric.ts';
import { ObservedFunction } from './observed-function.ts';
import { deadLetters, removalPolicy, type Shared, schedulerRole, table, watchTable } from './shared.ts';

type Env<T> = Record<keyof T, string>;

/** A key of the stack's own: often enough that a leak ends, seldom enough that campaigns are not cut by it. */
const ROTATE_DAYS = 365;
/** Rotation by hand needs a rotation that is set up; this is as seldom as the service takes. */
const NEVER_DAYS = 1000;
/** Days past a rotation that is due, after which somebody is told. */
const OVERDUE_DAYS = 14;

export interface KeysProps {
  shared: Shared;
  keys: NonNullable<StageConfig['keys']>;
}

export class Keys extends Construct {
  /** ARN of the secret that names the keys, or is one. */
  readonly head: string;
  /** Where those who may ask are told what a value is called. */
  readonly explainUrl: string;
  private readonly shared: Shared;
  private readonly bridge: TableV2;
  private readonly epochs: string;
  private readonly epochArns: string;

  constructor(scope: Construct, id: string, { shared, keys }: KeysProps) {
    super(scope, id);
    this.shared = shared;
    const { region, account, partition, stackName } = Stack.of(this);
    this.epochs = `stillwatch/${stackName}/epoch/`;
    this.epochArns = `arn:${partition}:secretsmanager:${region}:${account}:secret:${this.epochs}*`;
    this.bridge = table(this, 'Bridge', shared);
    watchTable(this, shared, { name: 'Bridge', table: this.bridge });
    const own = keys.secret === undefined;
    this.head = keys.secret ?? this.secret();
    const days = keys.rotateDays ?? (own ? ROTATE_DAYS : 0);
    if (own || days > 0) this.rotation(keys, days, own);
    this.explainUrl = this.explainer();
  }

  /** What a function needs that makes fingerprints; `allow` goes with it. */
  get namesEnv(): Env<NamesEnv> {
    return {
      FINGERPRINT_KEY_SECRET: this.head,
      BRIDGE_TABLE: this.bridge.tableName,
      RETENTION_DAYS: String(this.shared.config.settings.retentionDays),
    };
  }

  allowNaming(namer: ObservedFunction): void {
    this.allowReading(namer);
    namer.allow(['dynamodb:PutItem', 'dynamodb:BatchGetItem'], [this.bridge.tableArn]);
  }

  private allowReading(reader: ObservedFunction): void {
    reader.allow(['secretsmanager:GetSecretValue'], [this.head, this.epochArns]);
    this.acknowledgeEpochs(reader);
  }

  private acknowledgeEpochs({ role }: ObservedFunction): void {
    acknowledge(
      role,
      'The secrets of the epochs of this stack: each rotation makes one, under this one prefix.',
      `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${this.epochs}*]`,
    );
  }

  /** Holds no key before its first rotation, which follows at once: text that is none, so that nobody takes it for one. */
  private secret(): string {
    const { key, config } = this.shared;
    const secret = new Secret(this, 'Head', {
      description: 'Stillwatch: names the fingerprint key in use. Rotate it; do not edit it.',
      generateSecretString: { passwordLength: 32 },
      removalPolicy: removalPolicy(config),
      ...(key ? { encryptionKey: key } : {}),
    });
    return secret.secretArn;
  }

  private rotation({ overlapDays }: KeysProps['keys'], days: number, own: boolean): void {
    const rotator = this.rotator(overlapDays);
    const schedule = new CfnRotationSchedule(this, 'Rotation', {
      secretId: this.head,
      rotationLambdaArn: rotator.function.functionArn,
      rotationRules: { automaticallyAfterDays: days > 0 ? days : NEVER_DAYS },
      // The first rotation makes the first key. A key that is in use waits for its day.
      rotateImmediatelyOnUpdate: own,
    });
    schedule.node.addDependency(rotator.function, rotator.role);
    this.retirer();
    this.watch(days);
  }

  private rotator(overlapDays: number): ObservedFunction {
    const { shared } = this;
    const rotator = this.function('Rotate', 'rotate', 'Makes the fingerprint key of the next epoch.', {
      EPOCH_PREFIX: this.epochs,
      EPOCH_KMS_KEY: shared.key?.keyArn ?? 'default',
      OVERLAP_DAYS: String(overlapDays),
    } satisfies Env<RotateEnv>);
    rotator.allow(
      [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      [this.head],
    );
    rotator.allow(['secretsmanager:CreateSecret', 'secretsmanager:GetSecretValue'], [this.epochArns]);
    this.acknowledgeEpochs(rotator);
    rotator.function.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
    });
    return rotator;
  }

  private retirer(): void {
    const { shared } = this;
    const queue = deadLetters(this, 'NotRetired', shared, 'The daily look at the fingerprint keys failed.');
    const retirer = this.function(
      'Retire',
      'rotate/retire',
      'Destroys the key of an epoch that is over.',
      {
        HEAD_SECRET: this.head,
        BRIDGE_TABLE: this.bridge.tableName,
        RETENTION_DAYS: String(shared.config.settings.retentionDays),
      } satisfies Env<RetireEnv>,
      queue,
    );
    retirer.allow(
      ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
      [this.head],
    );
    // It destroys the keys of epochs, and cannot read them.
    retirer.allow(['secretsmanager:DeleteSecret'], [this.epochArns]);
    this.acknowledgeEpochs(retirer);
    retirer.allow(['dynamodb:Scan', 'dynamodb:BatchWriteItem'], [this.bridge.tableArn]);
    new Schedule(this, 'Daily', {
      description: 'Destroys the key of an epoch that is over.',
      schedule: ScheduleExpression.cron({ minute: '50', hour: '3' }),
      target: new LambdaInvoke(retirer.function, {
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        role: schedulerRole(this, shared, retirer.function),
        retryAttempts: 3,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: queue,
      }),
    });
  }

  private explainer(): string {
    const log = table(this, 'ExplainLog', this.shared);
    watchTable(this, this.shared, { name: 'ExplainLog', table: log });
    const explainer = this.function('Explain', 'explain', 'Tells an authorised person what a value is called.', {
      ...this.namesEnv,
      LOG_TABLE: log.tableName,
    } satisfies Env<ExplainEnv>);
    this.allowReading(explainer);
    explainer.allow(['dynamodb:BatchGetItem'], [this.bridge.tableArn]);
    // Entries are added and never changed or deleted; none has a time at which it expires.
    explainer.allow(['dynamodb:PutItem'], [log.tableArn]);
    const { alarms, config } = this.shared;
    alarms.add(this, 'Explained', {
      severity: 'SEV2',
      metric: customMetric(config.stage, 'explain', 'ValuesExplained', Duration.hours(1)),
      threshold: 100,
      means: 'Many values were explained within an hour: somebody looks up people in bulk.',
      section: 'many-explained',
    });
    return explainer.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
  }

  /** `deadLetters`: of one that a schedule invokes, which does not wait for its end. */
  private function(
    id: string,
    name: string,
    description: string,
    environment: Record<string, string>,
    deadLetters?: Queue,
  ) {
    const made = new ObservedFunction(this, id, {
      shared: this.shared,
      name,
      description,
      section: 'keys-errors',
      memoryMb: 512,
      timeout: Duration.minutes(name === 'rotate/retire' ? 15 : 1),
      environment,
      ...(deadLetters ? { deadLetters } : {}),
    });
    made.useKey(this.shared.key);
    return made;
  }

  private watch(days: number): void {
    const { alarms, config } = this.shared;
    const age = customMetric(config.stage, 'rotate/retire', 'KeyAgeDays', Duration.days(1)).with({
      statistic: 'Maximum',
    });
    alarms.add(this, 'Unwatched', {
      severity: 'SEV2',
      metric: age.with({ statistic: 'SampleCount' }),
      threshold: 1,
      below: true,
      periods: 2,
      absence: true,
      means: 'Nothing looked at the fingerprint keys for two days: a key whose epoch is over is not destroyed.',
      section: 'keys-unwatched',
    });
    if (days === 0) return;
    alarms.add(this, 'Overdue', {
      severity: 'SEV2',
      metric: age,
      threshold: days + OVERDUE_DAYS,
      means: 'The fingerprint key is older than its rotation allows: a rotation failed.',
      section: 'key-overdue',
    });
  }
}
