import { createHash } from 'node:crypto';
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TrackedFinding } from '../../core/campaigns/tracked.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { memory, tracked, transition } from '../contracts/sample-findings.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';

const MONDAY = '2026-05-18T00:00:00.000Z';
const TUESDAY = '2026-05-19T00:00:00.000Z';

let server: DynamoServer;
let table: string;
let findings: DynamoFindings;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());
beforeEach(async () => {
  table = await createTable(server, 'FindingsTable');
  findings = new DynamoFindings({ client: server.client, table });
});

const items = async () => (await server.client.send(new ScanCommand({ TableName: table }))).Items ?? [];

/** A client that lets `meanwhile` happen once, just before the first write. */
function interrupted(meanwhile: () => Promise<void>): DynamoDBClient {
  let pending = true;
  const send = async (command: PutItemCommand) => {
    if (pending && command instanceof PutItemCommand) {
      pending = false;
      await meanwhile();
    }
    return server.client.send(command);
  };
  return { send } as unknown as DynamoDBClient;
}

/** Fingerprints do not compress: 30,000 of them need more than one item. */
function large(id: string): TrackedFinding {
  const finding = tracked(id, 30_000);
  finding.members.forEach((member, i) => {
    member.account = createHash('sha256').update(`${id}${i}`).digest('hex');
  });
  return finding;
}

describe('findings between sweeps', () => {
  it('too large for one item are kept in several, each within the limit, and come back whole', async () => {
    const saved = memory(large('f_large'));
    await findings.save(MONDAY, saved, []);
    expect((await items()).filter(({ sk }) => sk!.S!.startsWith('state#')).length).toBeGreaterThan(1);
    expect(await findings.load()).toEqual(saved);
  });

  it('of which a part is missing are an error, never fewer findings', async () => {
    await findings.save(MONDAY, memory(large('f_large')), []);
    const chunk = (await items()).find(({ sk }) => sk!.S === 'state#0001')!;
    await server.client.send(new DeleteItemCommand({ TableName: table, Key: { pk: chunk.pk!, sk: chunk.sk! } }));
    await expect(findings.load()).rejects.toThrow(/has \d+ of \d+ chunks of its state/);
  });

  it('are not replaced by an older sweep that was slow and ends after a newer one', async () => {
    const slow = new DynamoFindings({
      client: interrupted(() => findings.save(TUESDAY, memory(tracked('f_new')), [])),
      table,
    });
    await expect(slow.save(MONDAY, memory(tracked('f_old')), [])).rejects.toMatchObject({ name: 'StaleSweepError' });
    expect(await findings.load()).toEqual(memory(tracked('f_new')));
  });

  it('are those of the first of two runs of the same sweep, with what it told', async () => {
    const first = () => findings.save(MONDAY, memory(tracked('f_1')), [transition('f_1')]);
    const second = new DynamoFindings({ client: interrupted(first), table });
    await second.save(MONDAY, memory(tracked('f_2')), [transition('f_2')]);
    expect(await findings.load()).toEqual(memory(tracked('f_1')));
    expect((await findings.lastSweep())?.transitions).toEqual([transition('f_1')]);
  });

  it('that a sweep replaced expire after 30 days, the current ones never', async () => {
    await findings.save(MONDAY, memory(tracked('f_1')), []);
    await findings.save(TUESDAY, memory(tracked('f_2')), []);
    const state = (await items()).filter(({ sk }) => sk!.S!.startsWith('state#'));
    const expiry = Object.fromEntries(state.map(({ pk, expires }) => [pk!.S!.split('#')[1], expires?.N]));
    expect(expiry).toEqual({ [MONDAY]: String(Date.parse(TUESDAY) / 1000 + 30 * 86_400), [TUESDAY]: undefined });
  });

  it('written by a newer version are refused', async () => {
    await findings.save(MONDAY, memory({ ...tracked('f_1'), version: 2 as 1 }), []);
    await expect(findings.load()).rejects.toThrow('finding of layout 2; this version reads 1');
  });
});
