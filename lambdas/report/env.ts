import { parseSettings, type Settings } from '../../core/settings.ts';
import { type Env, json, text } from '../env.ts';

export interface ReportEnv {
  AGGREGATES_TABLE: string;
  FINDINGS_TABLE: string;
  SWEEP_BUCKET: string;
  SENDER: string;
  /** Separated by commas. */
  RECIPIENTS: string[];
  CONFIGURATION_SET: string;
  SETTINGS: Settings;
}

export function readEnv(env: Env): ReportEnv {
  return {
    AGGREGATES_TABLE: text(env, 'AGGREGATES_TABLE'),
    FINDINGS_TABLE: text(env, 'FINDINGS_TABLE'),
    SWEEP_BUCKET: text(env, 'SWEEP_BUCKET'),
    SENDER: text(env, 'SENDER'),
    RECIPIENTS: text(env, 'RECIPIENTS').split(','),
    CONFIGURATION_SET: text(env, 'CONFIGURATION_SET'),
    SETTINGS: json(env, 'SETTINGS', parseSettings),
  };
}
