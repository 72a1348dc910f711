/** Digest and report by e-mail, with bounces and complaints watched: a sender that ignores them is blocked. */
import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { ConfigurationSet, ConfigurationSetTlsPolicy, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ReportEnv } from '../../lambdas/report/env.ts';
import type { StageConfig } from '../config.ts';
import { acknowledgeBelow } from '../rules.ts';

import { output } from './alarms.ts';
import { customMetric } from './custom-metric.ts';
import { watchMail } from './mail.ts';
import { ObservedFunction } from './observed-function.ts';
import { deadLetters, type Shared, schedulerRole } from './shared.ts';
import type { Sweep } from './sweep.ts';

type ReportConfig = NonNullable<StageConfig['report']>;

export interface ReportsProps {
  shared: Shared;
  report: ReportConfig;
  tables: Record<'aggregates' | 'findings' | 'outbox' | 'cases', TableV2>;
  sweep: Sweep;
  /** By which alerts are mailed: whom those do not reach is marked too. */
  alertMail?: ConfigurationSet;
}

/**
 * Twice, half an hour apart: the second finds the report sent, or finds out what became of a call whose outcome was
 * unknown the first time.
 */
const MINUTES = '0,30';

/** Whom mail reaches. */
const REACHED = [EmailSendingEvent.DELIVERY, EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT];

/** As `lambdas/report/report.ts` writes it. */
const PAGE_KEY = 'page/report.html';

export class Reports extends Construct {
  constructor(scope: Construct, id: string, props: ReportsProps) {
    super(scope, id);
    const { shared, report } = props;
    const mail = new ConfigurationSet(this, 'Mail', {
      reputationMetrics: true,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
    });
    const stack = Stack.of(this);
    output(stack, 'ReportSender', report.sender, 'Reports come from here.');
    output(stack, 'ReportRecipients', report.recipients.join(','), 'Reports go here.');
    output(stack, 'ReportConfigurationSet', mail.configurationSetName, 'Reports are sent by this configuration set.');
    const unsent = deadLetters(this, 'Unsent', shared, 'A periodic report was not sent.');
    output(
      stack,
      'DeadLetterQueues',
      shared.deadLetters.map(({ queueUrl }) => queueUrl).join(','),
      'Reports count what was given up here.',
    );
    const sender = this.sender(props, mail, unsent);
    const role = schedulerRole(this, shared, sender.function);
    for (const every of report.every) {
      new Schedule(this, every === 'week' ? 'Weekly' : 'Daily', {
        description: every === 'week' ? 'Sends the report of the last week.' : 'Sends the digest of yesterday.',
        schedule: ScheduleExpression.cron({
          minute: MINUTES,
          hour: String(report.hour),
          timeZone: TimeZone.of(report.timeZone),
          ...(every === 'week' ? { weekDay: 'MON' } : {}),
        }),
        target: new LambdaInvoke(sender.function, {
          input: ScheduleTargetInput.fromObject({ scheduledTime: ContextAttribute.scheduledTime, every }),
          role,
          retryAttempts: 3,
          maxEventAge: Duration.hours(6),
          deadLetterQueue: unsent,
        }),
      });
    }
    this.onEvents(props, mail, sender, unsent);
    this.watch(shared, mail, report.every);
  }

