/**
 * What a place lends to whoever makes a dossier: the records where nobody names any, a key to sign with, and somewhere to
 * hold records out of the retention's reach. A folder has its inputs and a folder beside them; a deployment its archive, a
 * KMS key and a bucket under object lock.
 */
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '../../core/settings.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { stackNamed } from '../adapters/place/open.ts';
import { readOrigin } from '../adapters/place/origin.ts';
import { loadConfig, type ReplayConfig } from '../config.ts';

/** Makes the text of `manifest.sig` for that of `manifest.json`. */
export type Signer = (manifest: string) => Promise<string>;

/** Records of a place, as files. */
export interface Records {
  inputs: string[];
  format?: string;
  /** How a file is called in a manifest; its path where there is no other name. */
  nameOf?: (path: string) => string;
  /** Once they have been read. */
  remove?: () => void;
}

/** UTC days since 1970, both inclusive, whose exchanges are asked for. */
export interface Span {
  from: number;
  to: number;
}

export interface Custody {
  /** What the place's sweeps run under. */
  readonly config: ReplayConfig;
  /** Undefined where the place has none of its own. */
  records(span: Span): Promise<Records | undefined>;
  /** Absent where the place has no key. */
  signer?: Signer;
  /** @throws InputError where the place cannot be written, or has nowhere to hold records; called before anything is read */
  canHold(): Promise<void>;
  /** Keeps a file of records under `name`; where it is then, as people find it. */
  hold(file: string, name: string): Promise<string>;
}

export async function openCustody(at: string): Promise<Custody> {
  const stack = stackNamed(at);
  if (stack === undefined) return folderCustody(at);
  const { openStackCustody } = await import('../adapters/place/stack-custody.ts');
  return openStackCustody(stack);
}

function folderCustody(at: string): Custody {
  const origin = readOrigin(at);
  const folder = join(at, 'held');
  return {
    config: origin?.config ?? loadConfig(undefined),
    records: async () => {
      const inputs = (origin?.inputs ?? []).filter((input) => input !== '-');
      return inputs.length === 0 ? undefined : { inputs, ...(origin?.format ? { format: origin.format } : {}) };
    },
    canHold: async () => {},
    hold: async (file, name) => {
      const path = join(folder, name);
      try {
        mkdirSync(dirname(path), { recursive: true });
        copyFileSync(file, path);
        chmodSync(path, 0o600);
      } catch (error) {
        throw new InputError(`--hold: ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
      }
      return path;
    },
  };
}

/** A deployment's settings beside what only the laptop needs. */
export function configOf(settings: Settings): ReplayConfig {
  return { ...loadConfig(undefined), settings };
}
