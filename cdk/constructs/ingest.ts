/** Folds the stream into account-days. A record that breaks the contract is set aside; a batch that fails is kept. */
import { Duration } from 'aws-cdk-lib';
import { type Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { IngestEnv } from '../../lambdas/ingest/env.ts';
import { acknowledgeBelow } from '../rules.ts';
import { customMetric } from './custom-metric.ts';
import { ObservedFunction } from './observed-function.ts';
import { bucket, type Shared } from './shared.ts';

const QUARANTINE_DAYS = 90;
/** Records that broke the contract; and batches that failed, where Lambda puts them. */
const PREFIXES = ['quarantine/*', 'aws/lambda/*'];
/** As many as Lambda gives; some 4,000 of a KB fill the 6 MB of a call before that. */
const RECORDS = 10_000;
/**
 * Batches at one time of a shard, by account: as many as there may be. At full load a batch is full before its time is
 * over, and the more lanes there are, the longer one takes to fill.
 */
const LANES = 10;
/** Folders of the archive, one per type of record. */
const FOLDERS = ['usage/*', 'account/*', 'release/*'];

export interface IngestProps {
  shared: Shared;
  stream: IStream;
  aggregates: TableV2;
  /** On while nothing arrives. */
  silence: Alarm;
}

export class Ingest extends Construct {
  readonly setAside: IBucket;
  /** Accepted records in Parquet, for recounting, replay and analysts' tools. */
  readonly archive: IBucket;

  constructor(scope: Construct, id: string, { shared, stream, aggregates, silence }: IngestProps) {
    super(scope, id);
    const { config } = shared;
    this.setAside = bucket(this, 'SetAside', shared, QUARANTINE_DAYS);
    this.archive = this.archiveOf(shared);
    const ingest = new ObservedFunction(this, 'Ingest', {
      shared,
      name: 'ingest',
      severity: 'SEV1',
      description: 'Folds a batch of the stream into account-days.',
      memoryMb: 1769,
      timeout: Duration.minutes(2),
      environment: {
        AGGREGATES_TABLE: aggregates.tableName,
        QUARANTINE_BUCKET: this.setAside.bucketName,
        ARCHIVE_BUCKET: this.archive.bucketName,
        RETENTION_DAYS: String(config.settings.retentionDays),
        QUARANTINE_PAYLOAD: config.keepQuarantinedPayload ? 'keep' : 'drop',
      } satisfies Record<keyof IngestEnv, string>,
    });
    ingest.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [aggregates.tableArn]);
    ingest.allow(
      ['s3:PutObject'],
      PREFIXES.map((prefix) => this.setAside.arnForObjects(prefix)),
    );
    ingest.allow(
      ['s3:PutObject'],
      FOLDERS.map((folder) => this.archive.arnForObjects(folder)),
    );
    // Lambda checks that it may list the bucket before it takes it as the place for failed batches.
    ingest.allow(['s3:ListBucket'], [this.setAside.bucketArn]);
    ingest.useKey(shared.key, this.archive.encryptionKey);
    const source = new KinesisEventSource(stream, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: RECORDS,
      maxBatchingWindow: Duration.seconds(config.batchSeconds),
      parallelizationFactor: LANES,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: 20,
      maxRecordAge: Duration.hours(Math.max(1, config.streamDays * 24 - 12)),
      onFailure: { bind: () => ({ destination: this.setAside.bucketArn }) },
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    ingest.function.addEventSource(source);
    acknowledgeBelow(
      ingest.role,
      'One object per record or batch set aside, below these two prefixes of this one bucket.',
      this.setAside,
      ...PREFIXES.map((prefix) => `/${prefix}`),
    );
    acknowledgeBelow(
      ingest.role,
      'One object per batch, hour and type of record.',
      this.archive,
      ...FOLDERS.map((folder) => `/${folder}`),
    );
    this.watch(shared, silence, ingest, source.eventSourceMappingId);
  }

  private archiveOf(shared: Shared): IBucket {
    const { archiveBucket: brought } = shared.config.existing;
    if (!brought) return bucket(this, 'Archive', shared, shared.config.settings.retentionDays);
    const encryptionKey = brought.kmsKeyArn ? Key.fromKeyArn(this, 'ArchiveKey', brought.kmsKeyArn) : undefined;
    const bucketName = brought.name;
    return Bucket.fromBucketAttributes(this, 'Archive', { bucketName, ...(encryptionKey ? { encryptionKey } : {}) });
  }

  private watch({ alarms, config }: Shared, silence: Alarm, ingest: ObservedFunction, mapping: string): void {
    const period = Duration.minutes(5);
    alarms.add(this, 'Behind', {
      severity: 'SEV1',
      metric: ingest.function.metric('IteratorAge', { period, statistic: 'Maximum' }),
      threshold: Duration.days(config.streamDays).toMilliseconds() / 4,
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
        period,
      });
    alarms.add(this, 'GivenUp', {
      severity: 'SEV2',
      metric: ofMapping('OnFailureDestinationDeliveredEventCount'),
      threshold: 1,
      means: 'Records failed 20 times and were put aside: they are not counted until they are sent again.',
      section: 'batches-given-up',
    });
    alarms.add(this, 'Dropped', {
      severity: 'SEV1',
      metric: ofMapping('DroppedEventCount'),
      threshold: 1,
      means: 'Records failed and could not be put aside: only the stream still has them.',
      section: 'batches-given-up',
    });
    alarms.add(this, 'Stopped', {
      severity: 'SEV1',
      metric: ingest.function.metricInvocations({ period: Duration.minutes(config.silenceMinutes) }),
      threshold: 1,
      below: true,
      absence: true,
      unless: silence,
      means: 'Nothing is taken from the stream: records arrive and are not counted.',
      section: 'ingest-stopped',
    });
    alarms.add(this, 'Quarantined', {
      severity: 'SEV2',
      metric: customMetric(config.stage, 'ingest', 'RecordsQuarantined', period),
      threshold: 100,
      periods: 3,
      means: 'Many records break the contract: a producer has changed.',
      section: 'quarantine',
    });
  }
}
