/** Ids of exchanges: kept where they are opaque, since they must be found again in the platform's own logs. */
import type { Fingerprinter } from './fingerprint.ts';
import { looksSecret } from './looks-secret.ts';

/** Letters and digits, both of them: what generators of ids write, and hardly ever a name, an address or a number. */
const OPAQUE = /^(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_-]{1,128}$/;

/** The id itself, or its fingerprint where it could say who. */
export function opaqueId(id: string, fingerprinter: Fingerprinter): string {
  return OPAQUE.test(id) && !looksSecret(id) ? id : fingerprinter.fingerprint('exchange', id);
}
