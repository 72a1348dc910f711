/** The fingerprinter of a moment: one key, or two while epochs overlap. */
import { createFingerprinter, type Fingerprinter, type FingerprintKind } from '../records/fingerprint.ts';
import type { BridgePair } from './bridge.ts';
import { type KeyRing, namingKey, overlaps } from './epoch.ts';
import { bridgeKind, isNoted } from './kinds.ts';

export type Note = (pair: BridgePair) => void;

/**
 * Names as the ring says for `now` (ms since 1970). In an overlap each value is fingerprinted under both keys, the older
 * name is given and `note` is told of the pair: make it durable before the record that has the name counts as taken.
 * Sketches have no later name: prompts of two epochs are never alike.
 */
export function namer(ring: KeyRing, now: number, note: Note): Fingerprinter {
  const naming = createFingerprinter(namingKey(ring, now).key);
  if (!overlaps(ring, now)) return naming;
  const noted = (kind: FingerprintKind, newer: string, older: string) => {
    const at = bridgeKind(kind);
    if (isNoted(at, ring, now)) note({ kind: at, newer, older });
  };
  return paired(naming, createFingerprinter(ring.newest.key), noted);
}

type Noted = (kind: FingerprintKind, newer: string, older: string) => void;

function paired(older: Fingerprinter, newer: Fingerprinter, noted: Noted): Fingerprinter {
  const both = (kind: FingerprintKind, name: string, later: string) => {
    noted(kind, later, name);
    return name;
  };
  return {
    sketchSeeds: older.sketchSeeds,
    fingerprint: (kind, value) => both(kind, older.fingerprint(kind, value), newer.fingerprint(kind, value)),
    agent: (userAgent, order) => both('agent', older.agent(userAgent, order), newer.agent(userAgent, order)),
    system: (text) => both('system', older.system(text), newer.system(text)),
    phonePrefix: (phone) => {
      const name = older.phonePrefix(phone);
      return name === undefined ? undefined : both('phone-prefix', name, newer.phonePrefix(phone)!);
    },
    emailFields: (address) => {
      const fields = older.emailFields(address);
      if (fields) noted('email-domain', newer.emailFields(address)!.domain, fields.domain);
      return fields;
    },
    ipFields: (ip) => {
      const fields = older.ipFields(ip);
      const later = fields && newer.ipFields(ip)!;
      if (fields && later) {
        noted('ip', later.ip, fields.ip);
        noted('subnet', later.subnet, fields.subnet);
      }
      return fields;
    },
  };
}
