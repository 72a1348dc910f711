/**
 * What people need to make dossiers of a deployment's findings: a policy that reads what a dossier states and counts, a
 * key that signs it, and a bucket under object lock that holds its records. No function has a part in it.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { acknowledgeBelow } from '../rules.ts';
import { output } from './alarms.ts';
import { onlyIn } from './cases.ts';
import { privateBucket, removalPolicy, type Shared } from './shared.ts';

type DossierConfig = NonNullable<StageConfig['dossier']>;

export interface DossiersProps {
  shared: Shared;
  dossier: DossierConfig;
  tables: Record<'aggregates' | 'findings' | 'outbox' | 'cases', TableV2>;
  archive: IBucket;
}

/** As `lambdas/adapters/dynamo-dossiers.ts` writes them. */
const PARTITION = 'dossiers';
/** Folders of the archive, one per type of record. */
const FOLDERS = ['usage/*', 'account/*', 'release/*'];

const SPECS = {
  'ecdsa-p256': { spec: KeySpec.ECC_NIST_P256, algorithm: 'ECDSA_SHA_256' },
  'rsa-pss': { spec: KeySpec.RSA_3072, algorithm: 'RSASSA_PSS_SHA_256' },
} as const;

export class Dossiers extends Construct {
  constructor(scope: Construct, id: string, props: DossiersProps) {
    super(scope, id);
    const { shared, dossier } = props;
    const stack = Stack.of(this);
    const held = dossier.hold ? this.heldBucket(shared) : undefined;
    const statements = [...this.reading(props), ...(dossier.sign ? this.signing(shared, dossier.sign) : [])];
    const policy = new ManagedPolicy(this, 'People', {
      description: 'Stillwatch: makes dossiers of findings, with their proof.',
      statements: [...statements, ...(held ? holding(held) : [])],
    });
    acknowledgeBelow(
      policy,
      'The records that figures are counted from.',
      props.archive,
      ...FOLDERS.map((of) => `/${of}`),
    );
    if (held) acknowledgeBelow(policy, 'One object per finding and sweep that is held.', held, '/*');
    output(stack, 'DossierPolicyArn', policy.managedPolicyArn, 'Attach it to the roles of people who make dossiers.');
  }

  private reading({ shared: { key }, tables, archive }: DossiersProps): PolicyStatement[] {
    const { cases, ...others } = tables;
    const keys = [key, archive.encryptionKey].flatMap((each) => (each ? [each.keyArn] : []));
    return [
      allow(
        ['dynamodb:Query', 'dynamodb:GetItem'],
        [cases, ...Object.values(others)].map(({ tableArn }) => tableArn),
      ),
      // A line of the chain is added and never changed; a decision is nothing that this policy makes.
      allow(['dynamodb:PutItem'], [cases.tableArn], onlyIn(PARTITION)),
      allow(
        ['s3:GetObject'],
        FOLDERS.map((folder) => archive.arnForObjects(folder)),
      ),
      allow(['s3:ListBucket'], [archive.bucketArn], { StringLike: { 's3:prefix': FOLDERS } }),
      allow(['cloudformation:DescribeStacks'], [Stack.of(this).stackId]),
      ...(keys.length > 0 ? [allow(['kms:Decrypt', 'kms:GenerateDataKey'], [...new Set(keys)])] : []),
    ];
  }

  private signing({ config }: Shared, sign: keyof typeof SPECS): PolicyStatement[] {
    const { spec, algorithm } = SPECS[sign];
    const key = new Key(this, 'SigningKey', {
      description: `Stillwatch ${config.stage}: signs the manifests of dossiers`,
      keySpec: spec,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: removalPolicy(config),
    });
    output(Stack.of(this), 'DossierKeyArn', key.keyArn, 'Signs the manifests of dossiers.');
    return [
      allow(['kms:Sign'], [key.keyArn], { StringEquals: { 'kms:SigningAlgorithm': algorithm } }),
      allow(['kms:GetPublicKey'], [key.keyArn]),
    ];
  }

  /** Without a retention of its own: what is put there goes when its legal hold is lifted and somebody deletes it. */
  private heldBucket(shared: Shared): IBucket {
    const made = new Bucket(this, 'Held', {
      ...privateBucket(shared.key),
      objectLockEnabled: true,
      versioned: true,
      serverAccessLogsBucket: shared.accessLogs,
      serverAccessLogsPrefix: 'Held/',
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: removalPolicy(shared.config),
    });
    output(Stack.of(this), 'HoldBucketName', made.bucketName, 'Records of findings are held here.');
    // The CDK's own types disagree on optional properties that may be undefined.
    return made as IBucket;
  }
}

/** A hold can be put on and not lifted: whoever may lift it is somebody else. */
function holding(held: IBucket): PolicyStatement[] {
  const objects = [held.arnForObjects('*')];
  return [
    allow(['s3:PutObject', 's3:PutObjectLegalHold'], objects, {
      StringEquals: { 's3:object-lock-legal-hold': 'ON' },
    }),
    allow(['s3:GetObject', 's3:GetObjectLegalHold'], objects),
    allow(['s3:GetBucketObjectLockConfiguration'], [held.bucketArn]),
  ];
}

function allow(actions: string[], resources: string[], conditions?: Record<string, unknown>): PolicyStatement {
  return new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) });
}
