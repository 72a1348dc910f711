/** Signed requests, for services whose client would be one more library. */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** Sends a request; a test gives another. */
export type Send = (url: URL, body: string, headers?: Record<string, string>) => Promise<Response>;

/** As any client of the SDK finds them, in its `config.credentials`. */
export type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

/** Signature version 4. `service`: as in the scope of the signature, `lambda` or `sqs`. */
export function signedBy(credentials: Credentials, service: string, region: string): Send {
  return async (url, body, extra = {}) => {
    const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { host: url.host, 'content-type': 'application/json', ...extra },
      body,
    });
    return fetch(url, { method: 'POST', body, headers });
  };
}

/** Where the service is, as every client of AWS finds it: an endpoint of one's own network is named by the environment. */
export function endpointOf(service: string, region: string): string {
  return namedEndpoint(service) ?? `https://${service}.${region}.amazonaws.com`;
}

/** An endpoint of one's own network, where the environment names one. */
export function namedEndpoint(service: string): string | undefined {
  const { [`AWS_ENDPOINT_URL_${service.toUpperCase()}`]: own, AWS_ENDPOINT_URL: all } = process.env;
  return own ?? all;
}

/** `403 AccessDeniedException`: what a refusal says, in a few words and nothing of its text. */
export function asText({ status }: Response, { __type }: { __type?: string }): string {
  const type = __type?.split('#').at(-1);
  return type === undefined ? String(status) : `${status} ${type}`;
}

class Sha256 {
  private readonly hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
