import type { Settings } from '../../core/settings.ts';
import { type Env, integer, text } from '../env.ts';
import { settings } from '../settings.ts';

export interface ReportEnv {
  AGGREGATES_TABLE: string;
  FINDINGS_TABLE: string;
  OUTBOX_TABLE: string;
  CASES_TABLE: string;
  SWEEP_BUCKET: string;
  /** Hours between two sweeps, by which one is known to be missed. */
  SWEEP_HOURS: number;
  SENDER: string;
  /** Separated by commas. */
  RECIPIENTS: string[];
  CONFIGURATION_SET: string;
  /** URLs of the queues of what was given up, separated by commas. */
  DEAD_LETTERS: string[];
  /** By which the bill knows the stack. */
  STACK_NAME: string;
  /** Where a reader leaves the list with one click; empty where there is no such address. */
  UNSUBSCRIBE_URL: string;
  SETTINGS: Settings;
}

export function readEnv(env: Env): ReportEnv {
  return {
    AGGREGATES_TABLE: text(env, 'AGGREGATES_TABLE'),
    FINDINGS_TABLE: text(env, 'FINDINGS_TABLE'),
    OUTBOX_TABLE: text(env, 'OUTBOX_TABLE'),
    CASES_TABLE: text(env, 'CASES_TABLE'),
    SWEEP_HOURS: integer(env, 'SWEEP_HOURS', 1, 24),
    SWEEP_BUCKET: text(env, 'SWEEP_BUCKET'),
    SENDER: text(env, 'SENDER'),
    RECIPIENTS: text(env, 'RECIPIENTS').split(','),
    CONFIGURATION_SET: text(env, 'CONFIGURATION_SET'),
    DEAD_LETTERS: text(env, 'DEAD_LETTERS').split(','),
    STACK_NAME: text(env, 'STACK_NAME'),
    UNSUBSCRIBE_URL: env.UNSUBSCRIBE_URL ?? '',
    SETTINGS: settings(env),
  };
}
