/** Reads the logs of gateways and of AWS, and puts records where ingest takes them. Each collector exists only where it is asked for. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CallsEnv } from '../../lambdas/collect/calls/env.ts';
import type { CollectEnv } from '../../lambdas/collect/env.ts';
import type { HeldEnv } from '../../lambdas/collect/held/env.ts';
import type { HttpEnv } from '../../lambdas/collect/http/env.ts';
import type { LogsEnv } from '../../lambdas/collect/logs/env.ts';
import type { ObjectsEnv } from '../../lambdas/collect/objects/env.ts';
import type { StageConfig } from '../config.ts';
import { acknowledge, acknowledgeBelow } from '../rules.ts';
import { holdBucket, objectsInto, readBucket, readQueue, workQueue } from './collector-parts.ts';
import { customMetric } from './custom-metric.ts';
import type { Keys } from './keys.ts';
import { ObservedFunction, type ObservedFunctionProps } from './observed-function.ts';
import type { Records } from './records.ts';
import { deadLetters, type Shared, table } from './shared.ts';

type Config = NonNullable<StageConfig['collectors']>;
type Env<T> = Record<keyof T, string>;

export interface CollectorsProps {
  shared: Shared;
  collectors: Config;
  records: Records;
  /** On while nothing arrives from anywhere. */
  silence: Alarm;
  keys: Keys;
  /** Bucket of what is set aside. */
  setAside: IBucket;
}

export class Collectors extends Construct {
  /** Present where the collector is. */
  readonly url?: string;
  readonly signingSecret?: string;
  readonly litellmQueue?: string;
  /** Addresses of the queues that tell of objects, by the collector that reads them. */
  readonly objectQueues = new Map<string, string>();
  private readonly props: CollectorsProps;
  private readonly hold: IBucket;
  private readonly uncollected: Queue;
  private readonly undelivered: Queue;
  private readonly calls: TableV2 | undefined;

  constructor(scope: Construct, id: string, props: CollectorsProps) {
    super(scope, id);
    this.props = props;
    const { shared, collectors } = props;
    this.hold = holdBucket(this, shared);
    this.uncollected = deadLetters(this, 'Uncollected', shared, 'A collector failed on a message again and again.');
    this.undelivered = deadLetters(this, 'Undelivered', shared, 'A collector was not told of an object of a bucket.');
    this.calls = collectors.cloudTrail ? this.trail(collectors.cloudTrail) : undefined;
    this.held();
    if (collectors.bedrockBucket) this.objects('BedrockObjects', 'bedrock', collectors.bedrockBucket);
    if (collectors.litellmBucket) this.objects('LitellmObjects', 'litellm', collectors.litellmBucket);
    if (collectors.bedrockLogGroup) this.logGroup(collectors.bedrockLogGroup);
    if (collectors.litellmQueue) this.litellmQueue = this.queue();
    if (collectors.http) Object.assign(this, this.http(collectors.http));
    this.watch();
  }

  /** Exchanges that Bedrock logged wait for CloudTrail, whichever way they come. */
  private get join(): LogsEnv['JOIN'] {
    return this.calls ? 'wait' : 'none';
  }

  private objects(id: string, format: ObjectsEnv['FORMAT'], bucket: NonNullable<Config['bedrockBucket']>): void {
    const source = `${format}-objects`;
    const collector = this.function(id, 'objects', {
      description: `Reads the ${format} logs of a bucket.`,
      source,
      environment: {
        ...this.common(),
        FORMAT: format,
        BUCKET: bucket.name,
        JOIN: format === 'bedrock' ? this.join : 'none',
      } satisfies Env<ObjectsEnv>,
    });
    this.feed(collector, id, bucket);
  }

  private logGroup({ name, bodies }: NonNullable<Config['bedrockLogGroup']>): void {
    const { shared } = this.props;
    const collector = this.function('BedrockLogs', 'logs', {
      description: 'Reads the Bedrock logs of a log group.',
      source: 'bedrock-logs',
      deadLetters: deadLetters(
        this,
        'LogsFailed',
        shared,
        'A batch of a log group was not collected after three tries.',
      ),
      environment: {
        ...this.common(),
        BODIES_BUCKET: bodies?.name ?? '',
        JOIN: this.join,
      } satisfies Env<LogsEnv>,
    });
    if (bodies) readBucket(collector, bodies);
    const { region, account, partition } = Stack.of(this);
    collector.function.addPermission('Logs', {
      principal: new ServicePrincipal('logs.amazonaws.com'),
      sourceAccount: account,
      sourceArn: `arn:${partition}:logs:${region}:${account}:log-group:${name}:*`,
    });
    // Depends on the function and what is in it: CloudWatch Logs refuses a destination that it may not call yet.
    const filter = new CfnSubscriptionFilter(this, 'Subscription', {
      logGroupName: name,
      filterPattern: '',
      destinationArn: collector.function.functionArn,
    });
    filter.node.addDependency(collector.function);
  }

