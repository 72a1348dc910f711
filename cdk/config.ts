/**
 * What each stage deploys. Edit here, then `npm run diff -- --stage prod` and `npm run deploy -- --stage prod`.
 * A wrong, missing or contradictory value stops synthesis with one line that names the setting.
 */
import * as z from 'zod';
import { parseSettings, type Settings, type SettingsInput } from '../core/settings.ts';
import { sourceSettingsSchema } from '../core/sources/settings.ts';
import { contradiction } from './contradictions.ts';

const address = z.string().regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'not an e-mail address');
const HOURS = [1, 2, 3, 4, 6, 8, 12, 24] as const;
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90] as const;

const secretArn = z
  .string()
  .regex(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/, 'not the full ARN of a secret');

const arnOf = (service: string, resource: string, what: string) =>
  z.string().regex(new RegExp(`^arn:[a-z-]+:${service}:[a-z0-9-]+:\\d{12}:${resource}$`), `not the ARN of ${what}`);
const keyArn = arnOf('kms', 'key/[A-Za-z0-9-]+', 'a KMS key; an alias is not one');

const bucketOf = z.strictObject({
  /** Of this account and Region, with EventBridge notifications turned on. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'not the name of a bucket'),
  /** Only objects below it are read, as `logs/`. */
  prefix: z.string().max(512).default(''),
  /** KMS key of the bucket, where it has one of its own. */
  kmsKeyArn: z.string().startsWith('arn:', 'not an ARN').optional(),
});

/** Gateways and logs that the stack reads by itself. Each is off unless it is named here. */
const collectorsSchema = z.strictObject({
  /**
   * Minutes without anything from one of them after which somebody is told; the one that writes most rarely sets it.
   * Left out: as for the stage. 0: nobody is told.
   */
  silenceMinutes: z.union([z.literal(0), z.number().int().min(5).max(1440)]).optional(),
  /** Which attributes name the account and the organisation, by source: `core/sources/settings.ts`. */
  sources: sourceSettingsSchema,
  /** Bedrock's invocation logs, as it writes them to a bucket. */
  bedrockBucket: bucketOf.optional(),
  /** Bedrock's invocation logs, as it writes them to a log group; `bodies`: its bucket for large data. */
  bedrockLogGroup: z.strictObject({ name: z.string().min(1).max(512), bodies: bucketOf.optional() }).optional(),
  /** CloudTrail's bucket: adds network and client to Bedrock's exchanges, which wait for it so many minutes. */
  cloudTrail: bucketOf.extend({ waitMinutes: z.number().int().min(1).max(15).default(15) }).optional(),
  /** LiteLLM's payloads, as its S3 logger writes them. */
  litellmBucket: bucketOf.optional(),
  /** A queue for LiteLLM's SQS logger. */
  litellmQueue: z.boolean().default(false),
  /** A URL for LiteLLM's HTTP logger, OTLP in JSON and CloudEvents. */
  http: z
    .strictObject({
      accept: z
        .array(z.enum(['litellm', 'otel', 'cloudevents']))
        .min(1)
        .max(3),
      /** `iam`: callers sign with AWS credentials. `hmac`: with a secret that the stack makes. */
      auth: z.enum(['iam', 'hmac']),
      /** Requests at one time, taken out of the account's quota; beyond it callers get 429. */
      concurrency: z.number().int().min(1).max(1000).default(20),
    })
    .optional(),
});

/** The key under which identifiers become fingerprints. The stack has one wherever it has collectors. */
const keysSchema = z.strictObject({
  /**
   * ARN of a secret of 64 hex digits, of this account and Region and under the AWS-managed key, which your own gateway
   * fingerprints under too. Left out: the stack makes a key of its own.
   */
  secret: secretArn.optional(),
  /** Days from one rotation to the next. 0: only by hand. A secret of your own is rotated where you say so here. */
  rotateDays: z.union([z.literal(0), z.number().int().min(60).max(999)]).optional(),
  /** Days for which names stay as they are while the later ones are noted; whoever is not seen in them is cut off. */
  overlapDays: z.number().int().min(1).max(45).default(30),
});

