/** Once a day, and by hand from the runbook. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import { BridgeTable } from '../../adapters/bridge-table.ts';
import { observed, telemetry } from '../../telemetry.ts';
import { readEnv } from './env.ts';
import { type Retired, type RetireHost, type RetireTask, retire } from './retire.ts';

let host: Omit<RetireHost, 'over'> | undefined;

/** Before the time limit, at which a run that deletes pairs ends by itself. */
const SPARE_MS = 20_000;

export async function handler(task: RetireTask, context: Context): Promise<Retired> {
  host ??= hostOf();
  const ready = { ...host, over: () => context.getRemainingTimeInMillis() < SPARE_MS };
  return observed(ready.told, () => retire(task, ready));
}

function hostOf(): Omit<RetireHost, 'over'> {
  const env = readEnv(process.env);
  return {
    secrets: new SecretsManagerClient(),
    head: env.HEAD_SECRET,
    bridge: new BridgeTable({
      client: new DynamoDBClient(),
      table: env.BRIDGE_TABLE,
      retentionDays: env.RETENTION_DAYS,
    }),
    told: telemetry(),
    now: Date.now,
  };
}
