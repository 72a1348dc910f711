/** LiteLLM's HTTP logger, OTLP/HTTP in JSON, and CloudEvents, at one function URL. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { observed } from '../../telemetry.ts';
import { Collector } from '../collector.ts';
import { collectorHost } from '../host.ts';
import { type HttpEnv, readEnv } from './env.ts';
import { type Answer, type HttpHost, respond } from './respond.ts';
import { signingSecrets } from './signature.ts';

let host: HttpHost | undefined;

export async function handler(event: LambdaFunctionURLEvent): Promise<Answer> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => respond(event, ready));
}

function hostOf(env: HttpEnv): HttpHost {
  const shared = collectorHost(env, 'http', 'litellm');
  const collectors = env.ACCEPT.map((name) => {
    const collector = new Collector({ ...shared, source: `${name}-http`, format: name });
    return [name, collector] as const;
  });
  const secret = env.AUTH === 'hmac' ? env.SIGNING_SECRET : undefined;
  return {
    collectors: new Map(collectors),
    ...(secret === undefined ? {} : { secrets: signingSecrets(new SecretsManagerClient(), secret, Date.now) }),
    told: shared.told,
    now: Date.now,
  };
}
