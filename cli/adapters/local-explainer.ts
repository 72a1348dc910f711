/** Explains with the key of this machine, and writes down beside the key that it did. */
import { appendFileSync, existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { EpochKey } from '../../core/keys/epoch.ts';
import { explain } from '../../core/keys/explain.ts';
import type { ExplainEntry } from '../../core/keys/explain-entry.ts';
import type { Explainer } from '../../core/keys/explainer.ts';
import { candidatesOf, checkFind, valuesBehind } from '../../core/keys/find.ts';
import { isoTime } from '../../core/records/time.ts';
import { defaultKeyFile, loadFingerprintKey } from './fingerprint-key.ts';
import { InputError } from './input/input-error.ts';

/** Read by its owner only, as the key is. */
const LOG_MODE = 0o600;

/** @throws InputError where this machine has no key: a new one would explain nothing */
export function localExplainer(keyFile: string | undefined, now: () => number): Explainer {
  const path = keyFile ?? defaultKeyFile();
  if (!existsSync(path)) {
    throw new InputError(
      `${path}: no fingerprint key; replay makes one, or name yours with fingerprintKeyFile in --config`,
    );
  }
  const keys: EpochKey[] = [{ epoch: 'this key', key: loadFingerprintKey(path) }];
  const log = join(dirname(path), 'explained.ndjson');
  const write = (entry: Omit<ExplainEntry, 'at' | 'who'>) =>
    append(log, { at: isoTime(now()), who: userInfo().username, ...entry });
  return {
    explain: async (request) => {
      const { kind, reason } = request;
      const explained = explain(request, keys);
      write({ kind, reason, fingerprints: explained });
      return { explained, names: [] };
    },
    find: async (request) => {
      checkFind(request);
      const { kind, reason, fingerprint, among } = request;
      const values = valuesBehind(request, candidatesOf(request, keys), (_, print) => print);
      const fingerprints = [{ epoch: 'asked', fingerprint }];
      write({ kind, reason, fingerprints, tried: among.length, found: values.length });
      return values;
    },
  };
}

function append(file: string, entry: ExplainEntry): void {
  try {
    appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: LOG_MODE });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: cannot be written (${code}); what is not written down is not told`);
  }
}
