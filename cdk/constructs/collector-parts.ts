/** Parts that several collectors share: the hold, queues of work, and rights to other people's buckets. */
import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../rules.ts';
import type { ObservedFunction } from './observed-function.ts';
import { bucket, type Shared } from './shared.ts';

/** As long as the dead-letter queue keeps what tells of its objects. */
const HELD_DAYS = 14;

/** Tells of its objects through EventBridge. Set on the template: the CDK would add a function that nobody watches. */
export function holdBucket(scope: Construct, shared: Shared): IBucket {
  const made = bucket(scope, 'Hold', shared, HELD_DAYS);
  (made.node.defaultChild as CfnBucket).addPropertyOverride('NotificationConfiguration', {
    EventBridgeConfiguration: { EventBridgeEnabled: true },
  });
  return made;
}

export interface WorkQueueProps {
  deadLetters: IQueue;
  /** For which a message is out of sight while it is worked on: six times the function's limit. */
  minutes: number;
  /** Tries before it goes to the dead letters. */
  receives?: number;
  delay?: Duration;
}

/** A queue that feeds a function; its oldest message says how far behind the function is. */
export function workQueue(scope: Construct, id: string, shared: Shared, props: WorkQueueProps): Queue {
  const { key, alarms } = shared;
  const queue = new Queue(scope, id, {
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    visibilityTimeout: Duration.minutes(props.minutes),
    deadLetterQueue: { queue: props.deadLetters, maxReceiveCount: props.receives ?? 5 },
    ...(props.delay ? { deliveryDelay: props.delay } : {}),
    ...(key
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key }
      : { encryption: QueueEncryption.SQS_MANAGED }),
  });
  alarms.add(queue, 'Behind', {
    severity: 'SEV2',
    metric: queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
    threshold: Duration.hours(2).toSeconds(),
    periods: 3,
    means: 'A collector is two hours behind.',
    section: 'collect-behind',
  });
  return queue;
}

export interface ObjectsIntoProps {
  bucket: string;
  prefix: string;
  collector: ObservedFunction;
  deadLetters: IQueue;
  /** For what the rule could not put into the queue. */
  undelivered: IQueue;
  receives: number;
  delay?: Duration;
}

/** New objects of a bucket, through EventBridge and a queue, to a function. Gives the address of the queue. */
export function objectsInto(scope: Construct, id: string, shared: Shared, props: ObjectsIntoProps): string {
  const { deadLetters, receives, delay } = props;
  const queue = workQueue(scope, `${id}New`, shared, {
    deadLetters,
    receives,
    minutes: 30,
    ...(delay ? { delay } : {}),
  });
  new Rule(scope, `${id}Rule`, {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        bucket: { name: [props.bucket] },
        ...(props.prefix === '' ? {} : { object: { key: [{ prefix: props.prefix }] } }),
      },
    },
    targets: [
      new SqsQueue(queue, { deadLetterQueue: props.undelivered, retryAttempts: 20, maxEventAge: Duration.hours(12) }),
    ],
  });
  readQueue(props.collector, queue, 10);
  return queue.queueUrl;
}

/** Ten runs at a time at most: what comes faster waits in the queue. */
const RUNS_AT_ONCE = 10;

export function readQueue(collector: ObservedFunction, queue: IQueue, batchSize: number): void {
  collector.function.addEventSource(
    new SqsEventSource(queue, {
      batchSize,
      maxBatchingWindow: Duration.seconds(10),
      maxConcurrency: RUNS_AT_ONCE,
      reportBatchItemFailures: true,
    }),
  );
  acknowledge(
    collector.function,
    'A queue keeps what failed in its own dead-letter queue.',
    'Serverless::Serverless-LambdaEventSourceMappingDestination',
  );
}

/** Reading the objects of a bucket outside of the stack; a missing one must not read as "access denied". */
export function readBucket(
  collector: ObservedFunction,
  { name, prefix, kmsKeyArn }: { name: string; prefix: string; kmsKeyArn?: string | undefined },
): void {
  const logs = Bucket.fromBucketName(collector, `Logs-${name}`, name);
  collector.allow(['s3:GetObject'], [logs.arnForObjects(`${prefix}*`)]);
  collector.allow(['s3:ListBucket'], [logs.bucketArn]);
  if (kmsKeyArn) collector.allow(['kms:Decrypt'], [kmsKeyArn]);
  acknowledge(
    collector.role,
    'One object per log file, below the configured prefix of this one bucket.',
    `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${name}/${prefix}*]`,
  );
}
