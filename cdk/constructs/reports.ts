/** The periodic report by e-mail, with bounces and complaints watched: a sender that ignores them is blocked. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { ConfigurationSet, ConfigurationSetTlsPolicy } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { ReportEnv } from '../../lambdas/report/env.ts';
import type { StageConfig } from '../config.ts';
import { acknowledgeBelow } from '../rules.ts';
import { watchMail } from './mail.ts';
import { ObservedFunction } from './observed-function.ts';
import { deadLetters, type Shared, schedulerRole } from './shared.ts';

type ReportConfig = NonNullable<StageConfig['report']>;

export interface ReportsProps {
  shared: Shared;
  report: ReportConfig;
  aggregates: TableV2;
  findings: TableV2;
  sweeps: IBucket;
}

/** Seven in the morning UTC: after the sweep of midnight, before people start. */
const SCHEDULES = {
  day: ScheduleExpression.cron({ minute: '0', hour: '7' }),
  week: ScheduleExpression.cron({ minute: '0', hour: '7', weekDay: 'MON' }),
};

export class Reports extends Construct {
  constructor(scope: Construct, id: string, props: ReportsProps) {
    super(scope, id);
    const { shared, report } = props;
    const mail = new ConfigurationSet(this, 'Mail', {
      reputationMetrics: true,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    const unsent = deadLetters(this, 'Unsent', shared, 'A periodic report was not sent.');
    const sender = this.sender(props, mail, unsent);
    new Schedule(this, 'Schedule', {
      description: `Sends the report of the last ${report.every}.`,
      schedule: SCHEDULES[report.every],
      target: new LambdaInvoke(sender.function, {
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime, every: report.every }),
        role: schedulerRole(this, sender.function),
        retryAttempts: 3,
        maxEventAge: Duration.hours(6),
        deadLetterQueue: unsent,
      }),
    });
    this.watch(shared, mail, sender, report.every);
  }

  private sender(
    { shared, report, aggregates, findings, sweeps }: ReportsProps,
    mail: ConfigurationSet,
    unsent: ReturnType<typeof deadLetters>,
  ) {
    const sender = new ObservedFunction(this, 'Report', {
      shared,
      name: 'report',
      description: 'Builds and sends the periodic report.',
      memoryMb: 1769,
      timeout: Duration.minutes(5),
      deadLetters: unsent,
      environment: {
        AGGREGATES_TABLE: aggregates.tableName,
        FINDINGS_TABLE: findings.tableName,
        SWEEP_BUCKET: sweeps.bucketName,
        SENDER: report.sender,
        RECIPIENTS: report.recipients.join(','),
        CONFIGURATION_SET: mail.configurationSetName,
        SETTINGS: JSON.stringify(shared.config.settings),
      } satisfies Record<keyof ReportEnv, string>,
    });
    sender.allow(
      ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      [findings.tableArn],
    );
    sender.allow(['dynamodb:Query'], [aggregates.tableArn]);
    sender.allow(['s3:GetObject'], [sweeps.arnForObjects('sweeps/*')]);
    acknowledgeBelow(sender.role, 'One folder per sweep.', sweeps, '/sweeps/*');
    sender.allow(['s3:ListBucket'], [sweeps.bucketArn]);
    sender.allow(['ses:SendEmail'], this.identities(report.sender, mail));
    sender.useKey(shared.key);
    return sender;
  }

  /** SES checks the identity that is verified: the address itself, or its domain. */
  private identities(sender: string, mail: ConfigurationSet): string[] {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'ses', resource, resourceName });
    const domain = sender.slice(sender.indexOf('@') + 1);
    return [arn('identity', sender), arn('identity', domain), arn('configuration-set', mail.configurationSetName)];
  }

  private watch(
    { alarms }: Shared,
    mail: ConfigurationSet,
    sender: ObservedFunction,
    every: ReportConfig['every'],
  ): void {
    watchMail(this, alarms, mail);
    alarms.add(this, 'Absent', {
      severity: 'SEV2',
      metric: sender.function.metricInvocations({ period: Duration.days(1) }),
      threshold: 1,
      below: true,
      // Days of UTC: between two Mondays lie six that are empty.
      periods: every === 'day' ? 2 : 7,
      absence: true,
      means: `No report was begun for ${every === 'day' ? 'two days' : 'a week'}: its schedule does not run.`,
      section: 'no-report',
    });
  }
}
