/** Findings told to people and machines: bus -> function -> outbox -> channels, tried again once a minute. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { ConfigurationSet, ConfigurationSetTlsPolicy } from 'aws-cdk-lib/aws-ses';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { ConnectedChannels, NotifyEnv } from '../../lambdas/notify/env.ts';
import type { DeliverTask } from '../../lambdas/notify/notify.ts';
import { acknowledgeBelow } from '../rules.ts';
import { customMetric } from './custom-metric.ts';
import { watchMail } from './mail.ts';
import { ObservedFunction } from './observed-function.ts';
import { deadLetters, type Shared, schedulerRole, table, watchTable } from './shared.ts';

export interface NotificationsProps {
  shared: Shared;
  bus: IEventBus;
  findings: TableV2;
  /** People's decisions: read, never written. */
  cases: TableV2;
  aggregates: TableV2;
  sweeps: IBucket;
}

export class Notifications extends Construct {
  readonly topic: ITopic;
  /** What Amazon Q Developer in chat applications reads; it drops every message that is not its own. */
  readonly chat: Topic | undefined;
  readonly outbox: TableV2;

  constructor(scope: Construct, id: string, props: NotificationsProps) {
    const { shared, bus, findings, cases, aggregates, sweeps } = props;
    super(scope, id);
    const { config } = shared;
    this.topic = this.findingsTopic(shared);
    this.chat = config.channels.chat ? this.newTopic('Chat', shared) : undefined;
    const unsent = deadLetters(this, 'Unsent', shared, 'A finding was not told: the function that tells it failed.', {
      severity: 'SEV1',
    });
    const outbox = table(this, 'Outbox', shared);
    this.outbox = outbox;
    watchTable(this, shared, {
      name: 'Outbox',
      table: outbox,
      endsIn: { Read: 'dead-letters', Write: 'dead-letters' },
    });
    const notify = new ObservedFunction(this, 'Notify', {
      shared,
      name: 'notify',
      severity: 'SEV1',
      description: 'Puts transitions into the outbox and gives what is due to its channel.',
      memoryMb: 512,
      timeout: Duration.minutes(2),
      deadLetters: unsent,
      environment: {
        FINDINGS_TOPIC: this.topic.topicArn,
        OUTBOX_TABLE: outbox.tableName,
        FINDINGS_TABLE: findings.tableName,
        CASES_TABLE: cases.tableName,
        AGGREGATES_TABLE: aggregates.tableName,
        SWEEP_BUCKET: sweeps.bucketName,
        CHANNELS: Stack.of(this).toJsonString(this.channels(shared)),
        SWEEP_HOURS: String(config.sweepEveryHours),
        VERSION: shared.version,
        SETTINGS: JSON.stringify(config.settings),
      } satisfies Record<keyof NotifyEnv, string>,
    });
    this.allow(notify, props, outbox);
    new Rule(this, 'FindingsRule', {
      eventBus: bus,
      eventPattern: { source: ['stillwatch'], detailType: ['Stillwatch Finding'] },
      targets: [
        new LambdaFunction(notify.function, {
          deadLetterQueue: unsent,
          retryAttempts: 20,
          maxEventAge: Duration.hours(12),
        }),
      ],
    });
    this.everyMinute(shared, notify, unsent);
    this.subscribe(shared);
    this.watch(shared, notify);
  }

  /** By which alerts are mailed, where they are. */
  get mail(): ConfigurationSet | undefined {
    return this.node.tryFindChild('Mail') as ConfigurationSet | undefined;
  }

  private findingsTopic(shared: Shared): ITopic {
    const brought = shared.config.existing.findingsTopic;
    return brought ? Topic.fromTopicArn(this, 'Findings', brought.arn) : this.newTopic('Findings', shared);
  }

  private newTopic(id: string, { key }: Shared): Topic {
    return new Topic(this, id, {
      enforceSSL: true,
      masterKey: key ?? Alias.fromAliasName(this, `${id}Key`, 'alias/aws/sns'),
    });
  }

  private channels({ config }: Shared): ConnectedChannels {
    const { pagerduty, webhook, mail } = config.channels;
    const configurationSet = () =>
      new ConfigurationSet(this, 'Mail', { reputationMetrics: true, tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE })
        .configurationSetName;
    return {
      ...(this.chat ? { chat: this.chat.topicArn } : {}),
      ...(pagerduty ? { pagerduty: { secret: pagerduty.secret } } : {}),
      ...(webhook ? { webhook: { url: webhook.url, secret: webhook.secret } } : {}),
      ...(mail ? { mail: { ...mail, configurationSet: configurationSet() } } : {}),
    };
  }

