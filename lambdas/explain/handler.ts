/** Behind a function URL that only signed requests of this account get through. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { BridgeTable } from '../adapters/bridge-table.ts';
import { DynamoExplainLog } from '../adapters/explain-log.ts';
import { secretKeys } from '../adapters/secret-keys.ts';
import { observed, telemetry } from '../telemetry.ts';
import { type Answer, answer, type ExplainHost } from './answer.ts';
import { type ExplainEnv, readEnv } from './env.ts';

let host: ExplainHost | undefined;

export async function handler(event: LambdaFunctionURLEvent): Promise<Answer> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => answer(event, ready));
}

function hostOf(env: ExplainEnv): ExplainHost {
  const client = new DynamoDBClient();
  return {
    keys: secretKeys(new SecretsManagerClient(), env.FINGERPRINT_KEY_SECRET, Date.now),
    bridge: new BridgeTable({ client, table: env.BRIDGE_TABLE, retentionDays: env.RETENTION_DAYS }),
    log: new DynamoExplainLog(client, env.LOG_TABLE),
    told: telemetry(),
    now: Date.now,
  };
}
