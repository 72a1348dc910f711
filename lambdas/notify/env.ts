import { parseSettings, type Settings } from '../../core/settings.ts';
import { type Env, json, text } from '../env.ts';

export interface NotifyEnv {
  FINDINGS_TOPIC: string;
  SETTINGS: Settings;
}

export function readEnv(env: Env): NotifyEnv {
  return { FINDINGS_TOPIC: text(env, 'FINDINGS_TOPIC'), SETTINGS: json(env, 'SETTINGS', parseSettings) };
}
