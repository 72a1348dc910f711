/** Called by Secrets Manager, once for each step of a rotation. */
import { randomBytes } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { observed, type Telemetry, telemetry } from '../telemetry.ts';
import { readEnv } from './env.ts';
import { type RotateHost, type RotationEvent, rotate } from './rotate.ts';

let host: (RotateHost & { told: Telemetry }) | undefined;

export async function handler(event: RotationEvent): Promise<void> {
  host ??= {
    secrets: new SecretsManagerClient(),
    env: readEnv(process.env),
    makeKey: () => randomBytes(32).toString('hex'),
    now: Date.now,
    told: telemetry(),
  };
  const ready = host;
  return observed(ready.told, async () => {
    await rotate(event, ready);
    ready.told.info('step of the rotation is done', { step: event.Step, version: event.ClientRequestToken });
  });
}
