import { type Env, text } from '../../env.ts';
import { type NamesEnv, namesEnv } from '../names.ts';

export interface CallsEnv extends NamesEnv {
  /** CloudTrail's. */
  BUCKET: string;
  CALLS_TABLE: string;
  QUARANTINE_BUCKET: string;
}

export function readEnv(env: Env): CallsEnv {
  return {
    BUCKET: text(env, 'BUCKET'),
    CALLS_TABLE: text(env, 'CALLS_TABLE'),
    QUARANTINE_BUCKET: text(env, 'QUARANTINE_BUCKET'),
    ...namesEnv(env),
  };
}
