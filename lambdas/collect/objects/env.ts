import { type Env, oneOf, text } from '../../env.ts';
import { type CollectEnv, collectEnv } from '../env.ts';

export interface ObjectsEnv extends CollectEnv {
  FORMAT: 'bedrock' | 'litellm';
  BUCKET: string;
  /** `wait`: records are held until CloudTrail has told of their calls. */
  JOIN: 'wait' | 'none';
}

export function readEnv(env: Env): ObjectsEnv {
  return {
    ...collectEnv(env),
    FORMAT: oneOf(env, 'FORMAT', ['bedrock', 'litellm']),
    BUCKET: text(env, 'BUCKET'),
    JOIN: oneOf(env, 'JOIN', ['wait', 'none']),
  };
}
