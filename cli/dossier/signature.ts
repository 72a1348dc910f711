/** `manifest.sig`: an Ed25519 signature over the bytes of the manifest, with the public key it can be checked by. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InputError } from '../adapters/input/input-error.ts';

const SCHEMA = 'stillwatch.signature/1';

interface Signature {
  schema: typeof SCHEMA;
  algorithm: 'ed25519';
  /** DER of the public key (SPKI), base64. */
  publicKey: string;
  signature: string;
}

/** @throws InputError where the file holds no private Ed25519 key in PEM */
export function signManifest(text: string, keyFile: string): string {
  const key = readKey(keyFile, createPrivateKey, 'private');
  return write({
    schema: SCHEMA,
    algorithm: 'ed25519',
    publicKey: spki(createPublicKey(key)),
    signature: sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  });
}

/** What is wrong with a signature; undefined where it holds. `signer` is a PEM file of the key that must have signed. */
export function signatureFault(text: string, signature: string, signer?: string): string | undefined {
  const read = parse(signature);
  if (read === undefined || write(read) !== signature) return 'manifest.sig: was changed, or is no signature';
  if (signer !== undefined && spki(readKey(signer, createPublicKey, 'public')) !== read.publicKey)
    return `manifest.sig: was made with another key than ${signer}`;
  return holds(text, read) ? undefined : 'manifest.sig: does not fit manifest.json';
}

function holds(text: string, { publicKey, signature }: Signature): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const bytes = Buffer.from(signature, 'base64');
    return (
      bytes.toString('base64') === signature &&
      spki(key) === publicKey &&
      verify(null, Buffer.from(text, 'utf8'), key, bytes)
    );
  } catch {
    return false;
  }
}

function readKey(file: string, create: (pem: Buffer) => KeyObject, kind: string): KeyObject {
  try {
    const key = create(readFileSync(file));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'EACCES') throw new InputError(`${file}: cannot be read (${code})`);
  }
  throw new InputError(`${file}: holds no ${kind} Ed25519 key in PEM: openssl genpkey -algorithm ed25519 makes one`);
}

const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
const write = (value: Signature) => `${JSON.stringify(value, null, 2)}\n`;

function parse(text: string): Signature | undefined {
  try {
    const value = JSON.parse(text) as Signature;
    return value.schema === SCHEMA && value.algorithm === 'ed25519' ? value : undefined;
  } catch {
    return undefined;
  }
}