/** Where messages go beside the topic of findings. Each is off unless it is named here: `docs/channels.md`. */
const channelsSchema = z.strictObject({
  /** A topic of its own for Amazon Q Developer in chat applications. */
  chat: z.boolean().default(false),
  /** `secret`: holds the routing key of an Events API v2 integration. */
  pagerduty: z.strictObject({ secret: secretArn }).optional(),
  /** `secret`: holds the signing key, `whsec_` and the base64 of 24 bytes or more. */
  webhook: z
    .strictObject({ url: z.url({ protocol: /^https$/, error: 'not an https address' }), secret: secretArn })
    .optional(),
  /** By SES. `sender` must be a verified identity of the account and Region. */
  mail: z
    .strictObject({
      sender: address,
      recipients: z.array(address).min(1).max(50),
      /** Who is mailed too when nobody took a finding on; each may be left out. When: `docs/cases.md`. */
      roles: z
        .strictObject({
          /** SEV1, after 30 minutes. */
          secondOnCall: address.optional(),
          /** SEV2, after 8 hours. */
          abuseLead: address.optional(),
          /** SEV1, after 2 hours, and SEV2, after 24. */
          securityLeader: address.optional(),
        })
        .prefault({}),
    })
    .optional(),
});

/**
 * What is there already and is used instead of being made, all of the stack's account and Region. It stays its owner's:
 * policy, encryption, retention and deletion are not touched. What its owner grants: `docs/deploy.md`.
 */
const existingSchema = z.strictObject({
  /** ARN of the bus of records and findings. Who may put events on it could write a finding, too. */
  bus: arnOf('events', 'event-bus/.+', 'a bus').optional(),
  /** Stream of records. `streamDays` must say what it keeps; `keyArn` is its key, where it has one of its own. */
  stream: z.strictObject({ arn: arnOf('kinesis', 'stream/.+', 'a stream'), keyArn: keyArn.optional() }).optional(),
  /** ARN of the KMS key for everything at rest, in place of `customerKey`. */
  key: keyArn.optional(),
  /** Bucket of the record archive, below `usage/`, `account/` and `release/`. Its owner lets objects expire. */
  archiveBucket: bucketOf.omit({ prefix: true }).optional(),
  /** Topic of findings; `keyArn` is its key, where it has one of its own. */
  findingsTopic: z.strictObject({ arn: arnOf('sns', '[^:]+', 'a topic'), keyArn: keyArn.optional() }).optional(),
  /** ARN of the topic of alarms, of which CloudWatch must be allowed to publish. */
  alarmTopic: arnOf('sns', '[^:]+', 'a topic').optional(),
});

