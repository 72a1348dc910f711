/**
 * `manifest.sig`: a signature over the bytes of the manifest, with the public key it can be checked by, without any
 * network. Ed25519 of a key file, or ECDSA on P-256 or RSA-PSS of a KMS key.
 */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { InputError } from '../adapters/input/input-error.ts';

const SCHEMA = 'stillwatch.signature/1';

/** As KMS names them, the one preferred first. */
export const KMS_ALGORITHMS = ['ECDSA_SHA_256', 'RSASSA_PSS_SHA_256'] as const;
const ALGORITHMS = ['ed25519', ...KMS_ALGORITHMS] as const;
export type KeyAlgorithm = (typeof ALGORITHMS)[number];

interface Signature {
  algorithm: KeyAlgorithm;
  /** DER of the public key (SPKI), base64. */
  publicKey: string;
  /** Base64; of ECDSA in DER. */
  signature: string;
}

export function signatureText({ algorithm, publicKey, signature }: Signature): string {
  return `${JSON.stringify({ schema: SCHEMA, algorithm, publicKey, signature }, null, 2)}\n`;
}

/** @throws InputError where the file holds no private Ed25519 key in PEM */
export function signManifest(text: string, keyFile: string): string {
  const key = readKey(keyFile, createPrivateKey, 'private Ed25519', ['ed25519']);
  return signatureText({
    algorithm: 'ed25519',
    publicKey: spki(createPublicKey(key)),
    signature: sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  });
}

/** What is wrong with a signature; undefined where it holds. `signer` is a PEM file of the key that must have signed. */
export function signatureFault(text: string, signature: string, signer?: string): string | undefined {
  const read = parse(signature);
  if (read === undefined || signatureText(read) !== signature) return 'manifest.sig: was changed, or is no signature';
  if (
    signer !== undefined &&
    spki(readKey(signer, createPublicKey, 'public', ['ed25519', 'ec', 'rsa'])) !== read.publicKey
  )
    return `manifest.sig: was made with another key than ${signer}`;
  return holds(text, read) ? undefined : 'manifest.sig: does not fit manifest.json';
}

/** The salt of RSA-PSS is read off the signature (RFC 8017, 9.1.2); KMS makes it as long as the hash. */
const RULES = {
  ed25519: { hash: null, type: 'ed25519', how: {} },
  ECDSA_SHA_256: { hash: 'sha256', type: 'ec', how: { dsaEncoding: 'der' } },
  RSASSA_PSS_SHA_256: {
    hash: 'sha256',
    type: 'rsa',
    how: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
  },
} as const;

function holds(text: string, { algorithm, publicKey, signature }: Signature): boolean {
  const { hash, type, how } = RULES[algorithm];
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    const bytes = Buffer.from(signature, 'base64');
    return (
      bytes.toString('base64') === signature &&
      spki(key) === publicKey &&
      key.asymmetricKeyType === type &&
      verify(hash, Buffer.from(text, 'utf8'), { key, ...how } as VerifyKeyObjectInput, bytes)
    );
  } catch {
    return false;
  }
}

function readKey(file: string, create: (pem: Buffer) => KeyObject, kind: string, types: readonly string[]): KeyObject {
  try {
    const key = create(readFileSync(file));
    if (types.includes(key.asymmetricKeyType ?? '')) return key;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'EACCES') throw new InputError(`${file}: cannot be read (${code})`);
  }
  throw new InputError(`${file}: holds no ${kind} key in PEM: openssl genpkey -algorithm ed25519 makes one`);
}

const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');

function parse(text: string): Signature | undefined {
  try {
    const value = JSON.parse(text) as Signature & { schema: string };
    return value.schema === SCHEMA && ALGORITHMS.includes(value.algorithm) ? value : undefined;
  } catch {
    return undefined;
  }
}
