/** Findings told to people and machines: bus -> function -> topic -> subscribers. */
import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { NotifyEnv } from '../../lambdas/notify/env.ts';
import { ObservedFunction } from './observed-function.ts';
import { deadLetters, type Shared } from './shared.ts';

export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, shared: Shared, bus: EventBus) {
    super(scope, id);
    const { config, key } = shared;
    this.topic = new Topic(this, 'Findings', {
      enforceSSL: true,
      masterKey: key ?? Alias.fromAliasName(this, 'SnsKey', 'alias/aws/sns'),
    });
    const unsent = deadLetters(this, 'Unsent', shared, 'A finding was not told: the function that tells it failed.');
    const notify = new ObservedFunction(this, 'Notify', {
      shared,
      name: 'notify',
      description: 'Publishes the transition of a finding.',
      memoryMb: 512,
      timeout: Duration.seconds(30),
      deadLetters: unsent,
      environment: {
        FINDINGS_TOPIC: this.topic.topicArn,
        SETTINGS: JSON.stringify(config.settings),
      } satisfies Record<keyof NotifyEnv, string>,
    });
    notify.allow(['sns:Publish'], [this.topic.topicArn]);
    notify.useKey(key);
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
    this.subscribe(shared);
    this.watch(shared);
  }

  private subscribe(shared: Shared): void {
    const addresses = shared.config.alertEmails;
    if (addresses.length === 0) return;
    const undelivered = deadLetters(this, 'Undelivered', shared, 'SNS could not deliver a finding to a subscriber.');
    for (const address of addresses) {
      this.topic.addSubscription(new EmailSubscription(address, { deadLetterQueue: undelivered }));
    }
  }

  private watch({ alarms }: Shared): void {
    alarms.add(this, 'DeliveryFailed', {
      metric: this.topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      means: 'SNS failed to deliver a finding.',
      section: 'delivery-failed',
    });
  }
}
