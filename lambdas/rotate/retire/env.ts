import { type Env, integer, text } from '../../env.ts';

export interface RetireEnv {
  /** ARN of the secret that rotates. */
  HEAD_SECRET: string;
  BRIDGE_TABLE: string;
  RETENTION_DAYS: number;
}

export function readEnv(env: Env): RetireEnv {
  return {
    HEAD_SECRET: text(env, 'HEAD_SECRET'),
    BRIDGE_TABLE: text(env, 'BRIDGE_TABLE'),
    RETENTION_DAYS: integer(env, 'RETENTION_DAYS', 1, 3650),
  };
}
