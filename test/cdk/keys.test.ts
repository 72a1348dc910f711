import { describe, expect, it } from 'vitest';
import { STAGES, type StageInput, stageConfig } from '../../cdk/config.ts';
import { FULL, resourcesOf, templateOf } from './support.ts';

type KeysInput = NonNullable<StageInput['keys']>;
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:stillwatch/fingerprint-key-AbCdEf';
const { collectors: _, ...WITHOUT } = FULL;
const stage = (keys: KeysInput): StageInput => ({ ...WITHOUT, keys });
const text = (value: unknown) => JSON.stringify(value);
const idsOf = (input: StageInput, type: string) =>
  resourcesOf(templateOf(input), type)
    .map(({ id }) => id)
    .filter((id) => id.startsWith('Keys'));

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

function statements(name: string, input: StageInput = FULL): Statement[] {
  const [policy] = resourcesOf(templateOf(input), 'AWS::IAM::Policy').filter(({ id }) => id.startsWith(name));
  return policy!.Properties.PolicyDocument.Statement as Statement[];
}

/** What a function may do with secrets and tables, each with what it may do it to. */
const rights = (name: string) =>
  Object.fromEntries(
    statements(name)
      .filter(({ Action }) => /secretsmanager|dynamodb/.test(text(Action)))
      .flatMap(({ Action, Resource }) => [Action].flat().map((action) => [action, text(Resource)] as const))
      .reduce((all, [action, on]) => all.set(action, `${all.get(action) ?? ''}${on}`), new Map<string, string>()),
  );

describe('the fingerprint key', () => {
  it('is there wherever the stack makes fingerprints, or is asked to keep one, and nowhere else', () => {
    for (const input of Object.values(STAGES)) expect(idsOf(input, 'AWS::DynamoDB::GlobalTable')).toEqual([]);
    for (const input of [FULL, stage({})]) expect(idsOf(input, 'AWS::DynamoDB::GlobalTable')).toHaveLength(2);
  });

  it('of the stack is made by a rotation that starts at once, and is not in the template', () => {
    const [rotation] = resourcesOf(templateOf(stage({})), 'AWS::SecretsManager::RotationSchedule');
    expect(rotation!.Properties).toMatchObject({
      RotateImmediatelyOnUpdate: true,
      RotationRules: { AutomaticallyAfterDays: 365 },
    });
    expect(text(rotation!.Properties.SecretId)).toContain('KeysHead');
  });

  it('outlives the stack in production, as what it named does', () => {
    const [head] = resourcesOf(templateOf(FULL), 'AWS::SecretsManager::Secret').filter(({ id }) =>
      id.startsWith('KeysHead'),
    );
    expect(head!.DeletionPolicy).toBe('Retain');
  });

  it('of a gateway is read and not touched, unless its rotation is asked for, and then not before its day', () => {
    expect(resourcesOf(templateOf(stage({ secret: SECRET })), 'AWS::SecretsManager::RotationSchedule')).toEqual([]);
    expect(idsOf(stage({ secret: SECRET }), 'AWS::Lambda::Function')).toHaveLength(1);
    const [rotation] = resourcesOf(
      templateOf(stage({ secret: SECRET, rotateDays: 90 })),
      'AWS::SecretsManager::RotationSchedule',
    );
    expect(rotation!.Properties).toMatchObject({ RotateImmediatelyOnUpdate: false, SecretId: SECRET });
  });

  it.each([
    [{ secret: 'stillwatch/key' }, /keys\.secret: not the full ARN of a secret/],
    [{ rotateDays: 30 }, /keys\.rotateDays: /],
    [{ overlapDays: 60 }, /keys\.overlapDays: /],
  ])('set wrongly stops the synthesis with the setting: %j', (keys, line) => {
    expect(() => stageConfig('x', { x: stage(keys) })).toThrow(line);
  });
});

describe('nobody can do more with the key than they must', () => {
  const EPOCHS = 'secret:stillwatch/Stillwatch-test/epoch/*';

  it('who makes keys cannot delete one, and who destroys them can neither read nor make one', () => {
    const rotate = rights('KeysRotateRole');
    expect(Object.keys(rotate).sort()).toEqual([
      'secretsmanager:CreateSecret',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ]);
    expect(rotate['secretsmanager:CreateSecret']).toContain(EPOCHS);
    const retire = rights('KeysRetireRole');
    expect(retire['secretsmanager:DeleteSecret']).toContain(EPOCHS);
    expect(retire['secretsmanager:DeleteSecret']).not.toContain('KeysHead');
    expect(retire['secretsmanager:GetSecretValue']).not.toContain(EPOCHS);
    expect(Object.keys(retire)).not.toContain('secretsmanager:CreateSecret');
  });

  it('who explains a value writes the log and nothing else: not the bridge, no aggregate, no finding', () => {
    const explain = rights('KeysExplainRole');
    expect(Object.keys(explain).sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'secretsmanager:GetSecretValue',
    ]);
    expect(explain['dynamodb:PutItem']).toContain('KeysExplainLog');
    expect(explain['dynamodb:PutItem']).not.toContain('KeysBridge');
    expect(explain['dynamodb:BatchGetItem']).toContain('KeysBridge');
  });

  it('ingest, sweep, notify and report have no way to the key', () => {
    for (const name of ['IngestRole', 'SweepRole', 'ReportsReportRole', 'AuditRole'])
      expect(text(statements(name))).not.toMatch(/epoch|KeysHead|KeysBridge/);
  });

  it('only callers that IAM knows are told what a value is called', () => {
    const urls = resourcesOf(templateOf(stage({})), 'AWS::Lambda::Url');
    expect(urls.map(({ Properties }) => Properties.AuthType)).toEqual(['AWS_IAM']);
  });

  it('only the service that rotates may start a rotation, and only for this account', () => {
    const [permission] = resourcesOf(templateOf(FULL), 'AWS::Lambda::Permission').filter(({ Properties }) =>
      text(Properties.FunctionName).includes('KeysRotate'),
    );
    expect(permission!.Properties).toMatchObject({ Principal: 'secretsmanager.amazonaws.com' });
    expect(permission!.Properties.SourceAccount).toBeDefined();
  });
});

it('a key that is not rotated when it is due, or that nothing looks at, is an alarm', () => {
  const alarms = resourcesOf(templateOf(stage({ rotateDays: 90 })), 'AWS::CloudWatch::Alarm').filter(
    ({ Properties }) => Properties.MetricName === 'KeyAgeDays',
  );
  expect(alarms.map(({ Properties }) => [Properties.Statistic, Properties.Threshold])).toEqual([
    ['SampleCount', 1],
    ['Maximum', 104],
  ]);
});
