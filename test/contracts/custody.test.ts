/**
 * What a deployment lends to a dossier: the archive, the key and the bucket under object lock. With fakes of our own, and
 * with a server that is not ours where the environment names one.
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  CreateBucketCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { archived } from '../../cli/adapters/place/stack-archive.ts';
import { LockedBucket } from '../../cli/adapters/place/stack-hold.ts';
import { KmsSigner } from '../../cli/adapters/place/stack-kms.ts';
import { type Send, signedFor } from '../../cli/adapters/place/stack-signed.ts';
import { signatureFault } from '../../cli/dossier/signature.ts';
import { MemoryObjects } from '../lambdas/support.ts';
import { scratch } from '../support/cli.ts';
import { namedEndpoint } from '../support/dynamodb.ts';

const tmp = scratch();
afterAll(() => tmp.remove());

const MANIFEST = '{"schema":"stillwatch.manifest/1"}\n';
const LONG = `${MANIFEST}${' '.repeat(5000)}`;
const ARN = 'arn:aws:kms:eu-west-1:111122223333:key/k';

/** KMS as it answers, with a key of this process. */
function kms(spec: 'ec' | 'rsa', answer: Record<string, [number, object]> = {}): Send & { asked: string[] } {
  const pair =
    spec === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const PublicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const SigningAlgorithms = spec === 'ec' ? ['ECDSA_SHA_256'] : ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256'];
  const asked: string[] = [];
  const send: Send = async (url, body, headers = {}) => {
    const operation = headers['x-amz-target']!.replace('TrentService.', '');
    asked.push(`${url.href} ${operation}`);
    if (answer[operation]) return Response.json(answer[operation][1], { status: answer[operation][0] });
    if (operation === 'GetPublicKey') return Response.json({ PublicKey, SigningAlgorithms });
    const { Message, MessageType } = JSON.parse(body) as { Message: string; MessageType: string };
    const message = Buffer.from(Message, 'base64');
    expect(message.length).toBeLessThanOrEqual(4096);
    const text = [MANIFEST, LONG].find((each) =>
      MessageType === 'RAW'
        ? message.equals(Buffer.from(each))
        : message.equals(createHash('sha256').update(each).digest()),
    )!;
    const how = spec === 'ec' ? {} : { padding: 6, saltLength: 32 };
    const signature = sign('sha256', Buffer.from(text), { key: pair.privateKey, ...how });
    return Response.json({ Signature: signature.toString('base64') });
  };
  return Object.assign(send, { asked });
}

describe('a manifest signed by KMS', () => {
  it.each([
    ['ec', 'ECDSA_SHA_256'],
    ['rsa', 'RSASSA_PSS_SHA_256'],
  ] as const)('of a key of type %s is checked without any network, to the bit', async (spec, algorithm) => {
    const send = kms(spec);
    const text = await new KmsSigner(ARN, send).sign(MANIFEST);
    expect(send.asked).toEqual([
      'https://kms.eu-west-1.amazonaws.com/ GetPublicKey',
      'https://kms.eu-west-1.amazonaws.com/ Sign',
    ]);
    expect(JSON.parse(text)).toMatchObject({ algorithm });
    expect(signatureFault(MANIFEST, text)).toBeUndefined();
    expect(signatureFault(MANIFEST.replace('1', '2'), text)).toMatch(/does not fit/);
    const other = JSON.parse(text) as { signature: string };
    const swapped = text.replace(other.signature, Buffer.alloc(70, 7).toString('base64'));
    expect(signatureFault(MANIFEST, swapped)).toMatch(/manifest.sig/);
    const pretended = text.replace(algorithm, algorithm === 'ECDSA_SHA_256' ? 'RSASSA_PSS_SHA_256' : 'ECDSA_SHA_256');
    expect(signatureFault(MANIFEST, pretended)).toMatch(/does not fit/);
  });

  it.each(['ec', 'rsa'] as const)('too long for one call is signed by its hash: %s', async (spec) => {
    const text = await new KmsSigner(ARN, kms(spec)).sign(LONG);
    expect(signatureFault(LONG, text)).toBeUndefined();
  });

  it('is known by the public key that counsel was given, and not by another', async () => {
    const text = await new KmsSigner(ARN, kms('ec')).sign(MANIFEST);
    const { publicKey } = JSON.parse(text) as { publicKey: string };
    const pem = (der: string) => `-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----\n`;
    expect(signatureFault(MANIFEST, text, tmp.file('own.pem', pem(publicKey)))).toBeUndefined();
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'pem',
      type: 'spki',
    });
    expect(signatureFault(MANIFEST, text, tmp.file('other.pem', stranger))).toMatch(/another key/);
  });

  it('says which right is missing, and that a key file would do', async () => {
    const denied = kms('ec', { Sign: [400, { __type: 'AccessDeniedException', message: 'no' }] });
    await expect(new KmsSigner(ARN, denied).sign(MANIFEST)).rejects.toThrow(/kms:Sign and kms:GetPublicKey.*--sign/);
    const gone = kms('ec', {
      Sign: [400, { __type: 'com.amazonaws#KMSInvalidStateException', message: 'pending deletion' }],
    });
    await expect(new KmsSigner(ARN, gone).sign(MANIFEST)).rejects.toThrow(/KMSInvalidStateException: pending deletion/);
  });
});

