import { type Env, integer, text } from '../env.ts';

export interface ExplainEnv {
  FINGERPRINT_KEY_SECRET: string;
  BRIDGE_TABLE: string;
  LOG_TABLE: string;
  RETENTION_DAYS: number;
}

export function readEnv(env: Env): ExplainEnv {
  return {
    FINGERPRINT_KEY_SECRET: text(env, 'FINGERPRINT_KEY_SECRET'),
    BRIDGE_TABLE: text(env, 'BRIDGE_TABLE'),
    LOG_TABLE: text(env, 'LOG_TABLE'),
    RETENTION_DAYS: integer(env, 'RETENTION_DAYS', 1, 3650),
  };
}
