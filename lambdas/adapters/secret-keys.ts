/**
 * Fingerprint keys in Secrets Manager. The head is the secret that rotates: AWSCURRENT names the newest epoch, AWSPREVIOUS
 * the outgoing one, and each names the secret of its key. A head of 64 hex digits, made by hand, is one epoch by itself.
 */
import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { type EpochKey, type KeyRing, type RingSource, ringSource } from '../../core/keys/epoch.ts';
import { headOf, keyOfHex } from '../../core/keys/head.ts';
import { cached } from '../collect/cached.ts';
import { SECRET_TTL_MS, secretVersion } from '../collect/secrets.ts';

export class KeyError extends Error {
  override name = 'KeyError';
}

/** `head`: ARN or name. Keys are read again after 5 minutes; where that fails they are kept for an hour and no longer. */
export function secretKeys(client: SecretsManagerClient, head: string, now: () => number): RingSource {
  return ringSource(
    cached(() => readRing(client, head), SECRET_TTL_MS, now),
    now,
  );
}

/** Throws a `KeyError` where there is no newest key. A key before it that is destroyed, or never was, is left out. */
export async function readRing(client: SecretsManagerClient, head: string): Promise<KeyRing> {
  const [newest, outgoing] = [await epochAt(client, head, 'AWSCURRENT'), await epochAt(client, head, 'AWSPREVIOUS')];
  if (newest === undefined) {
    throw new KeyError(
      'there is no fingerprint key: rotate its secret once, or put 64 hex digits (openssl rand -hex 32)',
    );
  }
  const { switchAt, ...key } = newest;
  if (switchAt === undefined) return { newest: key };
  return { newest: key, switchAt, ...(outgoing ? { outgoing: { epoch: outgoing.epoch, key: outgoing.key } } : {}) };
}

type DatedKey = EpochKey & { switchAt?: number };

async function epochAt(
  client: SecretsManagerClient,
  head: string,
  stage: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<DatedKey | undefined> {
  const found = await secretVersion(client, head, stage);
  if (found === undefined) return undefined;
  const key = keyOfHex(found.text);
  if (key) return { epoch: found.version, key };
  const named = headOf(found.text);
  if (named === undefined) return undefined;
  const { epoch, secret, switchAt } = named;
  const text = await keyText(client, secret);
  const named32 = text === undefined ? undefined : keyOfHex(text);
  if (named32 === undefined) return undefined;
  return { epoch, key: named32, ...(switchAt === undefined ? {} : { switchAt }) };
}

/** Undefined where the secret is destroyed or about to be. */
export async function keyText(client: SecretsManagerClient, secret: string): Promise<string | undefined> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
    return SecretString?.trim();
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    if (error instanceof InvalidRequestException && /deletion|deleted/i.test(error.message)) return undefined;
    throw error;
  }
}
