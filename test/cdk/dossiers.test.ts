/** What people get who make dossiers: named after what would go wrong in front of counsel. */
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../core/settings.ts';
import { FULL, type Resource, resourcesOf, templateOf } from './support.ts';

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

const text = (value: unknown) => JSON.stringify(value);
const without = { ...FULL };
delete without.dossier;

function statementsOf(input: typeof FULL, policy: string): Statement[] {
  const [found] = resourcesOf(templateOf(input), 'AWS::IAM::ManagedPolicy').filter(({ id }) => id.startsWith(policy));
  return found!.Properties.PolicyDocument.Statement;
}
const having = (statements: Statement[], action: string) =>
  statements.filter(({ Action }) => [Action].flat().includes(action));
const keys = (input: typeof FULL) =>
  resourcesOf(templateOf(input), 'AWS::KMS::Key').filter(({ Properties }) => Properties.KeyUsage === 'SIGN_VERIFY');
const held = (input: typeof FULL): Resource[] =>
  resourcesOf(templateOf(input), 'AWS::S3::Bucket').filter(({ Properties }) => Properties.ObjectLockEnabled);

describe('whoever makes dossiers', () => {
  it('cannot rewrite the chain, decide a case, delete a record or lift a hold', () => {
    const statements = statementsOf(FULL, 'DossiersPeople');
    expect(text(statements)).not.toMatch(/UpdateItem|Delete|Bypass|PutObjectRetention|ScheduleKeyDeletion|"kms:\*"/);
    const [put] = having(statements, 'dynamodb:PutItem');
    expect(text(put!.Condition)).toContain('"dynamodb:LeadingKeys":["dossiers"]');
    expect(put!.Condition).toMatchObject({ Null: { 'dynamodb:LeadingKeys': 'false' } });
    for (const action of ['s3:PutObject', 's3:PutObjectLegalHold'])
      for (const { Condition } of having(statements, action))
        expect(Condition).toEqual({ StringEquals: { 's3:object-lock-legal-hold': 'ON' } });
  });

  it('cannot forge a link of the chain with the right to decide cases', () => {
    const [put] = having(statementsOf(FULL, 'CasesPeople'), 'dynamodb:PutItem');
    expect(text(put!.Condition)).toContain('"dynamodb:LeadingKeys":["log"]');
  });

  it('signs by the one algorithm of the one key, and by no other key', () => {
    const [key] = keys(FULL);
    const [sign] = having(statementsOf(FULL, 'DossiersPeople'), 'kms:Sign');
    expect(sign!.Condition).toEqual({ StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } });
    expect(text(sign!.Resource)).toContain(key!.id);
    expect(key!.Properties.KeySpec).toBe('ECC_NIST_P256');
    const [rsa] = keys({ ...FULL, dossier: { sign: 'rsa-pss' } });
    expect(rsa!.Properties.KeySpec).toBe('RSA_3072');
  });

  it('reads the archive and nothing else of its bucket', () => {
    const [list] = having(statementsOf(FULL, 'DossiersPeople'), 's3:ListBucket');
    expect(list!.Condition).toEqual({ StringLike: { 's3:prefix': ['usage/*', 'account/*', 'release/*'] } });
  });
});

describe('records that are held', () => {
  it('lie in a bucket that was made with object lock, which cannot be turned on for S3 later without a request', () => {
    const [bucket] = held(FULL);
    expect(bucket!.Properties).toMatchObject({
      ObjectLockEnabled: true,
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(text(bucket!.Properties.LifecycleConfiguration)).not.toContain('Expiration');
    expect(bucket!.DeletionPolicy).toBe('Retain');
  });
});

describe('a stage that does not ask for it', () => {
  it('pays for no key and has no bucket, and is still told where its archive is', () => {
    expect(keys(without)).toEqual([]);
    expect(held(without)).toEqual([]);
    const { Outputs } = templateOf(without).toJSON();
    expect(Object.keys(Outputs)).toContain('ArchiveBucketName');
    expect(Object.keys(Outputs)).not.toContain('DossierKeyArn');
    expect(Object.keys(Outputs)).not.toContain('HoldBucketName');
  });

  it('tells the command line its settings, so that figures are counted under the same', () => {
    const settings = { retentionDays: 30, listPrices: { 'opus-5': 25 }, alerts: { fold: '1h' } };
    const { Outputs } = templateOf({ ...without, settings }).toJSON();
    expect(parseSettings(JSON.parse(Outputs.Settings.Value))).toEqual(
      parseSettings({ deployment: 'test', ...settings }),
    );
  });
});
