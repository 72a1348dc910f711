/** Whether a dossier's folder is as it was made. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkManifest, type Manifest, parse } from '../../core/dossier/manifest.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { digestFile } from './digest-file.ts';
import { signatureFault } from './signature.ts';

export interface Verified {
  manifest: Manifest | undefined;
  signed: boolean;
  faults: string[];
}

/** @throws InputError where the folder is none, or holds no manifest */
export async function verifyFolder(folder: string, signer?: string): Promise<Verified> {
  const text = readText(folder, 'manifest.json');
  if (text === undefined) throw new InputError(`${folder}: no dossier: it has no manifest.json`);
  const found = new Map();
  for (const name of filesUnder(folder)) {
    if (name !== 'manifest.json' && name !== 'manifest.sig')
      found.set(name, await digestFile(join(folder, name), name));
  }
  const signature = readText(folder, 'manifest.sig');
  const signing =
    signature === undefined
      ? signer === undefined
        ? undefined
        : 'manifest.sig: is missing'
      : signatureFault(text, signature, signer);
  const faults = [...checkManifest(text, found), ...(signing === undefined ? [] : [signing])];
  return { manifest: parse(text), signed: signature !== undefined, faults };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Undefined where there is no such file. */
function readText(folder: string, name: string): string | undefined {
  try {
    return new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(readFileSync(join(folder, name)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // Not UTF-8: some byte of it was changed.
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return '';
    throw new InputError(`${folder}: ${name} cannot be read (${code})`);
  }
}
