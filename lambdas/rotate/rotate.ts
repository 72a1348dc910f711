/**
 * The four steps in which Secrets Manager rotates the head. Each may be called again after it succeeded or failed half
 * way, and then changes nothing or finishes the work.
 */
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { headOf, headText, type KeyHead, keyOfHex } from '../../core/keys/head.ts';
import { createFingerprinter } from '../../core/records/fingerprint.ts';
import { keyText } from '../adapters/secret-keys.ts';
import type { RotateEnv } from './env.ts';

export interface RotationEvent {
  Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
  /** ARN of the head. */
  SecretId: string;
  /** Names the version that is to be made. */
  ClientRequestToken: string;
}

export interface RotateHost {
  secrets: SecretsManagerClient;
  env: RotateEnv;
  /** 64 hex digits from the system's source of randomness. */
  makeKey(): string;
  now(): number;
}

export class RotationError extends Error {
  override name = 'RotationError';
}

const DAY_MS = 86_400_000;

export async function rotate(event: RotationEvent, host: RotateHost): Promise<void> {
  const head = await host.secrets.send(new DescribeSecretCommand({ SecretId: event.SecretId }));
  const stages = head.VersionIdsToStages?.[event.ClientRequestToken];
  if (!head.RotationEnabled) throw new RotationError('the secret is not set up to be rotated');
  if (stages === undefined) throw new RotationError('the version to be made is not known to the secret');
  if (stages.includes('AWSCURRENT')) return;
  if (!stages.includes('AWSPENDING')) throw new RotationError('the version to be made is not pending');
  switch (event.Step) {
    case 'createSecret':
      return createSecret(event, head, host);
    case 'setSecret':
      // Nothing else has to be told: whoever fingerprints reads the secret.
      return;
    case 'testSecret':
      return testSecret(event, host);
    case 'finishSecret':
      return finishSecret(event, head, host);
    default:
      throw new RotationError(`unknown step ${JSON.stringify(event.Step)}`);
  }
}

async function createSecret(
  { SecretId, ClientRequestToken }: RotationEvent,
  head: DescribeSecretCommandOutput,
  host: RotateHost,
): Promise<void> {
  const current = await valueAt(host, SecretId, { VersionStage: 'AWSCURRENT' });
  await refuseWithinOverlap(SecretId, head, host);
  if ((await valueAt(host, SecretId, pending(ClientRequestToken))) !== undefined) return;
  const next = nextHead(ClientRequestToken, holdsKey(current), host);
  await createKey(next, host);
  await host.secrets.send(
    new PutSecretValueCommand({
      SecretId,
      ClientRequestToken,
      SecretString: headText(next),
      VersionStages: ['AWSPENDING'],
    }),
  );
}

/** Two epochs live at a time, never three: what is not yet bridged to the newest would be cut off. */
async function refuseWithinOverlap(id: string, head: DescribeSecretCommandOutput, host: RotateHost): Promise<void> {
  const hasPrevious = Object.values(head.VersionIdsToStages ?? {}).some((stages) => stages.includes('AWSPREVIOUS'));
  if (hasPrevious && holdsKey(await valueAt(host, id, { VersionStage: 'AWSPREVIOUS' }))) {
    throw new RotationError('the key before the last is not destroyed yet: end its overlap first (runbook: keys)');
  }
}

function nextHead(epoch: string, bridged: boolean, { env, now }: RotateHost): KeyHead {
  const switchAt = now() + env.OVERLAP_DAYS * DAY_MS;
  return { epoch, secret: `${env.EPOCH_PREFIX}${epoch}`, ...(bridged ? { switchAt } : {}) };
}

/** An earlier attempt may have made it, and then failed: its key was never used, and is as good as another. */
async function createKey({ epoch, secret }: KeyHead, { secrets, env, makeKey }: RotateHost): Promise<void> {
  try {
    await secrets.send(
      new CreateSecretCommand({
        Name: secret,
        ClientRequestToken: epoch,
        Description: 'Stillwatch: fingerprint key of one epoch. Deleting it makes what it named unlinkable.',
        SecretString: makeKey(),
        ...(env.EPOCH_KMS_KEY === 'default' ? {} : { KmsKeyId: env.EPOCH_KMS_KEY }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error;
  }
}

/** The pending version names a key that can be read, and that is not the one in use. */
async function testSecret({ SecretId, ClientRequestToken }: RotationEvent, host: RotateHost): Promise<void> {
  const probe = async (text: string | undefined) => {
    const named = text === undefined ? undefined : headOf(text);
    const hex = named ? await keyText(host.secrets, named.secret) : text;
    const key = hex === undefined ? undefined : keyOfHex(hex);
    return key && createFingerprinter(key).fingerprint('account', 'probe');
  };
  const next = await probe(await valueAt(host, SecretId, pending(ClientRequestToken)));
  if (next === undefined) throw new RotationError('the new key cannot be read, or is not 64 hex digits');
  const current = await probe(await valueAt(host, SecretId, { VersionStage: 'AWSCURRENT' }));
  if (next === current) throw new RotationError('the new key is the key in use');
}

async function finishSecret(
  { SecretId, ClientRequestToken }: RotationEvent,
  head: DescribeSecretCommandOutput,
  { secrets }: RotateHost,
): Promise<void> {
  const versions = Object.entries(head.VersionIdsToStages ?? {});
  const current = versions.find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
  await secrets.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: ClientRequestToken,
      ...(current === undefined ? {} : { RemoveFromVersionId: current }),
    }),
  );
}

function holdsKey(text: string | undefined): boolean {
  return text !== undefined && (keyOfHex(text) !== undefined || headOf(text) !== undefined);
}

function pending(token: string) {
  return { VersionId: token, VersionStage: 'AWSPENDING' } as const;
}

async function valueAt(
  { secrets }: RotateHost,
  SecretId: string,
  version: { VersionId?: string; VersionStage: string },
): Promise<string | undefined> {
  try {
    return (await secrets.send(new GetSecretValueCommand({ SecretId, ...version }))).SecretString?.trim();
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
