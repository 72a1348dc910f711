/**
 * The hot path from a JSON value to a record: the checks of `schema.ts` by hand, for a fraction of zod's time. A property
 * test holds the two together. Nearly all records are clean exchanges and pass by one quick look; the table below is for
 * the rest, and for saying what is wrong.
 */
import {
  checkObject,
  EXTRA,
  type Fault,
  integer,
  known,
  list,
  matching,
  number,
  oneOf,
  type Shape,
  shape,
  text,
} from './checks.ts';
import { isCleanUsage } from './clean-usage.ts';
import {
  ACCOUNT_STATUSES,
  EMAIL_PATTERN,
  FLAGS,
  MAX_ASN,
  MAX_FLAGS,
  MAX_LATENCY_MS,
  MAX_MARKS,
  MAX_TEMPERATURE,
  MAX_TOPIC,
  NETWORK_KINDS,
  PAYMENT_KINDS,
  STATUSES,
  TASKS,
} from './format.ts';
import type { StillwatchRecord } from './schema.ts';
import { isFingerprint, isLanguage, isObject, isSketch, isTimeText } from './values.ts';

export type Parsed = { ok: true; record: StillwatchRecord } | ({ ok: false } & Fault);

/**
 * A record, or the first fault found. Fields that the contract does not know are left out; without any, the record is
 * `value` itself, not a copy. `reason` never repeats a value of the input.
 */
export function parseRecord(value: unknown): Parsed {
  if (!isObject(value)) return { ok: false, path: '', reason: 'not a JSON object' };
  if (isCleanUsage(value)) return { ok: true, record: value };
  const shape = SHAPES.get(value.type);
  if (shape === undefined) return { ok: false, path: 'type', reason: 'not one of usage, account, release' };
  const found = checkObject(value, shape);
  if (typeof found === 'object') return { ok: false, path: found.path, reason: found.reason };
  return { ok: true, record: (found === EXTRA ? known(value, shape) : value) as unknown as StillwatchRecord };
}

const count = integer(Number.MAX_SAFE_INTEGER);
const boolean = matching('not true or false', (value) => typeof value === 'boolean');
const fingerprint = matching('not a fingerprint (keyed hash of at least 64 bits, hex or base64url)', isFingerprint);
const time = matching('not an RFC 3339 time in UTC', isTimeText);
const sketch = matching('not base64url of 32 bytes', isSketch);
const language = matching('not a BCP 47 primary tag', isLanguage);
const pattern = matching(
  'not an address shape (letters a, digits 9)',
  (value) => typeof value === 'string' && EMAIL_PATTERN.test(value),
);
/** The table of shapes was chosen by it. */
const type = () => undefined;

const usage = shape(
  {
    type,
    id: text(128),
    time,
    account: text(256),
    model: text(128),
    tokens: shape({ input: count, output: count, reasoning: count, cacheRead: count, cacheWrite: count }, [
      'input',
      'output',
    ]),
    provider: text(128),
    operation: text(128),
    status: oneOf(STATUSES),
    finish: text(128),
    latencyMs: number(MAX_LATENCY_MS),
    params: shape({ maxTokens: count, temperature: number(MAX_TEMPERATURE), tools: count, stream: boolean }),
    network: shape({ ip: fingerprint, subnet: fingerprint, asn: integer(MAX_ASN), kind: oneOf(NETWORK_KINDS) }),
    client: shape({ tls: fingerprint, agent: fingerprint }),
    session: fingerprint,
    prompt: shape({
      system: fingerprint,
      template: fingerprint,
      sketch,
      contract: fingerprint,
      topic: integer(MAX_TOPIC),
      task: oneOf(TASKS),
      language,
      flags: list(oneOf(FLAGS), MAX_FLAGS),
    }),
    custody: shape({ minted: list(fingerprint, MAX_MARKS), presented: list(fingerprint, MAX_MARKS) }),
  },
  ['id', 'time', 'account', 'model', 'tokens'],
);

const account = shape(
  {
    type,
    time,
    account: text(256),
    createdAt: time,
    org: text(256),
    plan: text(128),
    programme: text(128),
    payment: shape({ instrument: fingerprint, issuer: fingerprint, kind: oneOf(PAYMENT_KINDS) }),
    email: shape({ domain: fingerprint, pattern }),
    phone: shape({ prefix: fingerprint }),
    referral: fingerprint,
    verified: boolean,
    status: oneOf(ACCOUNT_STATUSES),
  },
  ['time', 'account'],
);

const release = shape({ type, time, model: text(128) }, ['time', 'model']);

const SHAPES: ReadonlyMap<unknown, Shape> = new Map([
  ['usage', usage],
  ['account', account],
  ['release', release],
]);
