/** What a deployment lends to whoever makes a dossier: its archive, its KMS key, its bucket under object lock. */
import { S3Client } from '@aws-sdk/client-s3';
import { parseSettings } from '../../../core/settings.ts';
import { S3Objects } from '../../../lambdas/adapters/s3.ts';
import { type Custody, configOf } from '../../dossier/custody.ts';
import { InputError } from '../input/input-error.ts';
import { archived } from './stack-archive.ts';
import { LockedBucket } from './stack-hold.ts';
import { KmsSigner } from './stack-kms.ts';
import { type Outputs, outputsOf, required } from './stack-outputs.ts';
import { signedFor } from './stack-signed.ts';

export async function openStackCustody(stack: string): Promise<Custody> {
  const outputs = await outputsOf(stack);
  const s3 = new S3Client();
  const bucket = required(stack, outputs, 'ArchiveBucketName');
  const key = outputs.get('DossierKeyArn');
  const settings: unknown = JSON.parse(required(stack, outputs, 'Settings'));
  const held = () => new LockedBucket(s3, heldIn(stack, outputs));
  return {
    config: configOf(parseSettings(settings)),
    records: (span) => archived(new S3Objects(s3, bucket), bucket, span),
    ...(key === undefined ? {} : { signer: signerOf(key) }),
    canHold: async () => held().check(),
    hold: async (file, name) => held().hold(file, name),
  };
}

function signerOf(key: string) {
  const signer = new KmsSigner(key, signedFor('kms', key.split(':')[3]!));
  return (manifest: string) => signer.sign(manifest);
}

function heldIn(stack: string, outputs: Outputs): string {
  const bucket = outputs.get('HoldBucketName');
  if (bucket !== undefined) return bucket;
  throw new InputError(
    `--hold: stack:${stack} has no bucket under object lock: set dossier.hold in cdk/config.ts and deploy, or leave --hold out`,
  );
}
