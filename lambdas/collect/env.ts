/** What the collectors' environments have in common. */
import { type SourceSettings, sourceSettingsSchema } from '../../core/sources/settings.ts';
import { type Env, EnvError, json, text } from '../env.ts';
import { type NamesEnv, namesEnv } from './names.ts';

export interface CollectEnv extends NamesEnv {
  /** Name of the stream, or address of the queue, on which ingest waits for records. */
  RECORDS_TO: string;
  QUARANTINE_BUCKET: string;
  /** Where records wait that the stream did not take, or that are to be joined. */
  HOLD_BUCKET: string;
  /** Which attributes name the account and the organisation, by source. */
  ATTRIBUTION: SourceSettings;
}

export function collectEnv(env: Env): CollectEnv {
  return {
    RECORDS_TO: text(env, 'RECORDS_TO'),
    QUARANTINE_BUCKET: text(env, 'QUARANTINE_BUCKET'),
    HOLD_BUCKET: text(env, 'HOLD_BUCKET'),
    ...namesEnv(env),
    ATTRIBUTION: json(env, 'ATTRIBUTION', attribution),
  };
}

function attribution(value: unknown): SourceSettings {
  const parsed = sourceSettingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new EnvError(`${issue.path.join('.')}: ${issue.message}`);
}

/** A variable that may be left out; an empty one is out too. */
export function optional(env: Env, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}