describe('the archive as input', () => {
  const objects = new MemoryObjects();
  for (const key of [
    'usage/day=2026-06-14/hour=00/a.parquet',
    'usage/day=2026-06-15/hour=23/b.parquet',
    'usage/day=2026-06-16/hour=00/c.parquet',
    'account/day=2026-01-01/hour=00/d.parquet',
    'other/e',
  ])
    objects.put(key, key);
  const DAY = Date.parse('2026-06-15') / 86_400_000;

  it('is what its days hold and all that was said of accounts, named as it lies there', async () => {
    const { inputs, nameOf, remove } = await archived(objects, 'the-archive', { from: DAY, to: DAY });
    const [folder] = inputs;
    expect(readFileSync(`${folder}/usage/day=2026-06-15/hour=23/b.parquet`, 'utf8')).toContain('b.parquet');
    expect(existsSync(`${folder}/account/day=2026-01-01/hour=00/d.parquet`)).toBe(true);
    expect(existsSync(`${folder}/usage/day=2026-06-14`)).toBe(false);
    expect(existsSync(`${folder}/usage/day=2026-06-16`)).toBe(false);
    expect(nameOf!(`${folder}/usage/day=2026-06-15/hour=23/b.parquet`)).toBe(
      's3://the-archive/usage/day=2026-06-15/hour=23/b.parquet',
    );
    remove!();
    expect(existsSync(folder!)).toBe(false);
  });

  it('says so where it holds nothing any more, or may not be read', async () => {
    const empty = archived(new MemoryObjects(), 'the-archive', { from: DAY, to: DAY });
    await expect(empty).rejects.toThrow(/the archive holds nothing/);
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    const closed = {
      get: async () => undefined,
      keys: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(denied) }) }),
    };
    await expect(archived(closed, 'the-archive', { from: DAY, to: DAY })).rejects.toThrow(
      /s3:ListBucket and s3:GetObject/,
    );
  });
});

