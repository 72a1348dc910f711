import type { Settings } from '../core/settings.ts';
import { type Env, EnvError, json } from './env.ts';

const SECTIONS = ['detection', 'lifecycle', 'alerts', 'messages', 'listPrices'] as const satisfies (keyof Settings)[];

/**
 * As the stack wrote them: it had parsed them, and every default stands in them. Whole and of this version is all that
 * is asked of them here, for a second parser would be a twentieth of all that a sweep loads.
 */
export function settings(env: Env): Settings {
  return json(env, 'SETTINGS', (value) => {
    const given = value as Partial<Settings> | null;
    const missing = SECTIONS.find((section) => typeof given?.[section] !== 'object');
    const wrong =
      missing ??
      (typeof given!.deployment !== 'string' ? 'deployment' : undefined) ??
      (Number.isInteger(given!.retentionDays) ? undefined : 'retentionDays');
    if (wrong !== undefined) throw new EnvError(`${wrong}: not as this version of the stack writes it; deploy again`);
    return given as Settings;
  });
}
