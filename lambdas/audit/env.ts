import { type Env, integer, text } from '../env.ts';

export interface AuditEnv {
  AGGREGATES_TABLE: string;
  ARCHIVE_BUCKET: string;
  RETENTION_DAYS: number;
  /** Account-days of a run. */
  SAMPLE_SIZE: number;
}

export function readEnv(env: Env): AuditEnv {
  return {
    AGGREGATES_TABLE: text(env, 'AGGREGATES_TABLE'),
    ARCHIVE_BUCKET: text(env, 'ARCHIVE_BUCKET'),
    RETENTION_DAYS: integer(env, 'RETENTION_DAYS', 1, 400),
    SAMPLE_SIZE: integer(env, 'SAMPLE_SIZE', 1, 100_000),
  };
}
