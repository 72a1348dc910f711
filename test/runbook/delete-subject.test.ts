/** The commands of the runbook that delete a subject's data, as they are printed there, run by a shell on a table. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDayFile } from '../../core/aggregates/day-file.ts';
import type { AccountDayBatch } from '../../core/ports.ts';
import { createFingerprinter } from '../../core/records/fingerprint.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { KeptDays } from '../../lambdas/adapters/kept-days.ts';
import { accountRecord, DAY, usage } from '../contracts/sample-records.ts';
import { MemoryObjects } from '../lambdas/support.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { itemsOf, putItems } from '../upgrades/stored.ts';

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-runbook-'));
const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
const section = runbook.split(/^## /m).find((part) => part.startsWith('Delete a subject'))!;
const [fingerprint, deletion] = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!);

let server: DynamoServer;
let table: string;
beforeAll(async () => {
  server = await startDynalite();
  table = await createTable(server, 'Aggregates');
  const aws = join(folder, 'aws');
  writeFileSync(aws, `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, 'aws.ts')}" "$@"\n`);
  chmodSync(aws, 0o755);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function run(script: string): Promise<string> {
  const { hostname, port, protocol } = await server.client.config.endpoint!();
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${folder}:${process.env.PATH}`,
      STILLWATCH_BUCKETS: join(folder, 'buckets'),
      STILLWATCH_DYNAMODB_ENDPOINT: `${protocol}//${hostname}:${port}`,
    },
  });
  return stdout.trim();
}

describe('a subject who asks to be forgotten', { timeout: 120_000 }, () => {
  it('is found under the fingerprint that the gateway makes', async () => {
    const key = '07'.repeat(32);
    writeFileSync(join(folder, 'key'), `${key}\n`);
    const made = await run(
      `${fingerprint!.replace('the account as the gateway knows it', 'ana@example.com')}\necho "$account"`,
    );
    expect(made).toBe(createFingerprinter(Buffer.from(key, 'hex')).fingerprint('account', 'ana@example.com'));
  });

  it('is gone from the aggregates, with every id of an exchange, and nobody else is', async () => {
    const store = new DynamoAggregates({ client: server.client, table, retentionDays: 90 });
    for (const account of ['gone', 'stays']) {
      await store.recordAccount(accountRecord(account));
      for (let day = DAY; day < DAY + 2; day++)
        for (let i = 0; i < 400; i += 50) await store.foldUsage(batchOf(account, day, i));
    }
    const before = await itemsOf(server.client, table);
    expect(before.filter(({ pk }) => pk!.S!.endsWith('#ids')).length).toBeGreaterThanOrEqual(4);
    await deleteSubject('gone');
    const after = await itemsOf(server.client, table);
    const ofNobody = (items: typeof after) => items.filter(({ pk }) => pk!.S!.endsWith('#late')).map(({ pk }) => pk!.S);
    expect(ofNobody(after)).toEqual(ofNobody(before));
    expect(after).toHaveLength((before.length - ofNobody(before).length) / 2 + ofNobody(before).length);
    for (const { sk, pk } of after) if (!pk!.S!.endsWith('#late')) expect(sk!.S).toContain(hashOf('stays'));
  });

  it('is gone from where the version before put its days', async () => {
    const pk = hashOf('gone').slice(0, 2);
    const former = `${hashOf('gone')}#d0000020587`;
    await putItems(server.client, table, [
      { pk: { S: pk }, sk: { S: former } },
      { pk: { S: `${pk}#ids` }, sk: { S: `${former}#00000` } },
    ]);
    const before = await itemsOf(server.client, table);
    await deleteSubject('gone');
    expect(await itemsOf(server.client, table)).toHaveLength(before.length - 2);
  });

  it('is gone from the days that are kept, which the next sweep makes again with everybody else', async () => {
    const objects = new FolderObjects(join(folder, 'buckets', 'SweepSweeps'));
    const now = () => (DAY + 3) * 86_400_000;
    const kept = new KeptDays(objects);
    const fresh = await createTable(server, 'Aggregates');
    const store = new DynamoAggregates({ client: server.client, table: fresh, retentionDays: 90, kept, now });
    for (const account of ['gone', 'stays'])
      await new DynamoAggregates({ client: server.client, table: fresh, retentionDays: 90, now: () => 0 }).foldUsage(
        batchOf(account, DAY, 0),
      );
    const seen = async (segments: number) => {
      const accounts: string[] = [];
      for (let i = 0; i < segments; i++)
        for await (const { account } of store.readSegment(i, segments, { from: DAY, until: DAY + 1 }))
          accounts.push(account);
      return accounts.sort();
    };
    for (const segments of [3, 7]) expect(await seen(segments)).toEqual(['gone', 'stays']);
    expect(holding(objects, 'gone')).toHaveLength(2);
    await deleteSubject('gone', fresh);
    expect(holding(objects, 'gone')).toEqual([]);
    expect(holding(objects, 'stays').length).toBeGreaterThan(0);
    for (const segments of [3, 7]) expect(await seen(segments)).toEqual(['stays']);
    expect(holding(objects, 'stays')).toHaveLength(2);
  });
});

function batchOf(account: string, day: number, from: number): AccountDayBatch {
  const entries = Array.from({ length: 50 }, (_, i) => ({
    sequence: String(from + i),
    record: usage(account, `${day}-${from + i}`, (day - DAY) * 86_400 + from + i),
  }));
  return { account, day, shard: 's', entries };
}

function deleteSubject(account: string, from = table): Promise<string> {
  mkdirSync(join(folder, 'buckets', 'SweepSweeps'), { recursive: true });
  return run(`res() { case $1 in Aggregates) echo ${from};; *) echo "$1";; esac; }\naccount=${account}\n${deletion}`);
}

function hashOf(account: string): string {
  return createHash('sha256').update(account).digest('hex');
}

/** Keys of the objects in whose bytes the account is. */
function holding({ folder: root }: FolderObjects, account: string): string[] {
  return globSync('**/*.parquet', { cwd: root }).filter((key) =>
    readDayFile(readFileSync(join(root, key)))!.rows.some((row) => row.account === account),
  );
}

/** A bucket that the command of the runbook sees too. */
class FolderObjects extends MemoryObjects {
  readonly folder: string;

  constructor(root: string) {
    super();
    this.folder = root;
  }

  override async put(key: string, body: Uint8Array): Promise<void> {
    mkdirSync(join(this.folder, key, '..'), { recursive: true });
    writeFileSync(join(this.folder, key), body);
  }

  override async get(key: string): Promise<Uint8Array | undefined> {
    return existsSync(join(this.folder, key)) ? readFileSync(join(this.folder, key)) : undefined;
  }
}