export const stageSchema = z.strictObject({
  /** Production preset: deletion and termination protection, and data that outlives the stack. */
  protect: z.boolean(),
  /** One customer-managed KMS key for everything at rest, at 1 USD a month and more per call. Off: AWS-owned keys. */
  customerKey: z.boolean().default(false),
  /**
   * Where records wait. `queue`: costs next to nothing while nothing is sent, and $0.12 to $1.20 in calls per million records.
   * `stream`: costs by the hour, and less per record of many; keeps records for days, to be read again.
   */
  intake: z.enum(['stream', 'queue']).default('stream'),
  /** Shards to provision, 1 MB/s or 1,000 records/s each; `on-demand` scales by itself but has a higher floor price. */
  stream: z.union([z.literal('on-demand'), z.number().int().min(1).max(200)]).optional(),
  /**
   * Seconds for which records are gathered before they are counted, or until 6 MB of them are there. Each account-day,
   * object of the archive and log line is then written once for all of them: the longer, the cheaper.
   */
  batchSeconds: z.number().int().min(1).max(300).default(300),
  /** Days the stream keeps records, to read them again after an outage. Left out: 7. */
  streamDays: z.number().int().min(1).max(365).optional(),
  /** Days that events of the bus are kept for replay; 0 keeps none. Records that did not come by the bus are not in it. */
  archiveDays: z.number().int().min(0).max(400).default(30),
  /** A sweep starts each time this many hours have passed since midnight UTC. */
  sweepEveryHours: z.literal(HOURS),
  /** Parts in which a sweep loads the accounts, side by side. */
  segments: z.number().int().min(1).max(256),
  /** Memory of the sweep, which holds columns of every account: about 1.4 KB each, and 0.3 GB besides. */
  sweepMemoryMb: z.number().int().min(1769).max(10_240).default(4096),
  /** Ceiling of DynamoDB write units a second on the aggregates: a cost limit. Above it ingest slows down. */
  maxWriteUnits: z.number().int().min(10).optional(),
  /** Minutes without any usage after which somebody is told; the platform's quietest time sets it. */
  silenceMinutes: z.number().int().min(5).max(1440),
  logDays: z.literal(LOG_DAYS).default(30),
  /**
   * `few`: without those that announce early what another alarm tells in the end; half as many, at $0.10 a month each.
   * Nobody is told later of anything that is lost.
   */
  alarms: z.enum(['all', 'few']).default('all'),
  /** One screen in CloudWatch, at $3 a month; an account has three for nothing. */
  dashboard: z.boolean().default(true),
  /**
   * USD a month for what the stack made, above which, spent or forecast, somebody is told. Left out: nobody is. The tag
   * `aws:cloudformation:stack-name` must be active as a cost allocation tag of the account.
   */
  monthlyBudgetUsd: z.number().min(1).optional(),
  /** Keeps the payload of quarantined records. Off by default: a record that breaks the contract may hold a prompt. */
  keepQuarantinedPayload: z.boolean().default(false),
  /** Who is told of findings. Each address gets one message to confirm. `[]`: you subscribe to the topic yourself. */
  alertEmails: z.array(address).optional(),
  channels: channelsSchema.prefault({}),
  /** Who is told that Stillwatch itself is unwell. `[]`: you subscribe to the topic of alarms yourself. */
  alarmEmails: z.array(address).optional(),
  existing: existingSchema.prefault({}),
  /** Accounts beside the stack's own that may send records. Left out: none. */
  senders: z
    .strictObject({
      /** Every account of this AWS organisation: on the bus, and on stream or queue by the role `SenderRoleArn`. */
      organisation: z.string().regex(/^o-[a-z0-9]{10,32}$/, 'not the id of an organisation, as o-a1b2c3d4e5'),
    })
    .optional(),
  /** Digest and weekly report by SES. `sender` must be a verified identity of the account and Region. */
  report: z
    .strictObject({
      /** `day`: a digest of days that have something to say; `week`: always. */
      every: z
        .array(z.enum(['day', 'week']))
        .min(1)
        .default(['day', 'week']),
      sender: address,
      recipients: z.array(address).min(1).max(50),
      /** When readers get it, Mondays for a week. Days and weeks end at midnight UTC; send after that and the sweep. */
      hour: z.number().int().min(0).max(23).default(7),
      /** IANA name, as Europe/Berlin. */
      timeZone: z
        .string()
        .regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/, 'not the name of a time zone')
        .default('Etc/UTC'),
      /** https; takes the POST by which a reader leaves the list with one click (RFC 8058). Mail to the sender otherwise. */
      unsubscribeUrl: z.url({ protocol: /^https$/, error: 'not an https address' }).optional(),
    })
    .optional(),
  /** What people need to make dossiers of this deployment's findings: `docs/dossier.md`. Left out: your own rights and key. */
  dossier: z
    .strictObject({
      /** Makes a KMS key that signs each manifest, at 1 USD a month. Left out: signed with a key file, or not. */
      sign: z.enum(['ecdsa-p256', 'rsa-pss']).optional(),
      /** Makes a bucket under object lock, where `--hold` puts records under a legal hold: nobody can delete them before it is lifted. */
      hold: z.boolean().default(false),
    })
    .optional(),
  /** Fingerprint keys, their rotation, and who is told what a value is called: `docs/keys.md`. */
  keys: keysSchema.optional(),
  /** Logs of other systems that are collected; none by default. */
  collectors: collectorsSchema.optional(),
  /** Detection, lifecycle and message settings that differ from the defaults in `core/settings.ts`. */
  settings: z.custom<SettingsInput>((value) => typeof value === 'object' && value !== null).prefault({}),
});

