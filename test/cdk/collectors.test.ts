import { describe, expect, it } from 'vitest';
import { STAGES, type StageInput, stageConfig } from '../../cdk/config.ts';
import { checkRules } from '../../cdk/rules.ts';
import { appOf, FULL, type Resource, resourcesOf, templateOf } from './support.ts';

type Collectors = NonNullable<StageInput['collectors']>;
const stage = (collectors: Partial<Collectors>): StageInput => ({
  ...FULL,
  collectors,
});
const text = (value: unknown) => JSON.stringify(value);
const functions = (input: StageInput) =>
  resourcesOf(templateOf(input), 'AWS::Lambda::Function').filter(({ id }) => id.startsWith('Collectors'));
const transport = ({ Properties }: Resource) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME as string;

/** Statements of the one function whose logical name starts so. */
function rights(input: StageInput, name: string) {
  const policies = resourcesOf(templateOf(input), 'AWS::IAM::Policy').filter(({ id }) => id.startsWith(name));
  expect(policies).toHaveLength(1);
  const statements = policies[0]!.Properties.PolicyDocument.Statement as { Action: string | string[] }[];
  return { actions: statements.flatMap(({ Action }) => [Action].flat()).sort(), all: text(statements) };
}

describe('collectors', () => {
  it('are off unless they are asked for: a stage without them has nothing of theirs', () => {
    for (const input of Object.values(STAGES)) {
      const all = Object.keys((templateOf(input).toJSON() as { Resources: object }).Resources);
      expect(all.filter((id) => id.startsWith('Collectors'))).toEqual([]);
    }
  });

  it.each([
    [{ litellmQueue: true }, ['collect/held', 'collect/queue']],
    [{ litellmBucket: { name: 'logs' } }, ['collect/held', 'collect/objects']],
    [{ bedrockLogGroup: { name: '/bedrock' } }, ['collect/held', 'collect/logs']],
    [
      { bedrockBucket: { name: 'logs' }, cloudTrail: { name: 'trail' } },
      ['collect/calls', 'collect/held', 'collect/objects'],
    ],
    [{ http: { accept: ['otel' as const], auth: 'iam' as const } }, ['collect/held', 'collect/http']],
  ])('%j brings the functions that it needs, and the rules hold', (collectors, expected) => {
    const input = stage(collectors);
    expect(functions(input).map(transport).sort()).toEqual(expected);
    const { app } = appOf(input, { '@aws-cdk/core:validateAgainstDefaultRules': true });
    checkRules(app);
    expect(() => app.synth()).not.toThrow();
  });

  it('read the logs of others below the prefix that was named, and nothing else of the bucket', () => {
    const { all } = rights(FULL, 'CollectorsBedrockObjectsRole');
    expect(all).toContain(':s3:::bedrock-logs/logs/*');
    expect(all).not.toContain('trail');
    expect(all).not.toContain('litellm-logs');
  });

  it('have no right to change or delete anything of anybody', () => {
    const names = functions(FULL).map(({ id }) => id.replace(/Function\w+$/, 'Role'));
    for (const name of names) {
      for (const action of rights(FULL, name).actions) {
        expect(action, name).toMatch(
          /^(s3:(GetObject|PutObject|ListBucket)|kinesis:PutRecords|secretsmanager:GetSecretValue|dynamodb:(PutItem|BatchGetItem)|kms:(Decrypt|GenerateDataKey)|sqs:(ReceiveMessage|ChangeMessageVisibility|GetQueueUrl|DeleteMessage|GetQueueAttributes|SendMessage)|xray:\w+|logs:(CreateLogStream|PutLogEvents))$/,
        );
      }
    }
  });

  it('give the key to those that fingerprint, and not to the one that sends on what is held', () => {
    expect(rights(FULL, 'CollectorsHeldRole').all).not.toContain('secretsmanager');
    expect(rights(FULL, 'CollectorsHttpRole').all).toContain('KeysHead');
  });

  it('let held records wait for CloudTrail as long as was asked, and otherwise not at all', () => {
    const delays = (input: StageInput) =>
      resourcesOf(templateOf(input), 'AWS::SQS::Queue').map(({ Properties }) => Properties.DelaySeconds ?? 0);
    expect(delays(FULL).filter((delay) => delay > 0)).toEqual([900]);
    expect(delays(stage({ litellmQueue: true })).filter((delay) => delay > 0)).toEqual([]);
  });
});

