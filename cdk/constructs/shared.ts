/** What every construct of the stack is given: the stage's configuration, its key, its alarms, its removal policy. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, type CfnGlobalTable, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { acknowledge, acknowledgeBelow } from '../rules.ts';
import type { AlarmSpec, Alarms, Severity } from './alarms.ts';

export interface Shared {
  config: StageConfig;
  /** Of the program that is deployed. */
  version: string;
  /** Queues of what was given up, as they are made. */
  deadLetters: Queue[];
  /** Present when the stage asks for a customer-managed key. */
  key?: IKey;
  alarms: Alarms;
  accessLogs: IBucket;
}

export function removalPolicy(config: StageConfig): RemovalPolicy {
  return config.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/** Partition key `pk`, sort key `sk`, expiry `expires` (seconds since 1970). */
export function table(scope: Construct, id: string, shared: Shared, maxWriteUnits?: number): TableV2 {
  const { config, key } = shared;
  const made = new TableV2(scope, id, {
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expires',
    billing: Billing.onDemand(maxWriteUnits === undefined ? {} : { maxWriteRequestUnits: maxWriteUnits }),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: config.protect,
    removalPolicy: removalPolicy(config),
  });
  if (key) encryptWith(key, made);
  return made;
}

export interface TableWatch {
  /** Part of the alarms' names, and of what they say. */
  name: string;
  table: TableV2;
  /** Section of the alarm in which it always ends where one side of the table is refused for long. */
  endsIn?: { Read?: string; Write?: string };
}

export function watchTable(scope: Construct, { alarms }: Shared, { name, table, endsIn = {} }: TableWatch): void {
  for (const side of ['Read', 'Write'] as const) {
    const spec: AlarmSpec = {
      severity: 'SEV2',
      metric: table.metric(`${side}ThrottleEvents`, { period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 1,
      periods: 3,
      means: `DynamoDB refuses requests to the ${name.toLowerCase()} table: it is at its ceiling, or one item is too hot.`,
      section: 'table-throttled',
    };
    const end = endsIn[side];
    if (end) alarms.early(scope, `${name}${side}Throttled`, { ...spec, endsIn: end });
    else alarms.add(scope, `${name}${side}Throttled`, spec);
  }
}

/** Set on the template: the CDK takes a customer-managed key for this table only where the stack's Region is fixed. */
function encryptWith(key: IKey, table: TableV2): void {
  const resource = table.node.defaultChild as CfnGlobalTable;
  resource.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' });
  resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
}

/** A private bucket whose objects are deleted after so many days, or after those of their folder. */
export function bucket(scope: Construct, id: string, shared: Shared, days: number | Record<string, number>): IBucket {
  const { config, key, accessLogs } = shared;
  const made = new Bucket(scope, id, {
    ...privateBucket(key),
    serverAccessLogsBucket: accessLogs,
    serverAccessLogsPrefix: `${id}/`,
    lifecycleRules: Object.entries(typeof days === 'number' ? { '': days } : days).map(([prefix, each]) => ({
      ...(prefix ? { prefix } : {}),
      expiration: Duration.days(each),
      abortIncompleteMultipartUploadAfter: Duration.days(1),
    })),
    removalPolicy: removalPolicy(config),
  });
  // The CDK's own types disagree on optional properties that may be undefined.
  return made as IBucket;
}

export function accessLogBucket(scope: Construct, id: string, config: StageConfig): IBucket {
  const logs = new Bucket(scope, id, {
    ...privateBucket(undefined),
    lifecycleRules: [{ expiration: Duration.days(90) }],
    removalPolicy: removalPolicy(config),
  });
  acknowledge(
    logs,
    'This bucket holds the access logs; logging its own writes would never end.',
    'AwsSolutions::AwsSolutions-S1',
  );
  return logs as IBucket;
}

export function privateBucket(key: IKey | undefined) {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...(key
      ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
  };
}

/** Keeps what could not be delivered for 14 days, and says so. */
export function deadLetters(
  scope: Construct,
  id: string,
  shared: Shared,
  means: string,
  { severity = 'SEV2', section = 'dead-letters' }: { severity?: Severity; section?: string } = {},
): Queue {
  const { key, alarms } = shared;
  const queue = new Queue(scope, id, {
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    ...(key
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key }
      : { encryption: QueueEncryption.SQS_MANAGED }),
  });
  acknowledge(
    queue,
    'This queue is itself the place for undelivered messages; an alarm watches it.',
    'AwsSolutions::AwsSolutions-SQS3',
    'Serverless::Serverless-SQSRedrivePolicy',
  );
  alarms.add(queue, 'NotEmpty', {
    severity,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' }),
    threshold: 1,
    periods: 2,
    means,
    section,
  });
  shared.deadLetters.push(queue);
  return queue;
}

/** Only schedules of this account may take the role; `target` is a function whose versions it may invoke. */
export function schedulerRole(scope: Construct, { key }: Shared, target?: IConstruct): Role {
  const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
  const role = new Role(scope, 'SchedulerRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions }),
  });
  // For the queue of what it gave up on: with a key of its own, that queue takes nothing from whoever may not use the key.
  if (key)
    role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }));
  if (target) acknowledgeBelow(role, 'The versions of this one function.', target, ':*');
  return role;
}
