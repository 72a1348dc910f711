import { describe, expect, it } from 'vitest';
import { STAGES, type StageInput, stageConfig } from '../../cdk/config.ts';

const prod = STAGES.prod!;
const failing = (more: object) => () => stageConfig('prod', { prod: { ...prod, ...more } as StageInput });

const AWS = (service: string) => `arn:aws:${service}:eu-west-1:111122223333`;
const BUS = `${AWS('events')}:event-bus/platform`;
const STREAM = `${AWS('kinesis')}:stream/usage`;
const KEY = `${AWS('kms')}:key/0aa1b2c3-1111-2222-3333-444455556666`;
const TOPIC = `${AWS('sns')}:findings`;

describe('a wrong, missing or contradictory setting stops synthesis with one line that names it', () => {
  it.each([
    [{ segments: 0 }, /^cdk\/config\.ts: prod\.segments: /],
    [{ sweepEveryHours: 5 }, /^cdk\/config\.ts: prod\.sweepEveryHours: /],
    [{ alertEmails: ['nobody'] }, /^cdk\/config\.ts: prod\.alertEmails\.0: not an e-mail address$/],
    [{ sweepEvery: 6 }, /^cdk\/config\.ts: prod: .*sweepEvery/],
    [{ settings: { retentionDays: 1 } }, /^cdk\/config\.ts: prod\.settings\.retentionDays: /],
    [{ report: { sender: 'a@example.com', recipients: [] } }, /^cdk\/config\.ts: prod\.report\.recipients: /],
    [{ stream: undefined }, /^cdk\/config\.ts: prod\.stream: missing: /],
    [{ intake: 'queue' }, /^cdk\/config\.ts: prod\.stream: contradicts intake: 'queue'/],
    [
      { intake: 'queue', stream: undefined, existing: { stream: { arn: STREAM } } },
      /^cdk\/config\.ts: prod\.existing\.stream: contradicts intake: 'queue'/,
    ],
    [{ intake: 'queue', stream: undefined, streamDays: 3 }, /prod\.streamDays: contradicts intake: 'queue'/],
    [{ existing: { stream: { arn: STREAM } } }, /^cdk\/config\.ts: prod\.stream: contradicts existing\.stream/],
    [{ existing: { stream: { arn: 'my-stream' } } }, /prod\.existing\.stream\.arn: not the ARN of a stream$/],
    [
      { existing: { key: `${AWS('kms')}:alias/mine` } },
      /prod\.existing\.key: not the ARN of a KMS key; an alias is not one$/,
    ],
    [{ customerKey: true, existing: { key: KEY } }, /prod\.customerKey: makes a key, and existing\.key brings one/],
    [
      { existing: { findingsTopic: { arn: TOPIC }, alarmTopic: TOPIC } },
      /prod\.existing\.alarmTopic: is the topic of the/,
    ],
    [{ senders: { organisation: '111122223333' } }, /prod\.senders\.organisation: not the id of an organisation/],
    [
      { senders: { organisation: 'o-a1b2c3d4e5' }, existing: { bus: BUS } },
      /prod\.senders\.organisation: cannot open existing\.bus/,
    ],
    [
      { existing: { bus: BUS, key: KEY.replace('eu-west-1', 'us-east-1') } },
      /prod\.existing\.key: is of .*us-east-1, but existing\.bus/,
    ],
    [{ collectors: {} }, /prod\.collectors: reads nothing/],
    [{ keys: { secret: 'stillwatch/key' } }, /prod\.keys\.secret: /],
    [
      { settings: { sharedKeys: { vendors: { key: '2026-1' } } }, collectors: { litellmQueue: true } },
      /prod\.settings\.sharedKeys: shares a key that the stack makes .* keys\.secret$/,
    ],
    [{ settings: { sharedKeys: { vendors: {} } } }, /prod\.settings\.sharedKeys\.vendors\.key: /],
    [
      { collectors: { litellmQueue: true, cloudTrail: { name: 'trail' } } },
      /prod\.collectors\.cloudTrail: adds to exchanges that Bedrock logged/,
    ],
    [{ alertEmails: ['a@example.com', 'a@example.com'] }, /prod\.alertEmails: a@example\.com is in it twice$/],
  ])('%j', (more, line) => {
    expect(failing(more)).toThrow(line);
    expect(failing(more)).not.toThrow(/\n/);
  });

  it('names the stages there are when asked for another', () => {
    expect(() => stageConfig('staging')).toThrow(
      'stage: "staging" is not in cdk/config.ts; choose one of dev, small, prod',
    );
  });

  it('names the stage whose name cannot be part of a name', () => {
    expect(() => stageConfig('Prod_1', { Prod_1: prod })).toThrow(/^stage: "Prod_1" is part of names: /);
  });
});

describe('a stage', () => {
  it('is the name of the deployment in messages unless the settings say otherwise', () => {
    expect(stageConfig('prod').settings.deployment).toBe('prod');
    const named = stageConfig('prod', { prod: { ...prod, settings: { deployment: 'eu' } } });
    expect(named.settings.deployment).toBe('eu');
  });
});
