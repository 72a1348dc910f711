/** The body of a request: its bytes as sent, and its text. */
import { gunzipSync } from 'node:zlib';
import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** A function URL takes 6 MB, and Base64 makes a third more of a compressed body. */
export const MAX_SENT_BYTES = 5 * 1024 * 1024;
export const MAX_TEXT_BYTES = 32 * 1024 * 1024;

export function sentBytes({ body, isBase64Encoded }: LambdaFunctionURLEvent): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

export type BodyText = { text: string } | { status: 400 | 413 | 415; reason: string };

export function bodyText(bytes: Buffer, encoding: string): BodyText {
  if (encoding === '' || encoding === 'identity') return { text: bytes.toString('utf8') };
  if (encoding !== 'gzip') return { status: 415, reason: 'content-encoding must be gzip or none' };
  try {
    return { text: gunzipSync(bytes, { maxOutputLength: MAX_TEXT_BYTES }).toString('utf8') };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? { status: 413, reason: `the body unfolds to more than ${MAX_TEXT_BYTES} bytes` }
      : { status: 400, reason: 'the body is not gzip, as its content-encoding says' };
  }
}
