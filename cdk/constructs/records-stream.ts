/** Records on a stream, keyed by account. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { KinesisStream } from 'aws-cdk-lib/aws-events-targets';
import { type IStream, Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { streamDaysOf } from '../config.ts';
import { acknowledge, acknowledgeBelow } from '../rules.ts';
import { DETAIL_TYPES, type Feeding, type Records, type Route } from './records.ts';
import { removalPolicy, type Shared } from './shared.ts';

const PERIOD = Duration.minutes(5);
/** As many as Lambda gives; some 4,000 of a KB fill the 6 MB of a call before that. */
const RECORDS = 10_000;
/**
 * Batches at one time of a shard, by account: as many as there may be. At full load a batch is full before its time is
 * over, and the more lanes there are, the longer one takes to fill.
 */
const LANES = 10;
/** Where Lambda puts a batch that it gives up. */
const GIVEN_UP = 'aws/lambda/*';

export class RecordsStream implements Records {
  readonly output = { name: 'StreamName', description: 'Send records here for volume, keyed by account.' };
  private readonly shared: Shared;
  private readonly stream: IStream;

  constructor(scope: Construct, shared: Shared) {
    this.shared = shared;
    this.stream = streamOf(scope, shared);
    if (this.stream.encryptionKey) {
      acknowledge(
        this.stream,
        'The two verbs of this one key that the bus needs to write to the stream, as the CDK grants them.',
        'AwsSolutions::AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
        'AwsSolutions::AwsSolutions-IAM5[Action::kms:ReEncrypt*]',
      );
    }
    shared.alarms.add(scope, 'Throttled', {
      severity: 'SEV2',
      metric: this.stream.metricWriteProvisionedThroughputExceeded({ period: PERIOD, statistic: 'Sum' }),
      threshold: 1,
      periods: 3,
      means: 'Writers are refused by the stream: it has too few shards, or one account is too hot for its shard.',
      section: 'stream-throttled',
    });
  }

  get address(): string {
    return this.stream.streamName;
  }

  get putting() {
    const { streamArn: resource, encryptionKey: key } = this.stream;
    return { actions: ['kinesis:PutRecord', 'kinesis:PutRecords'], batch: 'kinesis:PutRecords', resource, key };
  }

  /** By the field that keeps related records in order. */
  get routes(): Route[] {
    const { usage, account, release } = DETAIL_TYPES;
    return [
      { id: 'AccountsToStream', detailTypes: [usage, account], target: this.target('$.detail.account') },
      { id: 'ReleasesToStream', detailTypes: [release], target: this.target('$.detail.model') },
    ];
  }

  arriving(period: Duration) {
    return this.stream.metricIncomingRecords({ period, statistic: 'Sum' });
  }

  waiting(period: Duration) {
    return this.stream.metricGetRecordsIteratorAgeMilliseconds({ period, statistic: 'Maximum' });
  }

  feed(feeding: Feeding): void {
    const { ingest, setAside } = feeding;
    ingest.allow(['s3:PutObject'], [setAside.arnForObjects(GIVEN_UP)]);
    acknowledgeBelow(ingest.role, 'One object per batch that was given up.', setAside, `/${GIVEN_UP}`);
    // Lambda checks that it may list the bucket before it takes it as the place for failed batches.
    ingest.allow(['s3:ListBucket'], [setAside.bucketArn]);
    const source = new KinesisEventSource(this.stream, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: RECORDS,
      maxBatchingWindow: Duration.seconds(this.shared.config.batchSeconds),
      parallelizationFactor: LANES,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 20,
      maxRecordAge: Duration.hours(Math.max(1, streamDaysOf(this.shared.config) * 24 - 12)),
      onFailure: { bind: () => ({ destination: setAside.bucketArn }) },
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    ingest.function.addEventSource(source);
    this.watch(feeding, source.eventSourceMappingId);
  }

  /** Takes `$.detail`, so that the stream holds plain records whoever wrote them. */
  private target(partitionKeyPath: string): Route['target'] {
    return (deadLetterQueue: IQueue) =>
      new KinesisStream(this.stream, {
        partitionKeyPath,
        message: RuleTargetInput.fromEventPath('$.detail'),
        deadLetterQueue,
        retryAttempts: 20,
        maxEventAge: Duration.hours(12),
      });
  }

  private watch({ scope, ingest, silence }: Feeding, mapping: string): void {
    const { alarms, config } = this.shared;
    alarms.add(scope, 'Behind', {
      severity: 'SEV1',
      metric: ingest.function.metric('IteratorAge', { period: PERIOD, statistic: 'Maximum' }),
      threshold: Duration.days(streamDaysOf(config)).toMilliseconds() / 4,
      periods: 3,
      means: 'Ingest is behind by a quarter of what the stream keeps; at the whole of it records are lost.',
      section: 'ingest-behind',
    });
    const ofMapping = (metricName: string) =>
      new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { EventSourceMappingUUID: mapping },
        statistic: 'Sum',
        period: PERIOD,
      });
    alarms.add(scope, 'GivenUp', {
      severity: 'SEV2',
      metric: ofMapping('OnFailureDestinationDeliveredEventCount'),
      threshold: 1,
      means: 'Records failed 20 times and were put aside: they are not counted until they are sent again.',
      section: 'batches-given-up',
    });
    alarms.add(scope, 'Dropped', {
      severity: 'SEV1',
      metric: ofMapping('DroppedEventCount'),
      threshold: 1,
      means: 'Records failed and could not be put aside: only the stream still has them.',
      section: 'batches-given-up',
    });
    alarms.add(scope, 'Stopped', {
      severity: 'SEV1',
      metric: ingest.function.metricInvocations({ period: Duration.minutes(config.silenceMinutes) }),
      threshold: 1,
      below: true,
      absence: true,
      unless: silence,
      means: 'Nothing is taken from the stream: records arrive and are not counted.',
      section: 'ingest-stopped',
    });
  }
}

function streamOf(scope: Construct, { config, key }: Shared): IStream {
  const { stream: brought } = config.existing;
  if (brought) {
    const encryptionKey = brought.keyArn ? Key.fromKeyArn(scope, 'StreamKey', brought.keyArn) : undefined;
    const streamArn = brought.arn;
    return Stream.fromStreamAttributes(scope, 'Stream', { streamArn, ...(encryptionKey ? { encryptionKey } : {}) });
  }
  const stream = new Stream(scope, 'Stream', {
    ...(typeof config.stream === 'number'
      ? { streamMode: StreamMode.PROVISIONED, shardCount: config.stream }
      : { streamMode: StreamMode.ON_DEMAND }),
    retentionPeriod: Duration.days(streamDaysOf(config)),
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
