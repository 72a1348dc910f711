/** What reading foreign formats needs of the configuration. */
import { createFingerprinter, type Fingerprinter } from '../../../core/records/fingerprint.ts';
import { type SourceContext, sourceContext } from '../../../core/sources/source.ts';
import type { ReplayConfig } from '../../config.ts';
import { loadFingerprintKey } from '../fingerprint-key.ts';
import { inflateBase64 } from './read.ts';

export function sourceOf({ sources, fingerprintKeyFile }: ReplayConfig): SourceContext {
  return sourceContext(lazyFingerprinter(fingerprintKeyFile), sources, inflateBase64);
}

/** The key is read, or made, only when a foreign format needs it; whoever copies the context needs nothing yet. */
function lazyFingerprinter(keyFile: string | undefined): Fingerprinter {
  let made: Fingerprinter | undefined;
  const get = () => {
    made ??= createFingerprinter(loadFingerprintKey(keyFile));
    return made;
  };
  return {
    fingerprint: (kind, value) => get().fingerprint(kind, value),
    ipFields: (ip) => get().ipFields(ip),
    agent: (userAgent, headerOrder) => get().agent(userAgent, headerOrder),
    emailFields: (address) => get().emailFields(address),
    phonePrefix: (phone) => get().phonePrefix(phone),
    system: (text) => get().system(text),
    get sketchSeeds() {
      return get().sketchSeeds;
    },
  };
}
