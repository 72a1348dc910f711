/** Where a collector's fingerprints come from in the cloud: the keys, and the bridge between their epochs. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { BridgeTable } from '../adapters/bridge-table.ts';
import { BridgedNames } from '../adapters/bridged-names.ts';
import { secretKeys } from '../adapters/secret-keys.ts';
import { type Env, integer, text } from '../env.ts';

export interface NamesEnv {
  /** Names the fingerprint keys, or is one of 64 hex digits. */
  FINGERPRINT_KEY_SECRET: string;
  BRIDGE_TABLE: string;
  RETENTION_DAYS: number;
}

export function namesEnv(env: Env): NamesEnv {
  return {
    FINGERPRINT_KEY_SECRET: text(env, 'FINGERPRINT_KEY_SECRET'),
    BRIDGE_TABLE: text(env, 'BRIDGE_TABLE'),
    RETENTION_DAYS: integer(env, 'RETENTION_DAYS', 1, 400),
  };
}

export function bridgedNames(env: NamesEnv, now: () => number): BridgedNames {
  const { FINGERPRINT_KEY_SECRET: head, BRIDGE_TABLE: table, RETENTION_DAYS: retentionDays } = env;
  return new BridgedNames({
    keys: secretKeys(new SecretsManagerClient(), head, now),
    bridge: new BridgeTable({ client: new DynamoDBClient(), table, retentionDays }),
    now,
  });
}
