import { type Env, text } from '../../env.ts';

export interface CallsEnv {
  /** CloudTrail's. */
  BUCKET: string;
  CALLS_TABLE: string;
  QUARANTINE_BUCKET: string;
  FINGERPRINT_KEY_SECRET: string;
}

export function readEnv(env: Env): CallsEnv {
  return {
    BUCKET: text(env, 'BUCKET'),
    CALLS_TABLE: text(env, 'CALLS_TABLE'),
    QUARANTINE_BUCKET: text(env, 'QUARANTINE_BUCKET'),
    FINGERPRINT_KEY_SECRET: text(env, 'FINGERPRINT_KEY_SECRET'),
  };
}
