/** Folds what arrives into account-days. A record that breaks the contract is set aside; a batch that fails is kept. */
import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { IngestEnv } from '../../lambdas/ingest/env.ts';
import { acknowledgeBelow } from '../rules.ts';
import { customMetric } from './custom-metric.ts';
import { ObservedFunction } from './observed-function.ts';
import type { Records } from './records.ts';
import { bucket, type Shared } from './shared.ts';

const QUARANTINE_DAYS = 90;
/** Records that broke the contract. */
const QUARANTINE = 'quarantine/*';
/** Folders of the archive, one per type of record. */
const FOLDERS = ['usage/*', 'account/*', 'release/*'];

export interface IngestProps {
  shared: Shared;
  records: Records;
  aggregates: TableV2;
  /** On while nothing arrives. */
  silence: Alarm;
}

export class Ingest extends Construct {
  readonly setAside: IBucket;
  /** Accepted records in Parquet, for recounting, replay and analysts' tools. */
  readonly archive: IBucket;

  constructor(scope: Construct, id: string, { shared, records, aggregates, silence }: IngestProps) {
    super(scope, id);
    const { config } = shared;
    this.setAside = bucket(this, 'SetAside', shared, QUARANTINE_DAYS);
    this.archive = this.archiveOf(shared);
    const ingest = new ObservedFunction(this, 'Ingest', {
      shared,
      name: 'ingest',
      severity: 'SEV1',
      endsIn: 'ingest-behind',
      description: 'Folds a batch of records into account-days.',
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
    ingest.allow(['s3:PutObject'], [this.setAside.arnForObjects(QUARANTINE)]);
    ingest.allow(
      ['s3:PutObject'],
      FOLDERS.map((folder) => this.archive.arnForObjects(folder)),
    );
    ingest.useKey(shared.key, this.archive.encryptionKey);
    records.feed({ scope: this, ingest, setAside: this.setAside, silence });
    acknowledgeBelow(ingest.role, 'One object per record set aside.', this.setAside, `/${QUARANTINE}`);
    acknowledgeBelow(
      ingest.role,
      'One object per batch, hour and type of record.',
      this.archive,
      ...FOLDERS.map((folder) => `/${folder}`),
    );
    shared.alarms.add(this, 'Quarantined', {
      severity: 'SEV2',
      metric: customMetric(config.stage, 'ingest', 'RecordsQuarantined', Duration.minutes(5)),
      threshold: 100,
      periods: 3,
      means: 'Many records break the contract: a producer has changed.',
      section: 'quarantine',
    });
  }

  private archiveOf(shared: Shared): IBucket {
    const { archiveBucket: brought } = shared.config.existing;
    if (!brought) return bucket(this, 'Archive', shared, shared.config.settings.retentionDays);
    const encryptionKey = brought.kmsKeyArn ? Key.fromKeyArn(this, 'ArchiveKey', brought.kmsKeyArn) : undefined;
    const bucketName = brought.name;
    return Bucket.fromBucketAttributes(this, 'Archive', { bucketName, ...(encryptionKey ? { encryptionKey } : {}) });
  }
}
