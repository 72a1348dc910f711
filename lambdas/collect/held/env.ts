import { type Env, text } from '../../env.ts';
import { optional } from '../env.ts';

export interface HeldEnv {
  STREAM_NAME: string;
  QUARANTINE_BUCKET: string;
  HOLD_BUCKET: string;
  /** None: nothing is joined. */
  CALLS_TABLE?: string;
}

export function readEnv(env: Env): HeldEnv {
  const table = optional(env, 'CALLS_TABLE');
  return {
    STREAM_NAME: text(env, 'STREAM_NAME'),
    QUARANTINE_BUCKET: text(env, 'QUARANTINE_BUCKET'),
    HOLD_BUCKET: text(env, 'HOLD_BUCKET'),
    ...(table === undefined ? {} : { CALLS_TABLE: table }),
  };
}
