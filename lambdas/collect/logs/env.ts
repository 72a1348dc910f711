import { type Env, oneOf } from '../../env.ts';
import { type CollectEnv, collectEnv, optional } from '../env.ts';

export interface LogsEnv extends CollectEnv {
  /** Bucket of the bodies that are too large for the log; none: those exchanges are collected without their text. */
  BODIES_BUCKET?: string;
  /** `wait`: records are held until CloudTrail has told of their calls. */
  JOIN: 'wait' | 'none';
}

export function readEnv(env: Env): LogsEnv {
  const bodies = optional(env, 'BODIES_BUCKET');
  return {
    ...collectEnv(env),
    ...(bodies === undefined ? {} : { BODIES_BUCKET: bodies }),
    JOIN: oneOf(env, 'JOIN', ['wait', 'none']),
  };
}
