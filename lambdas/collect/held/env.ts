import { type Env, text } from '../../env.ts';
import { optional } from '../env.ts';

export interface HeldEnv {
  /** Name of the stream, or address of the queue. */
  RECORDS_TO: string;
  QUARANTINE_BUCKET: string;
  HOLD_BUCKET: string;
  /** None: nothing is joined. */
  CALLS_TABLE?: string;
}

export function readEnv(env: Env): HeldEnv {
  const table = optional(env, 'CALLS_TABLE');
  return {
    RECORDS_TO: text(env, 'RECORDS_TO'),
    QUARANTINE_BUCKET: text(env, 'QUARANTINE_BUCKET'),
    HOLD_BUCKET: text(env, 'HOLD_BUCKET'),
    ...(table === undefined ? {} : { CALLS_TABLE: table }),
  };
}
