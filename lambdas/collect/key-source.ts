/** Where the fingerprint key comes from. Asked before every batch, so that a new epoch begins without a restart. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { cached } from './cached.ts';
import { SECRET_TTL_MS, secretVersion } from './secrets.ts';

export interface EpochKey {
  /** 16 bytes or more. */
  key: Uint8Array;
  /** Names the key; another name is another key. */
  epoch: string;
}

export type KeySource = () => Promise<EpochKey>;

export class KeyError extends Error {
  override name = 'KeyError';
}

/** The current version of a secret of 64 hex digits; its version is the epoch. */
export function secretKeySource(client: SecretsManagerClient, id: string, now: () => number): KeySource {
  const read = async () => {
    const secret = await secretVersion(client, id, 'AWSCURRENT');
    if (secret === undefined || !/^[0-9a-f]{64}$/i.test(secret.text)) {
      throw new KeyError(
        'the secret of the fingerprint key does not hold 64 hex digits: make one with openssl rand -hex 32',
      );
    }
    return { key: Buffer.from(secret.text, 'hex'), epoch: secret.version };
  };
  return cached(read, SECRET_TTL_MS, now);
}
