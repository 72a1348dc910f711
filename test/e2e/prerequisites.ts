/** What the configuration names and the user makes before a deployment: secrets, log buckets, the sender of mail. */
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import { STAGES, type StageInput } from '../../cdk/config.ts';
import { COLLECTORS, FULL } from '../cdk/support.ts';
import type { Clients } from './clients.ts';
import { REGION } from './template/template.ts';

export const SECRETS = {
  pagerduty: 'R0123456789ABCDEFGHIJKLMNOPQRSTU',
  webhook: `whsec_${Buffer.from('a signing key of more than 24 bytes').toString('base64')}`,
};

/** The configuration with everything switched on, with what has just been made in it. */
export async function prerequisites({ s3, secrets, ses }: Clients): Promise<StageInput> {
  const secret = async (name: keyof typeof SECRETS) => {
    const wanted = { Name: `stillwatch/${name}`, SecretString: SECRETS[name] };
    return (await secrets.send(new CreateSecretCommand(wanted))).ARN!;
  };
  const { mail, webhook } = FULL.channels!;
  for (const EmailIdentity of new Set([mail!.sender, FULL.report!.sender]))
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity }));
  for (const Bucket of bucketNames())
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  return {
    ...FULL,
    segments: 4,
    sweepEveryHours: 24,
    channels: {
      ...FULL.channels,
      pagerduty: { secret: await secret('pagerduty') },
      webhook: { ...webhook!, secret: await secret('webhook') },
    },
    report: { ...FULL.report!, every: ['day'] },
    collectors: COLLECTORS,
  };
}

/** The stage of a small team as it is, with one collector. */
export const SMALL_STAGE: StageInput = {
  ...STAGES.small!,
  alertEmails: ['soc@example.com'],
  alarmEmails: ['oncall@example.com'],
  collectors: { litellmQueue: true },
};

function bucketNames(): string[] {
  const { bedrockBucket, bedrockLogGroup, cloudTrail, litellmBucket } = COLLECTORS;
  return [bedrockBucket, bedrockLogGroup?.bodies, cloudTrail, litellmBucket].flatMap((bucket) => bucket?.name ?? []);
}
