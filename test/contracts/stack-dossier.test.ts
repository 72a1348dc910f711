/**
 * A dossier of a deployed stack by the command as people type it: tables, archive, KMS and object lock are a server's that
 * is not ours. Without one named by the environment there is nothing to hold it against.
 */
import { readFileSync } from 'node:fs';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderPlace } from '../../cli/adapters/place/folder.ts';
import { NO_MEMORY } from '../../core/campaigns/tracked.ts';
import type { Dossier } from '../../core/dossier/dossier.ts';
import type { Manifest } from '../../core/dossier/manifest.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { ObjectArchive } from '../../lambdas/adapters/archive.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { S3Objects } from '../../lambdas/adapters/s3.ts';
import { type Ended, ndjson, replay, type Scratch, scratch, simulated, start } from '../support/cli.ts';
import { createTable, namedEndpoint, serverAt } from '../support/dynamodb.ts';
import { startKms } from '../support/kms-server.ts';
import { tracked } from './sample-findings.ts';

const PATIENCE = 240_000;
const region = 'us-east-1';
const endpoint = namedEndpoint();
const KEY = `arn:aws:kms:${region}:111122223333:key/dossiers`;
const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };

describe.skipIf(endpoint === undefined)(`a dossier of a deployment at ${endpoint}`, () => {
  let tmp: Scratch;
  let id: string;
  let records: StillwatchRecord[];
  let kms: Awaited<ReturnType<typeof startKms>>;
  const client = { endpoint: endpoint!, region, credentials };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const name = (part: string) => `dossier-${process.pid}-${part}`;

  beforeAll(async () => {
    tmp = scratch();
    kms = await startKms(tmp);
    ({ records } = simulated({
      seed: 'deployed',
      days: 3,
      benign: { accounts: 120, maxPerDay: 60 },
      campaigns: [{ scenario: 'A1', accounts: 30, ratePerDay: 15, start: 1, days: 2 }],
    }));
    await replay([tmp.file('world.ndjson', ndjson(records))], tmp.at('out'));
    for (const bucket of ['archive', 'sweeps']) await s3.send(new CreateBucketCommand({ Bucket: name(bucket) }));
    await s3.send(new CreateBucketCommand({ Bucket: name('held'), ObjectLockEnabledForBucket: true }));
    const tables = await fill();
    const settings = JSON.stringify({ deployment: 'acme-prod', listPrices: { 'opus-5': 25 } });
    const common = {
      ...tables,
      DeploymentName: 'acme-prod',
      SweepHours: '24',
      SweepBucketName: name('sweeps'),
      ArchiveBucketName: name('archive'),
      Settings: settings,
    };
    await deploy(name('whole'), { ...common, DossierKeyArn: KEY, HoldBucketName: name('held') });
    await deploy(name('bare'), common);
  }, PATIENCE);
  afterAll(() => {
    kms?.stop();
    tmp?.remove();
  });

  /** Tables and archive as sweep and ingest leave them. */
  async function fill(): Promise<Record<string, string>> {
    const server = serverAt(endpoint!);
    const [findings, outbox, cases, aggregates] = await Promise.all([
      createTable(server, 'FindingsTable'),
      createTable(server, 'NotificationsOutbox'),
      createTable(server, 'CasesTable'),
      createTable(server, 'Aggregates'),
    ]);
    const place = new FolderPlace(tmp.at('out'));
    const transitions = await place.transitions();
    const { finding } = transitions.at(-1)!;
    id = finding.id;
    const memory = {
      ...NO_MEMORY,
      tracked: [{ ...tracked(id), finding, members: await place.membersWhenTold(id) }],
    };
    const store = new DynamoFindings({ client: server.client, table: findings });
    const bySweep = Map.groupBy(transitions, (told) => told.finding.at);
    for (const [at, told] of bySweep) await store.save(at, memory, told);
    const placed = records.map((record, i) => ({ record, shard: 's-0', sequence: String(i + 1) }));
    await new ObjectArchive(new S3Objects(s3, name('archive'))).add(placed);
    return {
      FindingsTableName: findings,
      OutboxTableName: outbox,
      CasesTableName: cases,
      AggregatesTableName: aggregates,
    };
  }

  async function deploy(StackName: string, outputs: Record<string, string>): Promise<void> {
    const Outputs = Object.fromEntries(Object.entries(outputs).map(([key, Value]) => [key, { Value }]));
    const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } }, Outputs });
    await new CloudFormationClient(client).send(new CreateStackCommand({ StackName, TemplateBody }));
  }

  function stillwatch(...args: string[]): Promise<Ended> {
    const env = {
      AWS_ENDPOINT_URL: endpoint!,
      AWS_ENDPOINT_URL_KMS: kms.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
    };
    const { child, ended } = start(args, tmp.folder, env);
    child.stdin!.end();
    return ended;
  }
  const whole = `stack:${name('whole')}`;
  const read = <T>(...path: string[]) => JSON.parse(readFileSync(tmp.at(...path), 'utf8')) as T;

  it(
    'is counted from its archive, signed by its key and held under its lock, and says the same as one of a folder',
    async () => {
      const made = await stillwatch('dossier', id, '--at', whole, '--out', 'first', '--exchanges', '--hold');
      expect(made.stderr).toBe('');
      expect(made.code).toBe(0);
      expect(made.stdout).toContain('every figure counted again as it was recorded');
      expect(made.stdout).toContain(`records held: s3://${name('held')}/${id}-`);
      const manifest = read<Manifest>('first', 'manifest.json');
      expect(manifest.prev).toBeNull();
      expect(manifest.sources.every((source) => source.name.startsWith(`s3://${name('archive')}/`))).toBe(true);
      const dossier = read<Dossier>('first', 'dossier.json');
      expect(dossier.deployment).toBe('acme-prod');
      await stillwatch('dossier', id, '--at', 'out', '--out', 'of-folder');
      const ofFolder = read<Dossier>('of-folder', 'dossier.json');
      expect(dossier.figures).toEqual(ofFolder.figures);
      expect(dossier.exchangeList).toBe(ofFolder.exchangeList);
      expect(dossier.members).toEqual(ofFolder.members);
      expect(dossier.throttle).toEqual(ofFolder.throttle);
      expect(dossier.leak.prices).toEqual([{ model: 'opus-5', usdPerMillion: 25 }]);
    },
    PATIENCE,
  );

  it('is verified without the deployment, by the key in it', async () => {
    expect(read<{ algorithm: string }>('first', 'manifest.sig').algorithm).toBe('ECDSA_SHA_256');
    const verified = await stillwatch('dossier', '--verify', 'first');
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain('as they were made, signed');
  });

  it(
    'is chained to the one before it, whoever made that, and its exchanges are still those of the manifest',
    async () => {
      const first = read<Manifest>('first', 'manifest.json');
      expect((await stillwatch('dossier', id, '--at', whole, '--out', 'second')).code).toBe(0);
      expect(read<Manifest>('second', 'manifest.json').prev).toBe(first.root);
      expect((await stillwatch('dossier', id, '--at', whole, '--out', 'third')).code).toBe(0);
      expect(read<Manifest>('third', 'manifest.json').root).toBe(read<Manifest>('second', 'manifest.json').root);
      const recount = await stillwatch('dossier', id, '--at', whole, '--recount', 'all', '--population');
      expect(recount.code).toBe(0);
      expect(recount.stdout).toContain('as in the manifest');
    },
    PATIENCE,
  );

  it('says in one line that nothing can be held where there is no lock, before it reads anything', async () => {
    const bare = `stack:${name('bare')}`;
    const refused = await stillwatch('dossier', id, '--at', bare, '--out', 'bare', '--hold');
    expect(refused.code).toBe(2);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(refused.stderr).toContain('dossier.hold in cdk/config.ts');
  });

  it(
    'gives the throttle list of a deployment without a copy of its archive',
    async () => {
      const preview = await stillwatch('export', id, '--at', whole, '--as', 'throttle', '--dry-run');
      expect(preview.code).toBe(0);
      expect(preview.stdout).toContain('to throttle');
    },
    PATIENCE,
  );
});