  private allow(notify: ObservedFunction, props: NotificationsProps, outbox: TableV2): void {
    const { shared, findings, cases, aggregates, sweeps } = props;
    const { pagerduty, webhook, mail } = shared.config.channels;
    const topics = [this.topic, ...(this.chat ? [this.chat] : [])];
    notify.allow(
      ['sns:Publish'],
      topics.map(({ topicArn }) => topicArn),
    );
    notify.allow(['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], [outbox.tableArn]);
    notify.allow(['dynamodb:Query'], [cases.tableArn, aggregates.tableArn]);
    notify.allow(['dynamodb:Query', 'dynamodb:GetItem'], [findings.tableArn]);
    notify.allow(['s3:GetObject'], [sweeps.arnForObjects('sweeps/*')]);
    acknowledgeBelow(notify.role, 'One folder per sweep.', sweeps, '/sweeps/*');
    notify.allow(['s3:ListBucket'], [sweeps.bucketArn]);
    const secrets = [pagerduty, webhook].flatMap((channel) => (channel ? [channel.secret] : []));
    if (secrets.length > 0) notify.allow(['secretsmanager:GetSecretValue'], secrets);
    if (mail) notify.allow(['ses:SendEmail'], this.identities(mail.sender));
    const topicKey = shared.config.existing.findingsTopic?.keyArn;
    notify.useKey(shared.key, topicKey ? Key.fromKeyArn(this, 'TopicKey', topicKey) : undefined);
  }

  /** SES checks the identity that is verified: the address itself, or its domain. */
  private identities(sender: string): string[] {
    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({ service: 'ses', resource, resourceName });
    const set = this.node.findChild('Mail') as ConfigurationSet;
    const domain = sender.slice(sender.indexOf('@') + 1);
    return [arn('identity', sender), arn('identity', domain), arn('configuration-set', set.configurationSetName)];
  }

  private everyMinute(shared: Shared, notify: ObservedFunction, unsent: ReturnType<typeof deadLetters>): void {
    const task: DeliverTask = { task: 'deliver' };
    new Schedule(this, 'Again', {
      description: 'Gives what is still in the outbox to its channels again.',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(notify.function, {
        input: ScheduleTargetInput.fromObject(task),
        role: schedulerRole(this, shared, notify.function),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
        deadLetterQueue: unsent,
      }),
    });
  }

  private subscribe(shared: Shared): void {
    const addresses = shared.config.alertEmails ?? [];
    if (addresses.length === 0) return;
    const undelivered = deadLetters(this, 'Undelivered', shared, 'SNS could not deliver a finding to a subscriber.');
    for (const address of addresses) {
      this.topic.addSubscription(new EmailSubscription(address, { deadLetterQueue: undelivered }));
    }
  }

  private watch({ alarms, config }: Shared, notify: ObservedFunction): void {
    alarms.add(this, 'DeliveryFailed', {
      severity: 'SEV2',
      metric: this.topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      means: 'SNS failed to deliver a finding.',
      section: 'delivery-failed',
    });
    if (this.chat) {
      alarms.add(this, 'ChatFailed', {
        severity: 'SEV2',
        metric: this.chat.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
        threshold: 1,
        means: 'SNS failed to deliver a finding to the chat.',
        section: 'delivery-failed',
      });
    }
    if (config.channels.mail) watchMail(this, alarms, this.node.findChild('Mail') as ConfigurationSet);
    // By the alarms' own topic: what reports a broken outbox must not pass through it.
    alarms.add(this, 'UndeliveredMessages', {
      severity: 'SEV1',
      metric: customMetric(config.stage, 'notify', 'MessagesUndelivered', Duration.minutes(15)),
      threshold: 1,
      means: 'A message is undelivered: somebody was not told.',
      section: 'messages-undelivered',
    });
    alarms.add(this, 'DeliveryStopped', {
      severity: 'SEV1',
      metric: notify.function.metricInvocations({ period: Duration.minutes(15) }),
      threshold: 1,
      below: true,
      absence: true,
      means: 'Nobody looks at what waits in the outbox.',
      section: 'delivery-stopped',
    });
  }
}
