/** The whole of Stillwatch in one account and Region: records in, sweeps on a schedule, findings and reports out. */
import { Annotations, type App, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { parseSettings, type Settings } from '../core/settings.ts';
import program from '../package.json' with { type: 'json' };
import { type StageConfig, silent, unheard } from './config.ts';
import { Alarms, output } from './constructs/alarms.ts';
import { Audit } from './constructs/audit.ts';
import { budget } from './constructs/budget.ts';
import { Cases } from './constructs/cases.ts';
import { Collectors, type CollectorsProps } from './constructs/collectors.ts';
import { dashboard, partsOf } from './constructs/dashboard.ts';
import { Dossiers } from './constructs/dossiers.ts';
import { guardEvery } from './constructs/guard-every.ts';
import { Ingest } from './constructs/ingest.ts';
import { Intake } from './constructs/intake.ts';
import { Keys } from './constructs/keys.ts';
import { Notifications } from './constructs/notifications.ts';
import { Reports } from './constructs/reports.ts';
import { accessLogBucket, deadLetters, removalPolicy, type Shared, table, watchTable } from './constructs/shared.ts';
import { Sweep } from './constructs/sweep.ts';
import { watchEvery } from './constructs/watch-every.ts';

export interface StillwatchStackProps extends StackProps {
  config: StageConfig;
}

/**
 * Services that put messages into encrypted topics and queues and so must be allowed to use the key. Those of the bus
 * and of SNS carry no source account in their calls to KMS; a condition on it would drop every message in silence.
 */
const KEY_SERVICES = [
  { service: 'budgets', namesItsAccount: true },
  { service: 'cloudwatch', namesItsAccount: true },
  { service: 'events', namesItsAccount: false },
  { service: 'sns', namesItsAccount: false },
];

export class StillwatchStack extends Stack {
  constructor(scope: App, id: string, { config, ...props }: StillwatchStackProps) {
    super(scope, id, {
      description: 'Stillwatch: finds coordinated distillation campaigns in LLM API usage.',
      terminationProtection: config.protect,
      ...props,
    });
    Tags.of(this).add('application', 'stillwatch');
    Tags.of(this).add('stage', config.stage);
    const shared = this.shared(config);
    const aggregates = table(this, 'Aggregates', shared, config.maxWriteUnits);
    const findings = table(this, 'FindingsTable', shared);
    watchTable(this, shared, {
      name: 'Aggregates',
      table: aggregates,
      endsIn: { Read: 'sweep-failed', Write: 'ingest-behind' },
    });
    watchTable(this, shared, {
      name: 'Findings',
      table: findings,
      endsIn: { Read: 'sweep-failed', Write: 'sweep-failed' },
    });
    const cases = new Cases(this, 'Cases', shared);
    const intake = new Intake(this, 'Intake', shared);
    const ingest = new Ingest(this, 'Ingest', {
      shared,
      records: intake.records,
      aggregates,
      silence: intake.silence,
    });
    const audit = new Audit(this, 'Audit', { shared, aggregates, archive: ingest.archive });
    const sweep = new Sweep(this, 'Sweep', { shared, aggregates, findings, intake });
    const notifications = new Notifications(this, 'Notifications', {
      shared,
      bus: intake.bus,
      findings,
      cases: cases.table,
      aggregates,
      sweeps: sweep.bucket,
    });
    output(this, 'BusName', intake.bus.eventBusName, 'Send records here for convenience.');
    const { address, output: told } = intake.records;
    output(this, told.name, address, told.description);
    if (intake.senderRole)
      output(this, 'SenderRoleArn', intake.senderRole.roleArn, 'Taken by other accounts to put records there.');
    output(this, 'FindingsTopicArn', notifications.topic.topicArn, 'Subscribe to findings here.');
    if (notifications.chat)
      output(
        this,
        'ChatTopicArn',
        notifications.chat.topicArn,
        'Let Amazon Q Developer in chat applications read here.',
      );
    output(this, 'FindingsTableName', findings.tableName, 'The command line reads findings here.');
    output(this, 'AggregatesTableName', aggregates.tableName, 'The command line reads what came in here, for reports.');
    output(this, 'DeploymentName', config.settings.deployment, 'As messages name this deployment.');
    output(this, 'SweepHours', String(config.sweepEveryHours), 'Hours between two sweeps.');
    output(this, 'OutboxTableName', notifications.outbox.tableName, 'The command line reads messages here.');
    output(this, 'CasesTableName', cases.table.tableName, 'The command line keeps decisions here.');
    output(this, 'SweepBucketName', sweep.bucket.bucketName, 'The command line reads known accounts here.');
    cases.letPeople({ findings, outbox: notifications.outbox, sweeps: sweep.bucket });
    if (config.dossier)
      new Dossiers(this, 'Dossiers', {
        shared,
        dossier: config.dossier,
        tables: { aggregates, findings, outbox: notifications.outbox, cases: cases.table },
        archive: ingest.archive,
      });
    output(this, 'ArchiveBucketName', ingest.archive.bucketName, 'The command line counts again from here.');
    output(this, 'Settings', settingsText(config.settings), 'The command line counts under the same settings.');
    output(this, 'SetAsideBucketName', ingest.setAside.bucketName, 'The command line reads the quarantine here.');
    output(this, 'AuditFunctionArn', audit.functionArn, 'Counts account-days again from the archive.');
    output(this, 'StateMachineArn', sweep.machine.stateMachineArn, 'Runs a sweep.');
    const keys = this.keys(shared);
    if (config.collectors && keys) {
      const { records, silence } = intake;
      this.collect({ shared, collectors: config.collectors, records, silence, keys, setAside: ingest.setAside });
    }
    // Behind all that has a queue of what was given up, which it counts.
    if (config.report)
      new Reports(this, 'Reports', {
        shared,
        report: config.report,
        tables: { aggregates, findings, outbox: notifications.outbox, cases: cases.table },
        sweep,
        ...(notifications.mail ? { alertMail: notifications.mail } : {}),
      });
    // Last: it looks at everything above.
    watchEvery(this, shared.alarms);
    guardEvery(this);
    if (config.dashboard)
      dashboard(this, { shared, records: intake.records, machine: sweep.machine, ...partsOf(this) });
  }

  /** Where the stack makes fingerprints, or keeps the key for whoever does. */
  private keys(shared: Shared): Keys | undefined {
    const { keys } = shared.config;
    if (keys === undefined) return undefined;
    const made = new Keys(this, 'Keys', { shared, keys });
    output(this, 'FingerprintKeyArn', made.head, 'Names the fingerprint key, or is one.');
    output(this, 'ExplainUrl', made.explainUrl, 'Tells an authorised person what a value is called.');
    return made;
  }

  private collect(props: CollectorsProps): void {
    const made = new Collectors(this, 'Collectors', props);
    if (made.url) output(this, 'CollectorUrl', made.url, 'Send LiteLLM, OTLP and CloudEvents here.');
    if (made.signingSecret) output(this, 'SigningSecretArn', made.signingSecret, 'Signs what is sent to the URL.');
    if (made.litellmQueue) output(this, 'LitellmQueueUrl', made.litellmQueue, 'Let LiteLLM log here.');
    for (const [collector, url] of made.objectQueues)
      output(this, `${collector}QueueUrl`, url, 'The command line lets objects be read again here.');
  }

  private shared(config: StageConfig): Shared {
    const key = this.keyOf(config);
    const keyed = key ? { key } : {};
    const topic = this.alarmTopic(config, key);
    const alarms = new Alarms(topic, config.settings.messages.runbook, config.alarms === 'few');
    const accessLogs = accessLogBucket(this, 'AccessLogs', config);
    const { version } = program;
    const shared: Shared = { config, version, alarms, accessLogs, deadLetters: [], ...keyed };
    this.subscribe(topic, shared);
    if (config.monthlyBudgetUsd !== undefined) budget(this, 'Budget', topic, config.monthlyBudgetUsd);
    return shared;
  }

  private keyOf(config: StageConfig): IKey | undefined {
    if (config.existing.key) return Key.fromKeyArn(this, 'Key', config.existing.key);
    return config.customerKey ? this.key(config) : undefined;
  }

  private alarmTopic({ existing }: StageConfig, key: IKey | undefined): ITopic {
    if (existing.alarmTopic) return Topic.fromTopicArn(this, 'AlarmTopic', existing.alarmTopic);
    return new Topic(this, 'AlarmTopic', { enforceSSL: true, ...(key ? { masterKey: key } : {}) });
  }

  private subscribe(topic: ITopic, shared: Shared): void {
    const { config } = shared;
    const { alarmEmails = [] } = config;
    if (alarmEmails.length > 0) {
      const queue = deadLetters(this, 'AlarmsUndelivered', shared, 'SNS could not deliver an alarm to a subscriber.');
      for (const address of alarmEmails) {
        topic.addSubscription(new EmailSubscription(address, { deadLetterQueue: queue }));
      }
    }
    if (!config.protect) return;
    for (const setting of unheard(config)) {
      Annotations.of(this).addWarningV2(`stillwatch:${setting}`, silent(config.stage, setting));
    }
  }

  private key(config: StageConfig): Key {
    const key = new Key(this, 'Key', {
      description: `Stillwatch ${config.stage}: everything at rest`,
      enableKeyRotation: true,
      removalPolicy: removalPolicy(config),
    });
    const sameAccount = { StringEquals: { 'aws:SourceAccount': this.account } };
    const services = KEY_SERVICES.filter(
      ({ service }) => service !== 'budgets' || config.monthlyBudgetUsd !== undefined,
    );
    for (const { service, namesItsAccount } of services) {
      const principal = new ServicePrincipal(
        `${service}.amazonaws.com`,
        namesItsAccount ? { conditions: sameAccount } : {},
      );
      key.grant(principal, 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey');
    }
    return key;
  }
}

/** Those that differ from what they are when left out. */
function settingsText(settings: Settings): string {
  const usual = parseSettings({});
  const own = Object.entries(settings).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name as keyof Settings]),
  );
  return JSON.stringify(Object.fromEntries(own));
}
