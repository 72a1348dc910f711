/**
 * Keyed hashes in place of identifiers. Equal values of one kind give equal fingerprints under one key, and nothing
 * else can be read from them. The key guards small spaces (there are 2^32 IPv4 addresses), so it is a secret; a new key
 * cuts every link to what was stored under the old one.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { publicAddress } from './address.ts';
import { canonicalSystem } from './prompt/mask.ts';

/** What is hashed is part of the hash: the same text as a session and as an account gives different fingerprints. */
export type FingerprintKind =
  | 'account'
  | 'org'
  | 'exchange'
  | 'model'
  | 'session'
  | 'ip'
  | 'subnet'
  | 'tls'
  | 'agent'
  | 'agent-headers'
  | 'system'
  | 'template'
  | 'contract'
  | 'custody'
  | 'output'
  | 'instrument'
  | 'issuer'
  | 'email-domain'
  | 'phone-prefix'
  | 'referral';

export interface Fingerprinter {
  /** First 8 bytes, in hex, of HMAC-SHA-256(key, kind + NUL + value). The value is taken as it is. */
  fingerprint(kind: FingerprintKind, value: string): string;
  /** Address and its /24 or /48; `undefined` for private or malformed addresses and for names of services. */
  ipFields(ip: string): { ip: string; subnet: string } | undefined;
  /** The client's software by its user agent; with the names of the headers in their order, a kind of its own. */
  agent(userAgent: string, headerOrder?: readonly string[]): string;
  /** `undefined` where the text is not an address. The pattern is the shape of the part before the `@`. */
  emailFields(address: string): { domain: string; pattern: string } | undefined;
  /** The block of 10,000 numbers that a number lies in; `undefined` unless it is in international form. */
  phonePrefix(phone: string): string | undefined;
  /** A system prompt without its variable parts, case and spacing. */
  system(text: string): string;
  /** 32 words of key material: the permutations of the prompt sketches. */
  readonly sketchSeeds: Uint32Array;
}

/** Bytes. Half of SHA-256's output; a shorter key could be searched. */
const MIN_KEY_BYTES = 16;

/** Throws where the key is shorter than 16 bytes. */
export function createFingerprinter(key: Uint8Array): Fingerprinter {
  if (key.length < MIN_KEY_BYTES) {
    throw new Error(`The fingerprint key has ${key.length} bytes; it needs at least ${MIN_KEY_BYTES}, 32 are best.`);
  }
  // Made once: a raw key costs four times as much a hash.
  const secret = createSecretKey(key);
  const fingerprint = (kind: FingerprintKind, value: string) => hmac(secret, kind, value).slice(0, 16);
  return {
    fingerprint,
    ipFields: (ip) => ipFields(ip, fingerprint),
    agent: (userAgent, headerOrder) => agent(userAgent, headerOrder, fingerprint),
    emailFields: (address) => emailFields(address, fingerprint),
    phonePrefix: (phone) => phonePrefix(phone, fingerprint),
    system: (text) => fingerprint('system', canonicalSystem(text)),
    sketchSeeds: sketchSeeds(secret),
  };
}

type Hash = Fingerprinter['fingerprint'];

function hmac(key: KeyObject, kind: string, value: string): string {
  return createHmac('sha256', key).update(`${kind}\0${value}`).digest('hex');
}

function ipFields(text: string, hash: Hash): { ip: string; subnet: string } | undefined {
  const address = publicAddress(text);
  return address && { ip: hash('ip', address.ip), subnet: hash('subnet', address.subnet) };
}

function agent(userAgent: string, headerOrder: readonly string[] | undefined, hash: Hash): string {
  const name = userAgent.trim();
  if (headerOrder === undefined) return hash('agent', name);
  return hash('agent-headers', [name, ...headerOrder.map((header) => header.trim().toLowerCase())].join('\n'));
}

/** The longest local part that RFC 5321 allows is 64; the record holds twice that. */
const MAX_PATTERN = 128;

function emailFields(address: string, hash: Hash): { domain: string; pattern: string } | undefined {
  const text = address.trim().normalize('NFC');
  const at = text.lastIndexOf('@');
  const domain = asciiDomain(text.slice(at + 1));
  if (at < 1 || domain === undefined) return undefined;
  const shape = text.slice(0, at).replace(/\p{N}/gu, '9').replace(/\p{L}/gu, 'a');
  return { domain: hash('email-domain', domain), pattern: [...shape].slice(0, MAX_PATTERN).join('') };
}

/** Lower case, international names in their ASCII form, so that both spellings of a domain are one. */
function asciiDomain(text: string): string | undefined {
  if (!/^[^\s/:?#@\\[\]]+$/u.test(text)) return undefined;
  return URL.parse(`http://${text.replace(/\.$/, '')}`)?.hostname;
}

/** Digits that tell the lines of one block apart. Shorter prefixes would come near to naming a country. */
const LINE_DIGITS = 4;

function phonePrefix(phone: string, hash: Hash): string | undefined {
  const compact = phone.replace(/[\s().\-/]/g, '').replace(/^00/, '+');
  // E.164: at most 15 digits, the first of the country code is never 0.
  if (!/^\+[1-9]\d{7,14}$/.test(compact)) return undefined;
  return hash('phone-prefix', compact.slice(1, -LINE_DIGITS));
}

function sketchSeeds(key: KeyObject): Uint32Array {
  const words = [0, 1, 2, 3].flatMap((part) => hmac(key, 'sketch', String(part)).match(/.{8}/g) ?? []);
  return Uint32Array.from(words, (word) => Number.parseInt(word, 16));
}
