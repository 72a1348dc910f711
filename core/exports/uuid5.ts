/** Names as ids: the same name is the same UUID. */
import { createHash } from 'node:crypto';

/** Of URLs (RFC 9562). */
const URLS = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';
/** Own namespace of what is exported. */
export const NAMESPACE = uuid5(URLS, 'https://stillwatch.invalid/stix');

/** RFC 9562, version 5. */
export function uuid5(namespace: string, name: string): string {
  const space = Uint8Array.from(namespace.replaceAll('-', '').match(/../g)!, (hex) => Number.parseInt(hex, 16));
  const bytes = Uint8Array.from(createHash('sha1').update(space).update(name, 'utf8').digest().subarray(0, 16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
