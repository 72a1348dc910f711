import type { Settings } from '../../core/settings.ts';
import { type Env, integer, text } from '../env.ts';
import { settings } from '../settings.ts';

export interface SweepEnv {
  AGGREGATES_TABLE: string;
  FINDINGS_TABLE: string;
  SWEEP_BUCKET: string;
  EVENT_BUS: string;
  SEGMENTS: number;
  /** Of the program that was deployed. */
  VERSION: string;
  SETTINGS: Settings;
}

export function readEnv(env: Env): SweepEnv {
  return {
    AGGREGATES_TABLE: text(env, 'AGGREGATES_TABLE'),
    FINDINGS_TABLE: text(env, 'FINDINGS_TABLE'),
    SWEEP_BUCKET: text(env, 'SWEEP_BUCKET'),
    EVENT_BUS: text(env, 'EVENT_BUS'),
    SEGMENTS: integer(env, 'SEGMENTS', 1, 256),
    VERSION: text(env, 'VERSION'),
    SETTINGS: settings(env),
  };
}