export type StageInput = z.input<typeof stageSchema>;
export type StageConfig = Omit<z.output<typeof stageSchema>, 'settings'> & { stage: string; settings: Settings };

/** For a small team: what it costs while nothing happens is in `docs/idle-cost.md`. */
const SMALL = {
  intake: 'queue',
  alarms: 'few',
  dashboard: false,
  batchSeconds: 10,
  sweepEveryHours: 24,
  segments: 4,
  silenceMinutes: 1440,
} as const satisfies Partial<StageInput>;

export const STAGES: Record<string, StageInput> = {
  dev: { ...SMALL, protect: false, archiveDays: 0, logDays: 7 },
  small: { ...SMALL, protect: true },
  prod: { protect: true, stream: 'on-demand', sweepEveryHours: 6, segments: 32, silenceMinutes: 30 },
};

/** Days for which the stream keeps records. */
export function streamDaysOf({ streamDays = 7 }: StageConfig): number {
  return streamDays;
}

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** A protected stage must say who hears of findings and who of alarms; throws a `ConfigError` where it does not. */
export function checkHeard(config: StageConfig): void {
  const [setting] = unheard(config);
  if (config.protect && setting !== undefined) throw new ConfigError(`cdk/config.ts: ${silent(config.stage, setting)}`);
}

export function silent(stage: string, setting: string): string {
  return `${stage}.${setting}: missing: nobody would be told. Name addresses, or [] if you subscribe to the topic yourself`;
}

/** Settings without which a kind of message reaches nobody. */
export function unheard({ alertEmails, alarmEmails, channels, existing }: StageConfig): string[] {
  const { chat, ...others } = channels;
  const told = chat || Object.values(others).some((channel) => channel !== undefined);
  return [
    ...(alertEmails === undefined && !told && !existing.findingsTopic ? ['alertEmails'] : []),
    ...(alarmEmails === undefined && !existing.alarmTopic ? ['alarmEmails'] : []),
  ];
}

/** Throws a `ConfigError` of one line that names the stage and the setting. */
export function stageConfig(stage: string, stages: Record<string, StageInput> = STAGES): StageConfig {
  const input = stages[stage];
  if (input === undefined) {
    throw new ConfigError(`stage: "${stage}" is not in cdk/config.ts; choose one of ${Object.keys(stages).join(', ')}`);
  }
  if (!/^[a-z0-9-]{1,32}$/.test(stage)) {
    throw new ConfigError(`stage: "${stage}" is part of names: lower-case letters, digits and - only, 32 at most`);
  }
  const result = stageSchema.safeParse(input);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new ConfigError(`cdk/config.ts: ${[stage, ...issue.path].join('.')}: ${issue.message}`);
  }
  const wrong = contradiction(result.data);
  if (wrong !== undefined) throw new ConfigError(`cdk/config.ts: ${stage}.${wrong}`);
  const keys = result.data.keys ?? (result.data.collectors && keysSchema.parse({}));
  return { ...result.data, stage, keys, settings: settingsOf(stage, result.data.settings) };
}

function settingsOf(stage: string, settings: SettingsInput): Settings {
  try {
    return parseSettings({ deployment: stage, ...settings });
  } catch (error) {
    throw new ConfigError(`cdk/config.ts: ${stage}.settings.${(error as Error).message}`);
  }
}
