import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../core/settings.ts';
import { readEnv as ingest } from '../../lambdas/ingest/env.ts';
import { readEnv as notify } from '../../lambdas/notify/env.ts';
import { readEnv as report } from '../../lambdas/report/env.ts';
import { readEnv as sweep } from '../../lambdas/sweep/env.ts';

const TABLES = { AGGREGATES_TABLE: 'aggregates', FINDINGS_TABLE: 'findings' };
const SETTINGS = JSON.stringify(parseSettings({ deployment: 'prod' }));
const environments = {
  ingest: {
    read: ingest,
    env: { ...TABLES, QUARANTINE_BUCKET: 'q', ARCHIVE_BUCKET: 'a', RETENTION_DAYS: '90', QUARANTINE_PAYLOAD: 'drop' },
    unused: ['FINDINGS_TABLE'],
  },
  sweep: {
    read: sweep,
    env: { ...TABLES, SWEEP_BUCKET: 's', EVENT_BUS: 'b', SEGMENTS: '4', VERSION: '0.9.2', SETTINGS },
    unused: [],
  },
  notify: {
    read: notify,
    env: {
      ...TABLES,
      FINDINGS_TOPIC: 'arn',
      OUTBOX_TABLE: 'o',
      CASES_TABLE: 'c',
      SWEEP_BUCKET: 's',
      CHANNELS: '{}',
      SWEEP_HOURS: '6',
      VERSION: '0.9.2',
      SETTINGS,
    },
    unused: [],
  },
  report: {
    read: report,
    env: {
      ...TABLES,
      OUTBOX_TABLE: 'o',
      CASES_TABLE: 'c',
      SWEEP_HOURS: '6',
      SWEEP_BUCKET: 's',
      SENDER: 'a@example.com',
      RECIPIENTS: 'b@example.com,c@example.com',
      CONFIGURATION_SET: 'm',
      DEAD_LETTERS: 'https://sqs.eu-central-1.amazonaws.com/111122223333/q',
      STACK_NAME: 'stillwatch-prod',
      SETTINGS,
    },
    unused: [],
  },
} as const;

describe.each(Object.entries(environments))('the environment of %s', (_name, { read, env, unused }) => {
  const names = Object.keys(env).filter((name) => !(unused as readonly string[]).includes(name));

  it('is read whole', () => {
    const mayBeEmpty = 'UNSUBSCRIBE_URL';
    expect(
      Object.keys(read(env))
        .filter((name) => name !== mayBeEmpty)
        .sort(),
    ).toEqual([...names].sort());
  });

  it.each(names)('says which variable is missing: %s', (name) => {
    expect(() => read({ ...env, [name]: undefined })).toThrow(`${name} is not set`);
    expect(() => read({ ...env, [name]: '' })).toThrow(`${name} is not set`);
  });
});

describe('a variable that is wrong is named with what it must be', () => {
  it.each([
    [
      () => ingest({ ...environments.ingest.env, RETENTION_DAYS: 'ninety' }),
      'RETENTION_DAYS must be a whole number from 1 to 400, not "ninety"',
    ],
    [
      () => ingest({ ...environments.ingest.env, QUARANTINE_PAYLOAD: 'yes' }),
      'QUARANTINE_PAYLOAD must be keep or drop, not "yes"',
    ],
    [
      () => sweep({ ...environments.sweep.env, SETTINGS: '{"deployment":"prod"}' }),
      'SETTINGS: detection: not as this version of the stack writes it; deploy again',
    ],
    [
      () => report({ ...environments.report.env, SETTINGS: SETTINGS.replace('"retentionDays":90,', '') }),
      'SETTINGS: retentionDays: not as this version of the stack writes it; deploy again',
    ],
    [() => notify({ ...environments.notify.env, SETTINGS: 'null' }), /^SETTINGS: detection: not as /],
    [() => sweep({ ...environments.sweep.env, SETTINGS: '{' }), /^SETTINGS: /],
  ])('%#', (read, line) => {
    expect(read).toThrow(line);
  });
});