describe('records under a legal hold', () => {
  const s3 = mockClient(S3Client);
  afterEach(() => s3.reset());
  afterAll(() => s3.restore());
  const bucket = () => new LockedBucket(new S3Client({ region: 'eu-west-1' }), 'held');
  const file = () => tmp.file('records.ndjson.gz', 'records');
  const sha256 = createHash('sha256').update('records').digest('base64');
  const HELD = { ObjectLockLegalHoldStatus: 'ON', ChecksumSHA256: sha256 } as const;
  const taken = async ({ Body }: { Body: AsyncIterable<Buffer> }) => {
    let read = '';
    for await (const chunk of Body) read += chunk;
    expect(read).toBe('records');
    return {};
  };
  const named = (name: string, message = name) => Object.assign(new Error(message), { name });

  it('are put once, by their hash, and S3 must say that they are held', async () => {
    s3.on(HeadObjectCommand).rejectsOnce(named('NotFound')).resolves(HELD);
    s3.on(PutObjectCommand).callsFake(taken);
    expect(await bucket().hold(file(), 'cmp-1.ndjson.gz')).toBe('s3://held/cmp-1.ndjson.gz');
    const [put] = s3.commandCalls(PutObjectCommand);
    expect(put!.args[0].input).toMatchObject({
      ChecksumSHA256: sha256,
      ObjectLockLegalHoldStatus: 'ON',
      ContentLength: 7,
    });
    await bucket().hold(file(), 'cmp-1.ndjson.gz');
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(1);
  });

  it('are not called held where S3 does not say so', async () => {
    s3.on(HeadObjectCommand).resolves({ ChecksumSHA256: sha256 });
    s3.on(PutObjectCommand).callsFake(taken);
    await expect(bucket().hold(file(), 'cmp-1.ndjson.gz')).rejects.toThrow(
      /does not say that it is under a legal hold/,
    );
  });

  it.each([
    ['ObjectLockConfigurationNotFoundError', /has no object lock.*dossier\.hold/],
    ['AccessDenied', /s3:PutObjectLegalHold/],
  ])('end in one line before anything is read where S3 says %s', async (name, line) => {
    s3.on(GetObjectLockConfigurationCommand).rejects(named(name));
    await expect(bucket().check()).rejects.toThrow(line);
  });

  it('end in the same line where a bucket lost it meanwhile', async () => {
    s3.on(HeadObjectCommand).rejects(named('NotFound'));
    s3.on(PutObjectCommand).rejects(named('InvalidRequest', 'Bucket is missing Object Lock Configuration'));
    await expect(bucket().hold(file(), 'cmp-1.ndjson.gz')).rejects.toThrow(/has no object lock/);
  });
});

const endpoint = namedEndpoint();

describe.skipIf(endpoint === undefined)(`at ${endpoint}`, () => {
  const region = 'us-east-1';
  const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
  const client = () => new S3Client({ endpoint: endpoint!, region, credentials, forcePathStyle: true });
  const own = `held-${process.pid}`;
  const keyOf = async (KeySpec: string) => {
    const response = await call('CreateKey', { KeySpec, KeyUsage: 'SIGN_VERIFY' });
    return ((await response.json()) as { KeyMetadata: { Arn: string } }).KeyMetadata.Arn;
  };
  const call = (operation: string, body: object) => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' });
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` };
    return signedFor('kms', region)(new URL(endpoint!), JSON.stringify(body), headers);
  };

  it.each(['ECC_NIST_P256', 'RSA_3072'])('a key of %s signs what is checked offline', async (spec) => {
    const arn = await keyOf(spec);
    const text = await new KmsSigner(arn, signedFor('kms', region), endpoint).sign(MANIFEST);
    expect(signatureFault(MANIFEST, text)).toBeUndefined();
  });

  it('a bucket with object lock holds a file, once, and one without is refused', async () => {
    const s3 = client();
    await s3.send(new CreateBucketCommand({ Bucket: own, ObjectLockEnabledForBucket: true }));
    await s3.send(new CreateBucketCommand({ Bucket: `${own}-plain` }));
    const locked = new LockedBucket(s3, own);
    await locked.check();
    await locked.hold(tmp.file('records.ndjson.gz', 'records'), 'cmp-1.ndjson.gz');
    const head = await s3.send(new HeadObjectCommand({ Bucket: own, Key: 'cmp-1.ndjson.gz', ChecksumMode: 'ENABLED' }));
    expect(head.ObjectLockLegalHoldStatus).toBe('ON');
    await locked.hold(tmp.file('records.ndjson.gz', 'records'), 'cmp-1.ndjson.gz');
    const again = await s3.send(new HeadObjectCommand({ Bucket: own, Key: 'cmp-1.ndjson.gz' }));
    expect(again.VersionId).toBe(head.VersionId);
    await expect(new LockedBucket(s3, `${own}-plain`).check()).rejects.toThrow(/has no object lock/);
  });
});
