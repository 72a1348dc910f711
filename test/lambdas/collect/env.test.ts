import { describe, expect, it } from 'vitest';
import { readEnv as calls } from '../../../lambdas/collect/calls/env.ts';
import { readEnv as held } from '../../../lambdas/collect/held/env.ts';
import { readEnv as http } from '../../../lambdas/collect/http/env.ts';
import { readEnv as logs } from '../../../lambdas/collect/logs/env.ts';
import { readEnv as objects } from '../../../lambdas/collect/objects/env.ts';
import { readEnv as queue } from '../../../lambdas/collect/queue/env.ts';

const common = {
  RECORDS_TO: 's',
  QUARANTINE_BUCKET: 'q',
  HOLD_BUCKET: 'h',
  FINGERPRINT_KEY_SECRET: 'arn',
  BRIDGE_TABLE: 'b',
  RETENTION_DAYS: '90',
  ATTRIBUTION: '{"bedrock":{"account":"tenant"}}',
};
const environments = {
  objects: { read: objects, needed: { ...common, FORMAT: 'bedrock', BUCKET: 'b', JOIN: 'wait' }, free: {} },
  logs: { read: logs, needed: { ...common, JOIN: 'none' }, free: { BODIES_BUCKET: 'b' } },
  queue: { read: queue, needed: common, free: {} },
  http: { read: http, needed: { ...common, ACCEPT: 'otel,litellm', AUTH: 'hmac', SIGNING_SECRET: 'arn' }, free: {} },
  calls: {
    read: calls,
    needed: {
      BUCKET: 'b',
      CALLS_TABLE: 't',
      QUARANTINE_BUCKET: 'q',
      FINGERPRINT_KEY_SECRET: 'arn',
      BRIDGE_TABLE: 'b',
      RETENTION_DAYS: '90',
    },
    free: {},
  },
  held: {
    read: held,
    needed: { RECORDS_TO: 's', QUARANTINE_BUCKET: 'q', HOLD_BUCKET: 'h' },
    free: { CALLS_TABLE: 't' },
  },
} as const;

describe.each(Object.entries(environments))('the environment of %s', (_, { read, needed, free }) => {
  it('is read whole', () => {
    expect(Object.keys(read({ ...needed, ...free })).sort()).toEqual(Object.keys({ ...needed, ...free }).sort());
  });

  it.each(Object.keys(needed))('says which variable is missing: %s', (name) => {
    expect(() => read({ ...needed, [name]: '' })).toThrow(`${name} is not set`);
  });

  it('takes an empty variable that may be left out for none', () => {
    const empty = Object.fromEntries(Object.keys(free).map((name) => [name, '']));
    expect(Object.keys(read({ ...needed, ...empty })).sort()).toEqual(Object.keys(needed).sort());
  });
});

describe('a variable that is wrong is named with what it must be', () => {
  it.each([
    [() => queue({ ...common, ATTRIBUTION: '{"bedrock":{"tenant":"x"}}' }), /^ATTRIBUTION: bedrock: /],
    [
      () => http({ ...common, AUTH: 'iam', ACCEPT: 'soap' }),
      'ACCEPT must be of litellm, otel, cloudevents, not "soap"',
    ],
    [() => http({ ...common, AUTH: 'none', ACCEPT: 'otel' }), 'AUTH must be iam or hmac, not "none"'],
  ])('%#', (read, line) => {
    expect(read).toThrow(line);
  });

  it('needs no secret of signatures where AWS has checked them', () => {
    expect(http({ ...common, AUTH: 'iam', ACCEPT: 'otel' })).not.toHaveProperty('SIGNING_SECRET');
  });
});
