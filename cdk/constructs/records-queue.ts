/** Records in a queue: next to nothing while nothing is sent, and more per record than a stream of many. */
import { Duration } from 'aws-cdk-lib';
import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../rules.ts';
import { DETAIL_TYPES, type Feeding, type Records, type Route } from './records.ts';
import { deadLetters, removalPolicy, type Shared } from './shared.ts';

const PERIOD = Duration.minutes(5);
/** Out of sight while ingest works on it: six times its limit, and beside it the time for which records are gathered. */
const UNSEEN_SECONDS = 720;
/** At one try in 12 minutes a table may refuse for 20 hours. */
const TRIES = 100;
/** As many as Lambda gives; fewer of them fill the 6 MB of a call. */
const RECORDS = 10_000;
/** Batches at one time: as many as a shard of a stream has lanes. */
const RUNS_AT_ONCE = 10;

export class RecordsQueue implements Records {
  readonly output = { name: 'QueueUrl', description: 'Send records here for volume, a message each.' };
  private readonly shared: Shared;
  private readonly queue: Queue;

  constructor(scope: Construct, shared: Shared) {
    const { config, key } = shared;
    this.shared = shared;
    const means = `Records failed ${TRIES} times and were put aside: they are not counted until they are sent again.`;
    const failed = deadLetters(scope, 'GivenUp', shared, means, { section: 'batches-given-up' });
    this.queue = new Queue(scope, 'Queue', {
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.seconds(UNSEEN_SECONDS + config.batchSeconds),
      deadLetterQueue: { queue: failed, maxReceiveCount: TRIES },
      removalPolicy: removalPolicy(config),
      ...(key
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    });
  }

  get address(): string {
    return this.queue.queueUrl;
  }

  get putting() {
    const { queueArn: resource, encryptionMasterKey: key } = this.queue;
    return { actions: ['sqs:SendMessage'], batch: 'sqs:SendMessage', resource, key };
  }

  get routes(): Route[] {
    const target = (deadLetterQueue: IQueue) =>
      new SqsQueue(this.queue, {
        message: RuleTargetInput.fromEventPath('$.detail'),
        deadLetterQueue,
        retryAttempts: 20,
        maxEventAge: Duration.hours(12),
      });
    return [{ id: 'RecordsToQueue', detailTypes: Object.values(DETAIL_TYPES), target }];
  }

  arriving(period: Duration) {
    return this.queue.metricNumberOfMessagesSent({ period, statistic: 'Sum' });
  }

  waiting(period: Duration) {
    return this.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
  }

  feed({ scope, ingest }: Feeding): void {
    ingest.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: RECORDS,
        maxBatchingWindow: Duration.seconds(this.shared.config.batchSeconds),
        maxConcurrency: RUNS_AT_ONCE,
        reportBatchItemFailures: true,
      }),
    );
    acknowledge(
      ingest.function,
      'The queue keeps what failed in its own dead-letter queue.',
      'Serverless::Serverless-LambdaEventSourceMappingDestination',
    );
    // A mapping that was switched off shows here too: what is not taken grows old.
    this.shared.alarms.add(scope, 'Behind', {
      severity: 'SEV1',
      metric: this.waiting(PERIOD),
      threshold: Duration.hours(1).toSeconds(),
      periods: 3,
      means: 'Records wait for an hour: ingest is behind, or takes nothing. They are lost after 14 days.',
      section: 'ingest-behind',
    });
  }
}
