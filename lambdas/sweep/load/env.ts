import { type Env, integer, text } from '../../env.ts';

export interface LoadEnv {
  AGGREGATES_TABLE: string;
  SWEEP_BUCKET: string;
  RETENTION_DAYS: number;
}

export function readEnv(env: Env): LoadEnv {
  return {
    AGGREGATES_TABLE: text(env, 'AGGREGATES_TABLE'),
    SWEEP_BUCKET: text(env, 'SWEEP_BUCKET'),
    RETENTION_DAYS: integer(env, 'RETENTION_DAYS', 1, 400),
  };
}
