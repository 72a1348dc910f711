/** Records for tests: plain builders with overrides, and arbitraries that cover the whole contract. */
import fc from 'fast-check';
import { ACCOUNT_STATUSES, FLAGS, NETWORK_KINDS, PAYMENT_KINDS, STATUSES, TASKS } from '../../core/records/format.ts';
import type { AccountRecord, ReleaseRecord, StillwatchRecord, UsageRecord } from '../../core/records/schema.ts';

export function aUsage(overrides: Partial<UsageRecord> = {}): UsageRecord {
  return {
    type: 'usage',
    id: 'req_01HZX4',
    time: '2026-04-22T09:14:07.120Z',
    account: 'k_88dc28d0',
    model: 'opus-5',
    tokens: { input: 1024, output: 2048 },
    ...overrides,
  };
}

export function anAccount(overrides: Partial<AccountRecord> = {}): AccountRecord {
  return {
    type: 'account',
    time: '2026-04-03T11:02:51.000Z',
    account: 'k_88dc28d0',
    createdAt: '2026-04-03T11:02:51.000Z',
    org: 'o_5521',
    plan: 'pay_as_you_go',
    ...overrides,
  };
}

export function aRelease(overrides: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return { type: 'release', time: '2026-05-12T16:00:00.000Z', model: 'opus-5.1', ...overrides };
}

/** Any valid usage record; with `fixed`, those fields are as given. */
export function usageRecord(fixed: Partial<UsageRecord> = {}): fc.Arbitrary<UsageRecord> {
  return fc
    .record(USAGE_FIELDS, needs('type', 'id', 'time', 'account', 'model', 'tokens'))
    .map((record) => ({ ...record, ...fixed }) as UsageRecord);
}

/** Any valid account record; with `fixed`, those fields are as given. */
export function accountRecord(fixed: Partial<AccountRecord> = {}): fc.Arbitrary<AccountRecord> {
  return fc
    .record(ACCOUNT_FIELDS, needs('type', 'time', 'account'))
    .map((record) => ({ ...record, ...fixed }) as AccountRecord);
}

export function releaseRecord(fixed: Partial<ReleaseRecord> = {}): fc.Arbitrary<ReleaseRecord> {
  const fields = { type: fc.constant('release' as const), time: time(), model: text(128) };
  return fc.record(fields, { noNullPrototype: true }).map((record) => ({ ...record, ...fixed }));
}

export function anyRecord(): fc.Arbitrary<StillwatchRecord> {
  return fc.oneof({ weight: 6, arbitrary: usageRecord() }, { weight: 3, arbitrary: accountRecord() }, releaseRecord());
}

/** 64 bits in hex, or 96 bits in base64url. */
export function fingerprint(): fc.Arbitrary<string> {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 16, maxLength: 16 });
  const letters = fc.constantFrom(...'ABCXYZabcxyz019-_');
  return fc.oneof(hex, fc.string({ unit: letters, minLength: 16, maxLength: 16 }));
}

/** A moment from 2025 to 2027 in every spelling the contract allows. */
export function time(): fc.Arbitrary<string> {
  const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
  const ending = fc.constantFrom('ms', 's', 'us');
  return fc.tuple(moment, ending).map(([date, form]) => {
    const iso = date.toISOString();
    if (form === 's') return `${iso.slice(0, 19)}Z`;
    return form === 'us' ? `${iso.slice(0, 23)}456Z` : iso;
  });
}

function needs<K extends string>(...requiredKeys: K[]): { requiredKeys: K[]; noNullPrototype: true } {
  return { requiredKeys, noNullPrototype: true };
}

function someOf<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [], noNullPrototype: true }) as fc.Arbitrary<Partial<T>>;
}

function text(max: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ minLength: 1, maxLength: Math.min(max, 24) }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  );
}

const count = () => fc.oneof(fc.nat(200_000), fc.maxSafeNat());

const prompt = () =>
  someOf({
    system: fingerprint(),
    template: fingerprint(),
    sketch: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    contract: fingerprint(),
    topic: fc.integer({ min: 0, max: 63 }),
    task: fc.constantFrom(...TASKS),
    language: fc.constantFrom('en', 'de', 'zh', 'fil'),
    flags: fc.uniqueArray(fc.constantFrom(...FLAGS)),
  });

const USAGE_FIELDS = {
  type: fc.constant('usage' as const),
  id: text(128),
  time: time(),
  account: text(256),
  model: text(128),
  tokens: fc.record(
    { input: count(), output: count(), reasoning: count(), cacheRead: count(), cacheWrite: count() },
    needs('input', 'output'),
  ),
  provider: text(128),
  operation: text(128),
  status: fc.constantFrom(...STATUSES),
  finish: text(128),
  latencyMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  params: someOf({
    maxTokens: count(),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    tools: fc.nat(200),
    stream: fc.boolean(),
  }),
  network: someOf({
    ip: fingerprint(),
    subnet: fingerprint(),
    asn: fc.integer({ min: 0, max: 4_294_967_295 }),
    kind: fc.constantFrom(...NETWORK_KINDS),
  }),
  client: someOf({ tls: fingerprint(), agent: fingerprint() }),
  session: fingerprint(),
  prompt: prompt(),
  custody: someOf({
    minted: fc.array(fingerprint(), { maxLength: 8 }),
    presented: fc.array(fingerprint(), { maxLength: 8 }),
  }),
};

const ACCOUNT_FIELDS = {
  type: fc.constant('account' as const),
  time: time(),
  account: text(256),
  createdAt: time(),
  org: text(256),
  plan: text(128),
  programme: text(128),
  payment: someOf({ instrument: fingerprint(), issuer: fingerprint(), kind: fc.constantFrom(...PAYMENT_KINDS) }),
  email: someOf({
    domain: fingerprint(),
    pattern: fc.string({ unit: fc.constantFrom('a', '9', '.', '_', '+', '-'), minLength: 1, maxLength: 24 }),
  }),
  phone: someOf({ prefix: fingerprint() }),
  referral: fingerprint(),
  verified: fc.boolean(),
  status: fc.constantFrom(...ACCOUNT_STATUSES),
};
