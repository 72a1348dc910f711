/** The file behind `--config`: the settings of the core, and what only the laptop needs. */
import { readFileSync } from 'node:fs';
import { durationMs, parseSettings, type Settings, SettingsError } from '../core/settings.ts';
import { type SourceSettings, sourceSettingsSchema } from '../core/sources/settings.ts';
import { InputError } from './adapters/input/input-error.ts';

export interface ReplayConfig {
  settings: Settings;
  sources: SourceSettings;
  /** File of 64 hex digits; the user's own key file where undefined. */
  fingerprintKeyFile: string | undefined;
}

/** @throws InputError of one line that names the file and the setting */
export function loadConfig(file: string | undefined): ReplayConfig {
  if (file === undefined) return parseConfig({}, 'settings');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(`--config ${file}: ${code === undefined ? 'is not JSON' : `cannot be read (${code})`}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`--config ${file}: must be a JSON object of settings`);
  }
  return parseConfig(value as Record<string, unknown>, `--config ${file}`);
}

function parseConfig(value: Record<string, unknown>, name: string): ReplayConfig {
  const { sources, fingerprintKeyFile, ...settings } = value;
  if (fingerprintKeyFile !== undefined && typeof fingerprintKeyFile !== 'string') {
    throw new InputError(`${name}: fingerprintKeyFile: must be a path`);
  }
  const parsed = sourceSettingsSchema.safeParse(sources ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new InputError(`${name}: ${['sources', ...issue.path].join('.')}: ${issue.message}`);
  }
  try {
    return { settings: parseSettings(settings), sources: parsed.data, fingerprintKeyFile };
  } catch (error) {
    if (error instanceof SettingsError) throw new InputError(`${name}: ${error.message}`);
    throw error;
  }
}

const LEAST_MS = 3_600_000;

/** `24h`, `7d`, `90m` to milliseconds; at least an hour. */
export function parseDuration(text: string, option: string): number {
  const ms = durationMs(text) ?? Number.NaN;
  if (!(ms >= LEAST_MS))
    throw new InputError(`${option} ${text}: must be a duration of an hour or more, as 90m, 24h or 7d`);
  return ms;
}