  /** The mail service's word on what became of a mail, and the end of a sweep, after which the page is written anew. */
  private onEvents(
    { sweep, alertMail }: ReportsProps,
    mail: ConfigurationSet,
    sender: ObservedFunction,
    unsent: Queue,
  ): void {
    const destination = EventDestination.eventBus(EventBus.fromEventBusName(this, 'Bus', 'default'));
    mail.addEventDestination('Sent', { destination, events: [EmailSendingEvent.SEND, ...REACHED] });
    alertMail?.addEventDestination('Reached', { destination, events: REACHED });
    const sets = [mail, ...(alertMail ? [alertMail] : [])].map(({ configurationSetName }) => configurationSetName);
    const target = (event?: RuleTargetInput) =>
      new LambdaFunction(sender.function, { deadLetterQueue: unsent, retryAttempts: 3, ...(event ? { event } : {}) });
    new Rule(this, 'WasSent', {
      description: 'A mail was handed on by the mail service, arrived, came back or was unwanted.',
      eventPattern: {
        source: ['aws.ses'],
        detail: {
          eventType: ['Send', 'Delivery', 'Bounce', 'Complaint'],
          mail: { tags: { 'ses:configuration-set': sets } },
        },
      },
      targets: [target()],
    });
    new Rule(this, 'Swept', {
      description: 'A sweep is done: the page is written anew.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ['SUCCEEDED'], stateMachineArn: [sweep.machine.stateMachineArn] },
      },
      targets: [target(RuleTargetInput.fromObject({ page: true }))],
    });
  }

  private sender(
    { shared, report, tables, sweep }: ReportsProps,
    mail: ConfigurationSet,
    unsent: Queue,
  ): ObservedFunction {
    const { aggregates, findings, outbox, cases } = tables;
    const sweeps = sweep.bucket;
    const sender = new ObservedFunction(this, 'Report', {
      shared,
      name: 'report',
      description: 'Builds and sends digest and report, and writes the page.',
      memoryMb: 1769,
      timeout: Duration.minutes(5),
      deadLetters: unsent,
      environment: {
        AGGREGATES_TABLE: aggregates.tableName,
        FINDINGS_TABLE: findings.tableName,
        OUTBOX_TABLE: outbox.tableName,
        CASES_TABLE: cases.tableName,
        SWEEP_BUCKET: sweeps.bucketName,
        SWEEP_HOURS: String(shared.config.sweepEveryHours),
        DEAD_LETTERS: shared.deadLetters.map(({ queueUrl }) => queueUrl).join(','),
        STACK_NAME: Stack.of(this).stackName,
        UNSUBSCRIBE_URL: report.unsubscribeUrl ?? '',
        SENDER: report.sender,
        RECIPIENTS: report.recipients.join(','),
        CONFIGURATION_SET: mail.configurationSetName,
        SETTINGS: JSON.stringify(shared.config.settings),
      } satisfies Record<keyof ReportEnv, string>,
    });
    sender.allow(['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'], [findings.tableArn]);
    sender.allow(['dynamodb:Query'], [aggregates.tableArn, outbox.tableArn, cases.tableArn]);
    sender.allow(['s3:PutObject'], [sweeps.arnForObjects(PAGE_KEY)]);
    sender.allow(['s3:GetObject'], [sweeps.arnForObjects('sweeps/*')]);
    acknowledgeBelow(sender.role, 'One folder per sweep.', sweeps, '/sweeps/*');
    sender.allow(['s3:ListBucket'], [sweeps.bucketArn]);
    sender.allow(['ses:SendEmail'], this.identities(report.sender, mail));
    sender.allow(
      ['sqs:GetQueueAttributes'],
      shared.deadLetters.map(({ queueArn }) => queueArn),
    );
    // Cost Explorer knows no resources; the function's role allows all of them already to X-Ray, and that is acknowledged.
    sender.allow(['ce:GetCostAndUsage'], ['*']);
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

  private watch(shared: Shared, mail: ConfigurationSet, every: ReportConfig['every']): void {
    const daily = every.includes('day');
    watchMail(this, shared.alarms, mail);
    shared.alarms.add(this, 'Absent', {
      severity: 'SEV2',
      // Not its invocations: the page and the events of the mail service are some too.
      metric: customMetric(shared.config.stage, 'report', 'ReportsBegun', Duration.days(1)),
      threshold: 1,
      below: true,
      // Days of UTC: between two Mondays lie six that are empty.
      periods: daily ? 2 : 7,
      absence: true,
      means: `No report was begun for ${daily ? 'two days' : 'a week'}: its schedule does not run.`,
      section: 'no-report',
    });
  }
}
