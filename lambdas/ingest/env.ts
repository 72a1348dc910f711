import { type Env, integer, oneOf, text } from '../env.ts';

export interface IngestEnv {
  AGGREGATES_TABLE: string;
  QUARANTINE_BUCKET: string;
  ARCHIVE_BUCKET: string;
  RETENTION_DAYS: number;
  /** `keep` stores the payload of a quarantined record, which may hold a prompt. */
  QUARANTINE_PAYLOAD: 'keep' | 'drop';
}

export function readEnv(env: Env): IngestEnv {
  return {
    AGGREGATES_TABLE: text(env, 'AGGREGATES_TABLE'),
    QUARANTINE_BUCKET: text(env, 'QUARANTINE_BUCKET'),
    ARCHIVE_BUCKET: text(env, 'ARCHIVE_BUCKET'),
    RETENTION_DAYS: integer(env, 'RETENTION_DAYS', 1, 400),
    QUARANTINE_PAYLOAD: oneOf(env, 'QUARANTINE_PAYLOAD', ['keep', 'drop']),
  };
}
