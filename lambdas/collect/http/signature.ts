/**
 * Signed requests: HMAC-SHA-256 over the time, the path and the body as they are sent. A request that is heard on the way
 * can be repeated for five minutes and no longer; within them a repeat changes nothing, since an exchange counts once.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Cached, cached } from '../cached.ts';
import { SECRET_TTL_MS, secretVersion } from '../secrets.ts';

export const TIMESTAMP_HEADER = 'x-stillwatch-timestamp';
export const SIGNATURE_HEADER = 'x-stillwatch-signature';
const WINDOW_MS = 5 * 60_000;

export interface SignedRequest {
  /** Unix seconds, decimal. */
  timestamp: string | undefined;
  /** `v1=` and 64 hex digits. */
  signature: string | undefined;
  path: string;
  /** As sent, before any decompression. */
  body: Uint8Array;
}

export function sign(secret: string, timestamp: string, path: string, body: Uint8Array): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}\n${path}\n`).update(body).digest('hex')}`;
}

/** Why a request is refused; undefined where one of the secrets signed it, in time. */
export function refusal(request: SignedRequest, secrets: readonly string[], now: number): string | undefined {
  const { timestamp = '', signature = '', path, body } = request;
  if (!/^\d{9,11}$/.test(timestamp)) return `${TIMESTAMP_HEADER} is not a time in Unix seconds`;
  if (Math.abs(now - Number(timestamp) * 1000) > WINDOW_MS) return `${TIMESTAMP_HEADER} is more than 5 minutes off`;
  const given = Buffer.from(signature);
  const matches = secrets.map((secret) => equal(given, Buffer.from(sign(secret, timestamp, path, body))));
  return matches.includes(true) ? undefined : `${SIGNATURE_HEADER} does not match`;
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The current secret and the one before: senders have until the next rotation to follow. Throws where there is none. */
export function signingSecrets(client: SecretsManagerClient, id: string, now: () => number): Cached<string[]> {
  const read = async () => {
    const versions = await Promise.all([
      secretVersion(client, id, 'AWSCURRENT'),
      secretVersion(client, id, 'AWSPREVIOUS'),
    ]);
    const secrets = versions.flatMap((version) => (version && version.text.length >= MIN_SECRET ? [version.text] : []));
    if (secrets.length === 0) throw new Error(`the signing secret is missing or under ${MIN_SECRET} characters`);
    return secrets;
  };
  return cached(read, SECRET_TTL_MS, now);
}

const MIN_SECRET = 32;