  private queue(): string {
    const { shared } = this.props;
    const collector = this.function('LitellmQueue', 'queue', {
      description: 'Reads the LiteLLM payloads of a queue.',
      source: 'litellm-queue',
      environment: this.common(),
    });
    const queue = workQueue(this, 'LitellmMessages', shared, { deadLetters: this.uncollected, minutes: 30 });
    readQueue(collector, queue, 100);
    return queue.queueUrl;
  }

  private http({ accept, auth, concurrency }: NonNullable<Config['http']>) {
    const { shared } = this.props;
    const secret = auth === 'hmac' ? this.secret() : undefined;
    const collector = this.function('Http', 'http', {
      description: 'Takes records over HTTP.',
      source: accept.map((name) => `${name}-http`),
      concurrency,
      timeout: Duration.seconds(30),
      environment: {
        ...this.common(),
        ACCEPT: accept.join(','),
        AUTH: auth,
        SIGNING_SECRET: secret?.secretArn ?? '',
      } satisfies Env<HttpEnv>,
    });
    if (secret) collector.allow(['secretsmanager:GetSecretValue'], [secret.secretArn]);
    const url = collector.function.addFunctionUrl({
      authType: auth === 'iam' ? FunctionUrlAuthType.AWS_IAM : FunctionUrlAuthType.NONE,
    });
    shared.alarms.add(this, 'Refused', {
      severity: 'SEV3',
      metric: customMetric(shared.config.stage, 'collect/http', 'RequestsRefused', Duration.minutes(5)),
      threshold: 20,
      periods: 3,
      means: 'Many requests to the URL are refused: a wrong secret, a wrong clock or a wrong address.',
      section: 'collect-refused',
    });
    return { url: url.url, ...(secret ? { signingSecret: secret.secretArn } : {}) };
  }

  private secret(): Secret {
    const { key } = this.props.shared;
    const secret = new Secret(this, 'SigningSecret', {
      description: 'Stillwatch: signs what is sent to the URL of the collectors.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      ...(key ? { encryptionKey: key } : {}),
    });
    acknowledge(
      secret,
      'Its senders are outside of the stack: it is rotated by hand, and the one before stays valid meanwhile.',
      'AwsSolutions::AwsSolutions-SMG4',
    );
    return secret;
  }

  private trail(bucket: NonNullable<Config['cloudTrail']>): TableV2 {
    const { shared } = this.props;
    const calls = table(this, 'Calls', shared);
    for (const side of ['Read', 'Write']) {
      shared.alarms.add(this, `Calls${side}Throttled`, {
        severity: 'SEV2',
        metric: calls.metric(`${side}ThrottleEvents`, { period: Duration.minutes(5), statistic: 'Sum' }),
        threshold: 1,
        periods: 3,
        means: 'DynamoDB refuses requests to the table of calls: exchanges go out without network and client, or late.',
        section: 'table-throttled',
      });
    }
    const { keys } = this.props;
    const collector = this.function('CloudTrail', 'calls', {
      description: 'Keeps address and client of the Bedrock calls that CloudTrail logged.',
      source: 'cloudtrail',
      puts: false,
      environment: {
        BUCKET: bucket.name,
        CALLS_TABLE: calls.tableName,
        QUARANTINE_BUCKET: this.props.setAside.bucketName,
        ...keys.namesEnv,
      } satisfies Env<CallsEnv>,
    });
    collector.allow(['dynamodb:PutItem'], [calls.tableArn]);
    this.feed(collector, 'CloudTrail', bucket);
    return calls;
  }

  /** Sends on what waits in the hold; it never holds again, so that nothing goes round in circles. */
  private held(): void {
    const { shared, records, setAside, collectors } = this.props;
    const collector = this.function('Held', 'held', {
      description: 'Sends on what was held, joined with its calls.',
      source: 'held',
      key: false,
      environment: {
        RECORDS_TO: records.address,
        QUARANTINE_BUCKET: setAside.bucketName,
        HOLD_BUCKET: this.hold.bucketName,
        CALLS_TABLE: this.calls?.tableName ?? '',
      } satisfies Env<HeldEnv>,
    });
    collector.allow(['s3:GetObject'], [this.hold.arnForObjects('held/*')]);
    collector.allow(['s3:ListBucket'], [this.hold.bucketArn]);
    if (this.calls) collector.allow(['dynamodb:BatchGetItem'], [this.calls.tableArn]);
    const queue = objectsInto(this, 'Held', shared, {
      bucket: this.hold.bucketName,
      prefix: 'held/',
      collector,
      deadLetters: this.uncollected,
      undelivered: this.undelivered,
      // A stream that refuses for hours: 100 times half an hour is two days.
      receives: 100,
      ...(collectors.cloudTrail ? { delay: Duration.minutes(collectors.cloudTrail.waitMinutes) } : {}),
    });
    this.objectQueues.set('Held', queue);
  }

