/** The key under which this machine fingerprints foreign formats. It never leaves its file. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputError } from './input/input-error.ts';

const KEY_BYTES = 32;

/** `$XDG_CONFIG_HOME/stillwatch/fingerprint.key`, or the same under `~/.config`. */
export function defaultKeyFile(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'stillwatch', 'fingerprint.key');
}

/**
 * Reads the key, 64 hex digits; makes one, readable by its owner only, where the default file does not exist.
 *
 * @throws InputError where a file cannot be read, holds no key, or cannot be made
 */
export function loadFingerprintKey(file: string | undefined): Uint8Array {
  const path = file ?? defaultKeyFile();
  try {
    return parseKey(path, readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof InputError) throw error;
    if (file !== undefined || codeOf(error) !== 'ENOENT')
      throw new InputError(`${path}: cannot be read (${codeOf(error)})`);
    return makeKey(path);
  }
}

function parseKey(path: string, text: string): Uint8Array {
  if (!/^[0-9a-f]{64}\s*$/i.test(text))
    throw new InputError(`${path}: holds no fingerprint key; 64 hex digits are needed`);
  return Buffer.from(text.trim(), 'hex');
}

function makeKey(path: string): Uint8Array {
  const key = randomBytes(KEY_BYTES);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another process may have made it between the look and the write.
    if (codeOf(error) === 'EEXIST') return parseKey(path, readFileSync(path, 'utf8'));
    throw new InputError(`${path}: cannot be made (${codeOf(error)}); name a key with fingerprintKeyFile in --config`);
  }
  return key;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
