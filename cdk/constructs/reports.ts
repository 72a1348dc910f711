/** The periodic report by e-mail, with bounces and complaints watched: a sender that ignores them is blocked. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { ConfigurationSet, ConfigurationSetTlsPolicy } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { ReportEnv } from '../../lambdas/report/env.ts';
import type { StageConfig } from '../config.ts';
import { acknowledgeBelow } from '../rules.ts';
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
    this.watch(shared, mail);
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

  private watch({ alarms }: Shared, mail: ConfigurationSet): void {
    const rate = (metricName: string) =>
      new Metric({
        namespace: 'AWS/SES',
        metricName,
        dimensionsMap: { 'ses:configuration-set': mail.configurationSetName },
        statistic: 'Maximum',
        period: Duration.hours(1),
      });
    alarms.add(this, 'Bounces', {
      metric: rate('Reputation.BounceRate'),
      threshold: 0.05,
      means: 'More than 5 % of the reports bounce; SES pauses sending at 10 %.',
      section: 'mail-reputation',
    });
    alarms.add(this, 'Complaints', {
      metric: rate('Reputation.ComplaintRate'),
      threshold: 0.001,
      means: 'Recipients mark the reports as unwanted; SES pauses sending at 0.5 %.',
      section: 'mail-reputation',
    });
  }
}