describe('what is collected', () => {
  it('is told by the hold’s bucket to its queue, so that nothing held is forgotten', () => {
    const template = templateOf(FULL);
    const hold = resourcesOf(template, 'AWS::S3::Bucket').find(({ id }) => id.startsWith('CollectorsHold'))!;
    expect(hold.Properties.NotificationConfiguration.EventBridgeConfiguration).toEqual({ EventBridgeEnabled: true });
    const rule = resourcesOf(template, 'AWS::Events::Rule').find(({ id }) => id.startsWith('CollectorsHeldRule'))!;
    expect(rule.Properties.EventPattern.detail.bucket.name).toEqual([{ Ref: hold.id }]);
    expect(text(rule.Properties.Targets)).toContain('CollectorsHeldNew');
  });

  it('comes from a log group only after the group may call the function, or the deployment would fail', () => {
    const { Resources } = templateOf(FULL).toJSON() as {
      Resources: Record<string, { Type: string; DependsOn?: string[] }>;
    };
    const filter = Object.values(Resources).find(({ Type }) => Type === 'AWS::Logs::SubscriptionFilter')!;
    expect(filter.DependsOn!.map((id) => Resources[id]!.Type)).toContain('AWS::Lambda::Permission');
  });
});

describe('the URL', () => {
  const http = (auth: 'iam' | 'hmac') => stage({ http: { accept: ['litellm'], auth, concurrency: 7 } });

  it('is open to those alone who sign: with credentials of AWS, or with the secret of the stack', () => {
    const types = (auth: 'iam' | 'hmac') =>
      resourcesOf(templateOf(http(auth)), 'AWS::Lambda::Url')
        .filter(({ id }) => id.startsWith('Collectors'))
        .map(({ Properties }) => Properties.AuthType);
    expect(types('iam')).toEqual(['AWS_IAM']);
    expect(types('hmac')).toEqual(['NONE']);
    const [guarded] = functions(http('hmac')).filter((found) => transport(found) === 'collect/http');
    expect(guarded!.Properties.Environment.Variables).toMatchObject({ AUTH: 'hmac' });
    expect(text(guarded!.Properties.Environment.Variables.SIGNING_SECRET)).toContain('SigningSecret');
    const secrets = resourcesOf(templateOf(http('iam')), 'AWS::SecretsManager::Secret').map(({ id }) => id);
    expect(secrets.filter((id) => id.startsWith('Collectors'))).toEqual([]);
  });

  it('takes as many requests at a time as was said', () => {
    const [found] = functions(http('iam')).filter((each) => transport(each) === 'collect/http');
    expect(found!.Properties.ReservedConcurrentExecutions).toBe(7);
  });
});

describe('a wrong setting of a collector is named', () => {
  it.each([
    [{ bedrockBucket: { name: 'arn:aws:s3:::logs' } }, /collectors\.bedrockBucket\.name: not the name of a bucket/],
    [{ cloudTrail: { name: 'trail', waitMinutes: 60 } }, /collectors\.cloudTrail\.waitMinutes: /],
    [{ http: { accept: [], auth: 'iam' as const } }, /collectors\.http\.accept: /],
    [{ sources: { bedrock: { tenant: 'x' } } as never }, /collectors\.sources\.bedrock: /],
  ])('%j', (collectors, line) => {
    expect(() => stageConfig('x', { x: stage(collectors) })).toThrow(line);
  });
});
