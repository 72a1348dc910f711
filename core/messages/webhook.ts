/**
 * The signed webhook: the envelope as it is, signed as Standard Webhooks has it (https://www.standardwebhooks.com,
 * version 1). Twenty lines; the scheme's own package, which brings an
 * implementation of SHA-256 with it, is what the tests verify against.
 */
import { createHmac } from 'node:crypto';
import { fromBase64 } from './encodings.ts';
import { ENVELOPE_LIMIT, type Envelope } from './envelope.ts';

const PREFIX = 'whsec_';

export class WebhookSecretError extends Error {
  override name = 'WebhookSecretError';
}

export interface WebhookRequest {
  headers: { 'content-type': string } & Record<`webhook-${'id' | 'timestamp' | 'signature'}`, string>;
  body: string;
}

/** `timestamp` in seconds: a retry keeps the id and takes a new one. One signature per secret, so that they can rotate. */
export function webhookRequest(told: Envelope, timestamp: number, secrets: readonly string[]): WebhookRequest {
  const body = JSON.stringify(told);
  if (new TextEncoder().encode(body).length > ENVELOPE_LIMIT) throw new RangeError(`${told.messageId}: above 32 KiB`);
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': told.messageId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': secrets.map((secret) => sign(secret, told.messageId, timestamp, body)).join(' '),
    },
    body,
  };
}

/** @throws WebhookSecretError where the secret is not `whsec_` and at least 24 bytes of base64 */
export function sign(secret: string, id: string, timestamp: number, body: string): string {
  const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`, 'utf8');
  return `v1,${mac.digest('base64')}`;
}

function keyOf(secret: string): Uint8Array {
  const key = secret.startsWith(PREFIX) ? fromBase64(secret.slice(PREFIX.length)) : undefined;
  if (key === undefined || key.length < 24) {
    throw new WebhookSecretError(`a webhook secret is ${PREFIX} and the base64 of at least 24 bytes`);
  }
  return key;
}

/** The request as it stands on the wire, without the signature: a folder holds no secret. */
export function webhookFile(told: Envelope, timestamp: number): string {
  const { headers, body } = webhookRequest(told, timestamp, []);
  const { 'webhook-signature': _, ...unsigned } = headers;
  const lines = Object.entries(unsigned).map(([name, value]) => `${name}: ${value}`);
  return `POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}\n`;
}
