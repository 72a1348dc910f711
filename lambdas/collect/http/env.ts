import { type Env, EnvError, oneOf, text } from '../../env.ts';
import { type CollectEnv, collectEnv, optional } from '../env.ts';
import { ROUTE_NAMES, type RouteName } from './routes.ts';

export interface HttpEnv extends CollectEnv {
  /** Sources that are accepted, comma-separated: `litellm,otel,cloudevents`. */
  ACCEPT: RouteName[];
  /** `iam`: Lambda has checked the signature before the function runs. `hmac`: the function checks its own. */
  AUTH: 'iam' | 'hmac';
  /** Secret of the signatures; needed for `hmac`. */
  SIGNING_SECRET?: string;
}

export function readEnv(env: Env): HttpEnv {
  const auth = oneOf(env, 'AUTH', ['iam', 'hmac']);
  const secret = optional(env, 'SIGNING_SECRET');
  return {
    ...collectEnv(env),
    ACCEPT: text(env, 'ACCEPT').split(',').map(routeName),
    AUTH: auth,
    ...(auth === 'hmac' ? { SIGNING_SECRET: text(env, 'SIGNING_SECRET') } : secret ? { SIGNING_SECRET: secret } : {}),
  };
}

function routeName(name: string): RouteName {
  const known = ROUTE_NAMES.find((route) => route === name);
  if (known === undefined) throw new EnvError(`ACCEPT must be of ${ROUTE_NAMES.join(', ')}, not "${name}"`);
  return known;
}
