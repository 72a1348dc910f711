/** Signs a manifest with an asymmetric KMS key, as the caller: the private key never leaves KMS. */
import { createHash } from 'node:crypto';
import { type KeyAlgorithm, KMS_ALGORITHMS, signatureFault, signatureText } from '../../dossier/signature.ts';
import { InputError } from '../input/input-error.ts';
import type { Send } from './stack-signed.ts';

/** KMS hashes what is no longer than this, and takes the hash of anything else. */
const RAW_BYTES = 4096;

interface PublicKey {
  /** DER (SPKI), base64. */
  PublicKey: string;
  SigningAlgorithms: string[];
}

export class KmsSigner {
  private readonly key: string;
  private readonly send: Send;
  private readonly url: URL;

  /** `key`: ARN. `send`: signs for KMS in the key's Region. */
  constructor(key: string, send: Send, endpoint?: string) {
    this.key = key;
    this.send = send;
    const named = endpoint ?? process.env.AWS_ENDPOINT_URL_KMS ?? process.env.AWS_ENDPOINT_URL;
    this.url = new URL(named ?? `https://kms.${key.split(':')[3]}.amazonaws.com/`);
  }

  /** The text of `manifest.sig`. */
  async sign(manifest: string): Promise<string> {
    const { PublicKey: publicKey, SigningAlgorithms } = await this.call<PublicKey>('GetPublicKey', {});
    const algorithm = algorithmOf(this.key, SigningAlgorithms);
    const { Signature: signature } = await this.call<{ Signature: string }>('Sign', {
      ...messageOf(Buffer.from(manifest, 'utf8')),
      SigningAlgorithm: algorithm,
    });
    const text = signatureText({ algorithm, publicKey, signature });
    const fault = signatureFault(manifest, text);
    if (fault !== undefined) throw new Error(`KMS signed, and the signature does not hold: ${fault}`);
    return text;
  }

  private async call<T>(operation: string, body: object): Promise<T> {
    const response = await this.send(this.url, JSON.stringify({ KeyId: this.key, ...body }), {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${operation}`,
    });
    const answer = (await response.json().catch(() => ({}))) as T & { __type?: string; message?: string };
    if (response.ok) return answer;
    const type = answer.__type?.split('#').at(-1) ?? `HTTP ${response.status}`;
    if (type.startsWith('AccessDenied'))
      throw new InputError(
        `you may not sign: it needs kms:Sign and kms:GetPublicKey on ${this.key}; --sign KEY.pem signs with a key of yours`,
      );
    throw new Error(`kms:${operation} on ${this.key} failed: ${type}: ${answer.message ?? ''}`);
  }
}

/** The signature is the same either way. */
function messageOf(bytes: Buffer): { Message: string; MessageType: 'RAW' | 'DIGEST' } {
  if (bytes.length <= RAW_BYTES) return { Message: bytes.toString('base64'), MessageType: 'RAW' };
  return { Message: createHash('sha256').update(bytes).digest('base64'), MessageType: 'DIGEST' };
}

function algorithmOf(key: string, offered: readonly string[]): KeyAlgorithm {
  const found = KMS_ALGORITHMS.find((algorithm) => offered.includes(algorithm));
  if (found !== undefined) return found;
  throw new InputError(`${key}: signs by none of ${KMS_ALGORITHMS.join(', ')}`);
}