  private feed(collector: ObservedFunction, id: string, bucket: NonNullable<Config['bedrockBucket']>): void {
    readBucket(collector, bucket);
    const queue = objectsInto(this, id, this.props.shared, {
      bucket: bucket.name,
      prefix: bucket.prefix,
      collector,
      deadLetters: this.uncollected,
      undelivered: this.undelivered,
      receives: 5,
    });
    this.objectQueues.set(id, queue);
  }

  private common(): Env<CollectEnv> {
    const { records, setAside, collectors, keys } = this.props;
    return {
      RECORDS_TO: records.address,
      QUARANTINE_BUCKET: setAside.bucketName,
      HOLD_BUCKET: this.hold.bucketName,
      ...keys.namesEnv,
      ATTRIBUTION: JSON.stringify(collectors.sources),
    };
  }

  /** A function with the rights that all collectors of its kind need, and no other. */
  private function(
    id: string,
    transport: string,
    {
      source,
      puts = true,
      key = true,
      ...props
    }: Pick<ObservedFunctionProps, 'description' | 'environment' | 'concurrency' | 'deadLetters'> & {
      timeout?: Duration;
      /** Names in the quarantine. */
      source: string | string[];
      /** Whether it puts records where ingest takes them, or into the hold. */
      puts?: boolean;
      /** Whether it fingerprints. */
      key?: boolean;
    },
  ): ObservedFunction {
    const { shared, records, setAside, keys } = this.props;
    const made = new ObservedFunction(this, id, {
      shared,
      name: `collect/${transport}`,
      section: 'collect-errors',
      memoryMb: 1769,
      timeout: Duration.minutes(5),
      ...props,
    });
    const quarantines = [source].flat().map((name) => `quarantine/${name}/*`);
    made.allow(
      ['s3:PutObject'],
      quarantines.map((prefix) => setAside.arnForObjects(prefix)),
    );
    const below: [IBucket, string][] = quarantines.map((prefix) => [setAside, prefix]);
    if (puts) {
      made.allow([records.putting.batch], [records.putting.resource]);
      if (transport !== 'held') made.allow(['s3:PutObject'], [this.hold.arnForObjects('held/*')]);
    }
    if (puts) below.push([this.hold, 'held/*']);
    for (const [bucket, prefix] of below) {
      acknowledgeBelow(made.role, 'One object per batch, below this prefix.', bucket, `/${prefix}`);
    }
    if (key) keys.allowNaming(made);
    made.useKey(shared.key, puts ? records.putting.key : undefined);
    if (transport !== 'held') this.watchSilence(made, source);
    return made;
  }

  /** By calls, for two collectors of buckets publish their records under one name. */
  private watchSilence(collector: ObservedFunction, source: string | string[]): void {
    const { shared, collectors, silence } = this.props;
    const minutes = collectors.silenceMinutes ?? shared.config.silenceMinutes;
    if (minutes === 0) return;
    shared.alarms.add(collector, 'Silent', {
      severity: 'SEV2',
      metric: collector.function.metricInvocations({ period: Duration.minutes(minutes) }),
      threshold: 1,
      below: true,
      absence: true,
      unless: silence,
      means: `Nothing came from ${[source].flat().join(', ')} for ${minutes} minutes, though other records arrive.`,
      section: 'collector-silent',
    });
  }

  private watch(): void {
    const { alarms, config } = this.props.shared;
    const { collectors } = this.props;
    const transports = {
      objects: collectors.bedrockBucket ?? collectors.litellmBucket,
      logs: collectors.bedrockLogGroup,
      queue: collectors.litellmQueue || undefined,
      http: collectors.http,
    };
    for (const [transport, used] of Object.entries(transports)) {
      if (used === undefined) continue;
      alarms.add(this, `Quarantined-${transport}`, {
        severity: 'SEV2',
        metric: customMetric(config.stage, `collect/${transport}`, 'RecordsQuarantined', Duration.minutes(5)),
        threshold: 100,
        periods: 3,
        means: 'Much of what a collector is given cannot be read: a format or a setting has changed.',
        section: 'quarantine',
      });
    }
    if (!this.calls) return;
    alarms.add(this, 'Unjoined', {
      severity: 'SEV3',
      metric: customMetric(config.stage, 'collect/held', 'CallsUnjoinedShare', Duration.hours(1)).with({
        statistic: 'Average',
      }),
      threshold: 0.5,
      periods: 3,
      means: 'Half of the Bedrock exchanges go out without network and client: CloudTrail is late, or off.',
      section: 'collect-unjoined',
    });
  }
}
