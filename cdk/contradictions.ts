/** Settings that are each valid and cannot be meant together, or of which one is missing. */
import type { SettingsInput } from '../core/settings.ts';
import type { StageConfig } from './config.ts';

type Checked = Omit<StageConfig, 'stage' | 'settings'> & { settings: SettingsInput };

interface Rule {
  /** The setting to change. */
  path: string;
  holds: (config: Checked) => boolean;
  says: string;
}

const readsBedrock = ({ collectors }: Checked) => Boolean(collectors?.bedrockBucket ?? collectors?.bedrockLogGroup);
const readsAnything = (config: Checked) => {
  const { litellmBucket, litellmQueue, http } = config.collectors!;
  return readsBedrock(config) || Boolean(litellmBucket) || litellmQueue || Boolean(http);
};

const RULES: readonly Rule[] = [
  {
    path: 'stream',
    holds: ({ intake, stream, existing }) =>
      intake === 'queue' || stream !== undefined || existing.stream !== undefined,
    says: "missing: a number of shards or 'on-demand', a stream that is there already as existing.stream, or intake: 'queue'",
  },
  {
    path: 'stream',
    holds: ({ intake, stream }) => intake === 'stream' || stream === undefined,
    says: "contradicts intake: 'queue', which makes no stream: leave one of the two out",
  },
  {
    path: 'existing.stream',
    holds: ({ intake, existing }) => intake === 'stream' || existing.stream === undefined,
    says: "contradicts intake: 'queue', which reads no stream: leave one of the two out",
  },
  {
    path: 'streamDays',
    holds: ({ intake, streamDays }) => intake === 'stream' || streamDays === undefined,
    says: "contradicts intake: 'queue', which keeps records for 14 days: leave it out",
  },
  {
    path: 'stream',
    holds: ({ stream, existing }) => stream === undefined || existing.stream === undefined,
    says: 'contradicts existing.stream, whose shards are its owner’s: leave one of the two out',
  },
  {
    path: 'silenceMinutes',
    holds: ({ silenceMinutes, batchSeconds }) => silenceMinutes * 60 >= 2 * batchSeconds,
    says: 'is less than twice batchSeconds: a function that still gathers records would be taken for one that stopped',
  },
  {
    path: 'customerKey',
    holds: ({ customerKey, existing }) => !customerKey || existing.key === undefined,
    says: 'makes a key, and existing.key brings one: leave one of the two out',
  },
  {
    path: 'existing.alarmTopic',
    holds: ({ existing: { alarmTopic, findingsTopic } }) =>
      alarmTopic === undefined || alarmTopic !== findingsTopic?.arn,
    says: 'is the topic of the findings too: who is told that Stillwatch is unwell must not depend on it',
  },
  {
    path: 'senders.organisation',
    holds: ({ senders, existing }) => senders === undefined || existing.bus === undefined,
    says: 'cannot open existing.bus: its owner adds the organisation to the policy of that bus; leave one of the two out',
  },
  {
    path: 'collectors',
    holds: (config) => config.collectors === undefined || readsAnything(config),
    says: 'reads nothing: name a bucket, a log group, litellmQueue or http, or leave it out',
  },
  {
    path: 'collectors.cloudTrail',
    holds: (config) => config.collectors?.cloudTrail === undefined || readsBedrock(config),
    says: 'adds to exchanges that Bedrock logged, and none are read: name bedrockBucket or bedrockLogGroup too',
  },
  {
    path: 'settings.sharedKeys',
    holds: ({ settings, collectors, keys }) =>
      settings.sharedKeys === undefined || keys?.secret !== undefined || (collectors ?? keys) === undefined,
    says: 'shares a key that the stack makes and nobody else has: name the key of the group as keys.secret',
  },
];

/** `setting: what is wrong`, or undefined. */
export function contradiction(config: Checked): string | undefined {
  const broken = RULES.find(({ holds }) => !holds(config));
  return broken ? `${broken.path}: ${broken.says}` : (repeated(config) ?? strayArn(config));
}

/** An address twice in one list would be asked to confirm twice, and CloudFormation refuses the second. */
function repeated(config: Checked): string | undefined {
  const lists = {
    alertEmails: config.alertEmails,
    alarmEmails: config.alarmEmails,
    'channels.mail.recipients': config.channels.mail?.recipients,
    'report.recipients': config.report?.recipients,
  };
  for (const [path, list = []] of Object.entries(lists)) {
    const twice = list.find((address, i) => list.indexOf(address) < i);
    if (twice !== undefined) return `${path}: ${twice} is in it twice`;
  }
  return undefined;
}

/** What is brought, and the secrets, are of the stack's own account and Region: so they cannot differ in either. */
function strayArn({ existing, channels, keys }: Checked): string | undefined {
  const arns: Record<string, string | undefined> = {
    'existing.bus': existing.bus,
    'existing.stream.arn': existing.stream?.arn,
    'existing.key': existing.key,
    'existing.findingsTopic.arn': existing.findingsTopic?.arn,
    'existing.alarmTopic': existing.alarmTopic,
    'keys.secret': keys?.secret,
    'channels.pagerduty.secret': channels.pagerduty?.secret,
    'channels.webhook.secret': channels.webhook?.secret,
  };
  const given = Object.entries(arns).flatMap(([path, arn]) => (arn === undefined ? [] : [{ path, home: homeOf(arn) }]));
  const [first] = given;
  const stray = given.find(({ home }) => home !== first!.home);
  if (stray === undefined) return undefined;
  return `${stray.path}: is of ${stray.home}, but ${first!.path} of ${first!.home}; all must be of the stack's account and Region`;
}

function homeOf(arn: string): string {
  const [, , , region, account] = arn.split(':');
  return `${account} in ${region}`;
}
