/** Where usage comes in: a bus for convenience, which feeds the stream, and the stream itself for volume. */
import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, type IEventBus, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { KinesisStream } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type IStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../rules.ts';
import { openTo } from './senders.ts';
import { deadLetters, removalPolicy, type Shared } from './shared.ts';

/** Detail types of the public record format and the field that keeps related records in order. */
export const ROUTES = [
  { id: 'AccountsToStream', detailTypes: ['Stillwatch Usage', 'Stillwatch Account'], key: '$.detail.account' },
  { id: 'ReleasesToStream', detailTypes: ['Stillwatch Release'], key: '$.detail.model' },
];

export class Intake extends Construct {
  readonly bus: IEventBus;
  readonly stream: IStream;
  /** On while nothing arrives at all. */
  readonly silence: Alarm;
  /** Present where other accounts may send. */
  readonly senderRole?: IRole;

  constructor(scope: Construct, id: string, shared: Shared) {
    super(scope, id);
    const { config } = shared;
    const queue = deadLetters(this, 'Undelivered', shared, 'Records put on the bus did not reach the stream.');
    this.bus = this.busOf(shared);
    this.stream = this.streamOf(shared);
    for (const route of ROUTES) this.route(route, queue);
    if (config.senders) this.senderRole = openTo(this, config.senders.organisation, this.bus, this.stream);
    if (this.stream.encryptionKey) {
      acknowledge(
        this.stream,
        'The two verbs of this one key that the bus needs to write to the stream, as the CDK grants them.',
        'AwsSolutions::AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
        'AwsSolutions::AwsSolutions-IAM5[Action::kms:ReEncrypt*]',
      );
    }
    if (config.archiveDays > 0) {
      this.bus.archive('Archive', {
        description: 'Records of the bus, to be replayed through the same path.',
        eventPattern: { detailType: ROUTES.flatMap((route) => route.detailTypes) },
        retention: Duration.days(config.archiveDays),
      });
    }
    this.silence = this.watch(shared);
  }

  private busOf({ config, key }: Shared): IEventBus {
    if (config.existing.bus) return EventBus.fromEventBusArn(this, 'Bus', config.existing.bus);
    const made = new EventBus(this, 'Bus', {
      description: `Stillwatch ${config.stage}: records in, findings out`,
      ...(key ? { kmsKey: key } : {}),
    });
    // The CDK's own types disagree on optional properties that may be undefined.
    return made as IEventBus;
  }

  private streamOf({ config, key }: Shared): IStream {
    const { stream: brought } = config.existing;
    if (brought) {
      const encryptionKey = brought.keyArn ? Key.fromKeyArn(this, 'StreamKey', brought.keyArn) : undefined;
      const streamArn = brought.arn;
      return Stream.fromStreamAttributes(this, 'Stream', { streamArn, ...(encryptionKey ? { encryptionKey } : {}) });
    }
    const stream = new Stream(this, 'Stream', {
      ...(typeof config.stream === 'number'
        ? { streamMode: StreamMode.PROVISIONED, shardCount: config.stream }
        : { streamMode: StreamMode.ON_DEMAND }),
      retentionPeriod: Duration.days(config.streamDays),
      ...(key ? { encryption: StreamEncryption.KMS, encryptionKey: key } : { encryption: StreamEncryption.MANAGED }),
      removalPolicy: removalPolicy(config),
    });
    acknowledge(
      stream,
      'Encrypted with the AWS-managed Kinesis key, or with the stage key where one is asked for.',
      'AwsSolutions::AwsSolutions-KDS3',
    );
    return stream;
  }

  /** The target takes `$.detail`, so that the stream holds plain records whoever wrote them. */
  private route({ id, detailTypes, key }: (typeof ROUTES)[number], queue: IQueue): void {
    new Rule(this, id, {
      eventBus: this.bus,
      eventPattern: { detailType: detailTypes },
      targets: [
        new KinesisStream(this.stream, {
          partitionKeyPath: key,
          message: RuleTargetInput.fromEventPath('$.detail'),
          deadLetterQueue: queue,
          retryAttempts: 20,
          maxEventAge: Duration.hours(12),
        }),
      ],
    });
  }

  private watch({ alarms, config }: Shared): Alarm {
    alarms.add(this, 'Throttled', {
      severity: 'SEV2',
      metric: this.stream.metricWriteProvisionedThroughputExceeded({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      periods: 3,
      means: 'Writers are refused by the stream: it has too few shards, or one account is too hot for its shard.',
      section: 'stream-throttled',
    });
    return alarms.add(this, 'Silence', {
      severity: 'SEV1',
      metric: this.stream.metricIncomingRecords({ period: Duration.minutes(config.silenceMinutes), statistic: 'Sum' }),
      threshold: 1,
      below: true,
      absence: true,
      means: `No usage arrived for ${config.silenceMinutes} minutes: nothing can be found in what is not sent.`,
      section: 'no-usage',
    });
  }
}
