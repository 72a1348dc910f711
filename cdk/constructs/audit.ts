/** The daily self-audit: a sample of account-days is counted again from the archive, and any difference is an alarm. */
import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { AuditEnv } from '../../lambdas/audit/env.ts';
import { acknowledgeBelow } from '../rules.ts';
import { customMetric } from './custom-metric.ts';
import { ObservedFunction } from './observed-function.ts';
import { deadLetters, type Shared, schedulerRole } from './shared.ts';

export interface AuditProps {
  shared: Shared;
  aggregates: TableV2;
  archive: IBucket;
}

/** Account-days of a run: a fault that strikes 1 in 100 is found with a probability of 99.3 %. */
const SAMPLE_SIZE = 500;

export class Audit extends Construct {
  /** ARN of the function, for an audit by hand. */
  readonly functionArn: string;

  constructor(scope: Construct, id: string, props: AuditProps) {
    super(scope, id);
    const { shared } = props;
    const queue = deadLetters(
      this,
      'NotAudited',
      shared,
      'A self-audit failed: whether the counts are right is not known.',
    );
    const auditor = this.auditor(props, queue);
    this.functionArn = auditor.function.functionArn;
    new Schedule(this, 'Schedule', {
      description: 'Counts a sample of account-days again from the archive.',
      // Between the sweep of midnight and the report.
      schedule: ScheduleExpression.cron({ minute: '30', hour: '4' }),
      target: new LambdaInvoke(auditor.function, {
        input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime }),
        role: schedulerRole(this, shared, auditor.function),
        retryAttempts: 3,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: queue,
      }),
    });
    shared.alarms.add(this, 'Drift', {
      severity: 'SEV2',
      metric: customMetric(shared.config.stage, 'audit', 'AccountDaysDrifted', Duration.hours(1)),
      threshold: 1,
      means:
        'A stored count is not the count of the archived records: no figure is fit for a letter until it is known why.',
      section: 'drift',
    });
    shared.alarms.add(this, 'Absent', {
      severity: 'SEV2',
      metric: auditor.function.metricInvocations({ period: Duration.days(1) }),
      threshold: 1,
      below: true,
      periods: 2,
      absence: true,
      means: 'No audit was begun for two days: whether the counts are right is not known.',
      section: 'no-audit',
    });
  }

  private auditor({ shared, aggregates, archive }: AuditProps, queue: ReturnType<typeof deadLetters>) {
    const auditor = new ObservedFunction(this, 'Audit', {
      shared,
      name: 'audit',
      description: 'Counts a sample of account-days again from the archive.',
      memoryMb: 3538,
      timeout: Duration.minutes(15),
      deadLetters: queue,
      environment: {
        AGGREGATES_TABLE: aggregates.tableName,
        ARCHIVE_BUCKET: archive.bucketName,
        RETENTION_DAYS: String(shared.config.settings.retentionDays),
        SAMPLE_SIZE: String(SAMPLE_SIZE),
      } satisfies Record<keyof AuditEnv, string>,
    });
    // Its own line in the log of audits is all that it writes.
    auditor.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [aggregates.tableArn]);
    auditor.allow(['s3:GetObject'], [archive.arnForObjects('usage/*')]);
    auditor.allow(['s3:ListBucket'], [archive.bucketArn]);
    acknowledgeBelow(auditor.role, 'Every object of the day that is audited.', archive, '/usage/*');
    auditor.useKey(shared.key, archive.encryptionKey);
    return auditor;
  }
}
