/** Foreign names and identifiers, made fit to keep. */
import type { Fingerprinter } from '../records/fingerprint.ts';
import { looksSecret } from '../records/looks-secret.ts';

const EMAIL = /[^\s@]@[^\s@]+\.[^\s@]{2,}/;
const IPV4 = /(?:^|[^\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/;
const IPV6 = /(?:[0-9a-f]{0,4}:){3}|[0-9a-f]{1,4}::[0-9a-f]/i;

/** Whether text holds something of the shape of an e-mail or IP address. */
export function looksPersonal(value: string): boolean {
  return EMAIL.test(value) || IPV4.test(value) || IPV6.test(value);
}

/** An identifier: its fingerprint, or itself where the operator calls the field not identifying. At most 256 characters. */
export function identity(
  kind: 'account' | 'org',
  value: string,
  isPlain: boolean,
  fingerprinter: Fingerprinter,
): string {
  if (isPlain && value.length <= 256 && !givesAway(value)) return value;
  return fingerprinter.fingerprint(kind, value);
}

function givesAway(value: string): boolean {
  return looksPersonal(value) || looksSecret(value);
}

/** No space: a sentence is no name. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/;

/** A model's name; one that is too long, or a sentence, an address or a key, becomes a fingerprint and so still compares. */
export function modelName(value: string, fingerprinter: Fingerprinter): string {
  return NAME.test(value) && !givesAway(value) ? value : fingerprinter.fingerprint('model', value);
}

const SLUG = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/;

/** A provider's name in the manner of OpenTelemetry (`aws.bedrock`); anything else is left out. */
export function providerName(value: string | undefined): string | undefined {
  return value !== undefined && SLUG.test(value) && !givesAway(value) ? value : undefined;
}
