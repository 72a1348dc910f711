/** A Lambda function with everything that is needed to see it fail: own role, own logs, traces and alarms. */
import { Duration, type Size } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../rules.ts';
import type { AlarmSpec, Severity } from './alarms.ts';
import { bundled } from './bundled.ts';
import { removalPolicy, type Shared } from './shared.ts';

export interface ObservedFunctionProps {
  shared: Shared;
  /** Folder under `lambdas/`. */
  name: string;
  description: string;
  environment: Record<string, string>;
  /** 1,769 MB are one vCPU. */
  memoryMb: number;
  /** Disk that comes and goes with it; 512 MB where it says nothing. */
  storage?: Size;
  timeout: Duration;
  /** For functions that are invoked asynchronously. */
  deadLetters?: IQueue;
  /** Section of the runbook for its errors; `NAME-errors` where it has one of its own. */
  section?: string;
  /**
   * Section of the alarm that tells, whatever happens, of a call that failed or was not let in. Left out: there is none
   * but those of the function itself, or, with dead letters, theirs.
   */
  endsIn?: string;
  /** Of its errors; SEV2 where it says nothing. */
  severity?: Severity;
  /** Runs at one time, taken out of the account's quota, of which 100 must stay unreserved. */
  concurrency?: number;
}

export class ObservedFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ObservedFunctionProps) {
    super(scope, id);
    const { shared, name } = props;
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: shared.config.logDays as RetentionDays,
      removalPolicy: removalPolicy(shared.config),
    });
    logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      code: bundled(name),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb,
      ...(props.storage === undefined ? {} : { ephemeralStorageSize: props.storage }),
      timeout: props.timeout,
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(props.concurrency === undefined ? {} : { reservedConcurrentExecutions: props.concurrency }),
      tracing: Tracing.ACTIVE,
      environment: {
        ...props.environment,
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace(shared.config.stage),
        POWERTOOLS_LOG_LEVEL: shared.config.protect ? 'INFO' : 'DEBUG',
      },
      ...(props.deadLetters
        ? { onFailure: new SqsDestination(props.deadLetters), retryAttempts: 2, maxEventAge: Duration.hours(6) }
        : {}),
    });
    acknowledge(this.role, 'X-Ray has no resources to name.', 'AwsSolutions::AwsSolutions-IAM5[Resource::*]');
    if (!props.deadLetters) {
      acknowledge(
        this.function,
        'Never invoked asynchronously: its caller sees the failure and keeps it.',
        'Serverless::Serverless-LambdaDLQ',
      );
    } else {
      acknowledge(
        this.function,
        'Failed events go to a destination queue, which also holds the reason.',
        'Serverless::Serverless-LambdaDLQ',
      );
    }
    if (shared.key && props.deadLetters) {
      acknowledge(
        this.role,
        'The two verbs of this one key that sending to the queue needs, as the CDK grants them.',
        'AwsSolutions::AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
        'AwsSolutions::AwsSolutions-IAM5[Action::kms:ReEncrypt*]',
      );
    }
    this.watch(props);
  }

  /** Allows `actions` on exactly `resources`. */
  allow(actions: string[], resources: string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources }));
  }

  /** Keys are used through the services that hold the data; nothing is encrypted by the function itself. */
  useKey(...keys: (IKey | undefined)[]): void {
    const arns = new Set(keys.flatMap((key) => (key ? [key.keyArn] : [])));
    if (arns.size > 0) this.allow(['kms:Decrypt', 'kms:GenerateDataKey'], [...arns]);
  }

  private watch(props: ObservedFunctionProps): void {
    const { shared, name, timeout, deadLetters, severity = 'SEV2', section = `${name}-errors` } = props;
    const endsIn = props.endsIn ?? (deadLetters ? 'dead-letters' : undefined);
    const period = Duration.minutes(5);
    const { alarms } = shared;
    const errors: AlarmSpec = {
      severity,
      metric: this.function.metricErrors({ period }),
      threshold: 1,
      periods: 3,
      means: `The ${name} function fails again and again.`,
      section,
    };
    const throttles: AlarmSpec = {
      severity: 'SEV2',
      metric: this.function.metricThrottles({ period }),
      threshold: 1,
      periods: 3,
      means: `The ${name} function is refused capacity by Lambda.`,
      section: 'throttles',
    };
    for (const [id, spec] of Object.entries({ Errors: errors, Throttles: throttles })) {
      if (endsIn) alarms.early(this, id, { ...spec, endsIn });
      else alarms.add(this, id, spec);
    }
    alarms.early(this, 'Slow', {
      severity: 'SEV3',
      metric: this.function.metricDuration({ period, statistic: 'p99' }),
      threshold: timeout.toMilliseconds() * 0.8,
      periods: 3,
      means: `The ${name} function takes more than 80 % of its time limit.`,
      section: 'slow-functions',
      endsIn: endsIn ?? section,
    });
    if (!deadLetters) return;
    alarms.add(this, 'Lost', {
      severity: 'SEV1',
      metric: this.function.metric('DestinationDeliveryFailures', { period, statistic: 'Sum' }),
      threshold: 1,
      means: `What the ${name} function failed on could not be kept either: it is lost.`,
      section: 'lost-failures',
    });
  }
}

/** One namespace per stage, so that two stages in one account do not share alarms. */
export function metricNamespace(stage: string): string {
  return `Stillwatch/${stage}`;
}
