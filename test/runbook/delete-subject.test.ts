/** The commands of the runbook that delete a subject's data, as they are printed there, run by a shell on a table. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFingerprinter } from '../../core/records/fingerprint.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { accountRecord, DAY, usage } from '../contracts/sample-records.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { itemsOf } from '../upgrades/stored.ts';

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
        for (let i = 0; i < 400; i += 50) {
          const records = Array.from({ length: 50 }, (_, j) =>
            usage(account, `${day}-${i + j}`, (day - DAY) * 86_400 + i + j),
          );
          const entries = records.map((record, j) => ({ sequence: String(i + j), record }));
          await store.foldUsage({ account, day, shard: 's', entries });
        }
    }
    const before = await itemsOf(server.client, table);
    expect(before.filter(({ pk }) => pk!.S!.endsWith('#ids')).length).toBeGreaterThanOrEqual(4);
    await run(`res() { echo ${table}; }\naccount=gone\n${deletion}`);
    const after = await itemsOf(server.client, table);
    expect(after).toHaveLength(before.length / 2);
    const { createHash } = await import('node:crypto');
    const hash = (account: string) => createHash('sha256').update(account).digest('hex');
    for (const { sk } of after) expect(sk!.S!.startsWith(hash('stays'))).toBe(true);
  });
});
