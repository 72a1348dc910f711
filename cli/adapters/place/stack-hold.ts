/** A bucket under object lock: what is put there under a legal hold can be changed and deleted by nobody until it is lifted. */
import { open } from 'node:fs/promises';
import {
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { digestFile } from '../../dossier/digest-file.ts';
import { InputError } from '../input/input-error.ts';

/** S3 takes no more in one call. */
const MOST_BYTES = 5 * 1024 ** 3;

export class LockedBucket {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.client = client;
    this.bucket = bucket;
  }

  /** @throws InputError where the bucket has no object lock, or the caller may not use it */
  async check(): Promise<void> {
    const config = await this.told(() =>
      this.client.send(new GetObjectLockConfigurationCommand({ Bucket: this.bucket })),
    );
    if (config.ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled') throw this.unlocked();
  }

  /** The same file again is not put again. Returns its address. */
  async hold(file: string, name: string): Promise<string> {
    const { bytes, sha256 } = await digestFile(file, name);
    if (bytes > MOST_BYTES) throw new InputError(`--hold: ${bytes} bytes are more than S3 takes in one object`);
    const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
    const object = { Bucket: this.bucket, Key: name };
    if (!(await this.isHeld(name, ChecksumSHA256))) {
      await this.put({ ...object, ChecksumSHA256, ContentLength: bytes }, file);
      if (!(await this.isHeld(name, ChecksumSHA256)))
        throw new Error(`s3://${this.bucket}/${name}: was put, and S3 does not say that it is under a legal hold`);
    }
    return `s3://${this.bucket}/${name}`;
  }

  private async put(object: PutObjectCommandInput, file: string): Promise<void> {
    const opened = await open(file);
    const Body = opened.createReadStream({ autoClose: false });
    // Under object lock S3 takes nothing without the name of its checksum.
    const how = {
      ChecksumAlgorithm: 'SHA256',
      ContentType: 'application/gzip',
      ObjectLockLegalHoldStatus: 'ON',
    } as const;
    try {
      await this.told(() => this.client.send(new PutObjectCommand({ ...object, ...how, Body })));
    } finally {
      await opened.close();
    }
  }

  private async isHeld(Key: string, sha256: string): Promise<boolean> {
    try {
      const head = await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key, ChecksumMode: 'ENABLED' }));
      return head.ObjectLockLegalHoldStatus === 'ON' && head.ChecksumSHA256 === sha256;
    } catch (error) {
      // Without the right to list, an object that is not there is a 403.
      if (/^(NotFound|NoSuchKey|Forbidden|AccessDenied|403)$/.test((error as Error).name)) return false;
      throw error;
    }
  }

  private async told<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'ObjectLockConfigurationNotFoundError' || /missing Object ?Lock ?Configuration/i.test(message))
        throw this.unlocked();
      if (!/^(AccessDenied|Forbidden|403)/.test(name)) throw error;
      throw new InputError(
        `you may not hold records: it needs s3:PutObject, s3:PutObjectLegalHold, s3:GetObject, s3:GetObjectLegalHold and s3:GetBucketObjectLockConfiguration on ${this.bucket}`,
      );
    }
  }

  private unlocked(): InputError {
    return new InputError(
      `--hold: ${this.bucket} has no object lock, so nothing can be held there: set dossier.hold in cdk/config.ts and deploy`,
    );
  }
}
