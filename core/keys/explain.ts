/** What one value is called under each key, for a person who may know. */
import { custodyFields } from '../records/custody.ts';
import { createFingerprinter, type Fingerprinter, type FingerprintKind } from '../records/fingerprint.ts';
import { accountFromSignup, type Signup } from '../records/from-signup.ts';
import type { PromptText } from '../records/prompt/prompt-fields.ts';
import { promptFields } from '../records/prompt/prompt-fields.ts';
import type { EpochKey } from './epoch.ts';

export interface ExplainRequest {
  kind: FingerprintKind;
  value: string;
  /** Why it is asked: a ticket, a request of the person concerned. */
  reason: string;
}

export interface Explained {
  epoch: string;
  fingerprint: string;
}

export class ExplainError extends Error {
  override name = 'ExplainError';
}

/** Made as the records were, so that a value given as people write it is found. */
const PRINTS: Record<FingerprintKind, (value: string, fp: Fingerprinter) => string | undefined> = {
  account: (value, fp) => fp.fingerprint('account', value),
  org: (value, fp) => fp.fingerprint('org', value),
  exchange: (value, fp) => fp.fingerprint('exchange', value),
  model: (value, fp) => fp.fingerprint('model', value),
  session: (value, fp) => fp.fingerprint('session', value),
  tls: (value, fp) => fp.fingerprint('tls', value),
  ip: (value, fp) => fp.ipFields(value)?.ip,
  subnet: (value, fp) => fp.ipFields(value.replace(/\/\d+$/, ''))?.subnet,
  agent: (value, fp) => fp.agent(value),
  'agent-headers': (value, fp) => fp.agent(value.split('\n')[0]!, value.split('\n').slice(1)),
  system: (value, fp) => fp.system(value),
  template: (value, fp) => prompt({ turns: [{ role: 'user', text: value }] }, fp)?.template,
  contract: (value, fp) => prompt({ turns: [{ role: 'user', text: value }] }, fp)?.contract,
  custody: (value, fp) => custodyFields({ ids: [value] }, {}, fp)?.minted?.[0],
  output: (value, fp) => custodyFields({ outputs: [value] }, {}, fp)?.minted?.[0],
  instrument: (value, fp) => signup({ payment: { instrument: value } }, fp).payment?.instrument,
  issuer: (value, fp) => signup({ payment: { issuer: value } }, fp).payment?.issuer,
  'email-domain': (value, fp) => fp.emailFields(value.includes('@') ? value : `x@${value}`)?.domain,
  'phone-prefix': (value, fp) => fp.phonePrefix(value),
  referral: (value, fp) => signup({ referral: value }, fp).referral,
};

export const FINGERPRINT_KINDS = Object.keys(PRINTS) as FingerprintKind[];

/**
 * The value's fingerprint under each key, in the order of the keys.
 *
 * @throws ExplainError of one line, without the value, where the kind is unknown, the value is none of the kind, or the
 * reason is missing or gives the value away
 */
export function explain(request: ExplainRequest, keys: readonly EpochKey[]): Explained[] {
  checkRequest(request);
  return keys.map(({ epoch, key }) => {
    const fingerprint = printerOf(request.kind, key)(request.value);
    if (fingerprint === undefined) throw new ExplainError(`the value is not of the kind ${request.kind}`);
    return { epoch, fingerprint };
  });
}

/** Fingerprints of values under one key; undefined for a value that is none of the kind. */
export function printerOf(kind: FingerprintKind, key: Uint8Array): (value: string) => string | undefined {
  const fingerprinter = createFingerprinter(key);
  return (value) => PRINTS[kind](value, fingerprinter);
}

/** Characters. */
const MAX_REASON = 500;
const MAX_VALUE = 1_000_000;

/** Of anything that came in as JSON. */
export function checkRequest(request: { [K in keyof ExplainRequest]?: unknown }): asserts request is ExplainRequest {
  const { kind, value, reason } = request;
  checkKind(kind);
  if (typeof value !== 'string' || value === '' || value.length > MAX_VALUE) {
    throw new ExplainError(`the value must be text of 1 to ${MAX_VALUE} characters`);
  }
  checkReason(reason);
  checkTells(reason, value);
}

export function checkKind(kind: unknown): asserts kind is FingerprintKind {
  if (!FINGERPRINT_KINDS.some((known) => known === kind)) {
    throw new ExplainError(`the kind must be one of ${FINGERPRINT_KINDS.join(', ')}`);
  }
}

export function checkReason(reason: unknown): asserts reason is string {
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > MAX_REASON || /\p{Cc}/u.test(reason)) {
    throw new ExplainError(`the reason must be one line of 1 to ${MAX_REASON} characters: it is kept in the log`);
  }
}

/** The reason is kept, and the value must not be. */
export function checkTells(reason: string, value: string): void {
  if (reason.toLowerCase().includes(value.trim().toLowerCase())) {
    throw new ExplainError('the reason holds the value, and the log must not: name a ticket instead');
  }
}

function prompt(text: PromptText, fp: Fingerprinter) {
  return promptFields(text, fp);
}

function signup(fields: Omit<Signup, 'time' | 'account'>, fp: Fingerprinter) {
  return accountFromSignup({ time: 0, account: '-', accountIsPlain: true, ...fields }, fp);
}
