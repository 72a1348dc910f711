/** What an authorised person is told of a value and of a fingerprint, and what is left of their asking. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Bridge } from '../../../core/keys/bridge.ts';
import type { KeyRing } from '../../../core/keys/epoch.ts';
import { ringSource } from '../../../core/keys/epoch.ts';
import { FINGERPRINT_KINDS } from '../../../core/keys/explain.ts';
import type { ExplainEntry } from '../../../core/keys/explain-entry.ts';
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import { BridgeTable } from '../../../lambdas/adapters/bridge-table.ts';
import { DynamoExplainLog } from '../../../lambdas/adapters/explain-log.ts';
import { answer, type ExplainHost } from '../../../lambdas/explain/answer.ts';
import { createTable, type DynamoServer, dropTable, startDynalite } from '../../support/dynamodb.ts';
import { NOW, urlEvent } from '../collect/support.ts';
import { type Heard, listening } from '../support.ts';

const WHO = 'arn:aws:sts::111122223333:assumed-role/privacy-desk/ines';
const oldKey = { epoch: 'one', key: new Uint8Array(32).fill(1) };
const newKey = { epoch: 'two', key: new Uint8Array(32).fill(2) };
const account = (key: { key: Uint8Array }, value: string) => createFingerprinter(key.key).fingerprint('account', value);

let server: DynamoServer;
let tables: { bridge: string; log: string };
let host: ExplainHost;
let told: Heard;
let ring: KeyRing;
let bridge: BridgeTable;
let asked = 0;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());

beforeEach(async () => {
  tables = { bridge: await createTable(server, 'KeysBridge'), log: await createTable(server, 'KeysExplainLog') };
  told = listening();
  ring = { newest: newKey, switchAt: NOW - 1, outgoing: oldKey };
  bridge = new BridgeTable({ client: server.client, table: tables.bridge, retentionDays: 90 });
  host = {
    keys: ringSource(
      async () => ring,
      () => NOW,
    ),
    bridge,
    log: new DynamoExplainLog(server.client, tables.log),
    told,
    now: () => NOW,
  };
  return async () => {
    await dropTable(server, tables.bridge);
    await dropTable(server, tables.log);
  };
});

async function ask(body: unknown, who: string | undefined = WHO) {
  const event = urlEvent('/', typeof body === 'string' ? body : JSON.stringify(body)) as LambdaFunctionURLEvent;
  const context = event.requestContext as unknown as Record<string, unknown>;
  context.requestId = `rq-${asked++}`;
  if (who !== undefined) context.authorizer = { iam: { userArn: who } };
  const { statusCode, body: text, headers } = await answer(event, host);
  return { statusCode, headers, body: JSON.parse(text) as Record<string, unknown> };
}

const log = async () => (await server.client.send(new ScanCommand({ TableName: tables.log }))).Items ?? [];
const value = { kind: 'account', value: 'k_anna', reason: 'TICKET-7' };

describe('a value', () => {
  it('is told under every key that is not destroyed, the one in use first, and nobody keeps the answer', async () => {
    const { statusCode, body, headers } = await ask(value);
    expect(statusCode).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      explained: [
        { epoch: 'two', fingerprint: account(newKey, 'k_anna') },
        { epoch: 'one', fingerprint: account(oldKey, 'k_anna') },
      ],
      names: [],
    });
  });

  it('is told under the name it is kept under since before a rotation, though its key is destroyed', async () => {
    const older = account(oldKey, 'k_anna');
    await bridge.note([{ kind: 'account', newer: account(newKey, 'k_anna'), older }], NOW);
    ring = { newest: newKey, switchAt: NOW - 1 };
    expect((await ask(value)).body.names).toEqual([{ epoch: 'before', fingerprint: older }]);
    ring = { newest: { epoch: 'three', key: new Uint8Array(32).fill(3) } };
    expect((await ask(value)).body.names).toEqual([]);
  });

  it('leaves who asked, when, why and what was told, and not the value', async () => {
    await ask(value);
    const [entry] = await log();
    expect(entry).toMatchObject({
      at: { S: new Date(NOW).toISOString() },
      who: { S: WHO },
      kind: { S: 'account' },
      reason: { S: 'TICKET-7' },
    });
    expect(entry!.fingerprints!.L).toHaveLength(2);
    expect(entry!.expires).toBeUndefined();
    expect(told.counts.ValuesExplained).toBe(1);
  });

  it('is not told where it cannot be written down', async () => {
    host.log = {
      append: async () => {
        throw new Error(`put ${value.value}`);
      },
    };
    const { statusCode, body } = await ask(value);
    expect(statusCode).toBe(503);
    expect(JSON.stringify(body)).not.toMatch(/[0-9a-f]{16}/);
    expect(told.lines.join()).not.toContain('anna');
  });
});

describe('a fingerprint', () => {
  const among = Array.from({ length: 200 }, (_, i) => `k_${i}`);
  const seek = (fingerprint: string) => ({ kind: 'account', fingerprint, among, reason: 'TICKET-8' });

  it('gives the one of the values that it is of, under whichever key', async () => {
    for (const key of [oldKey, newKey]) {
      expect((await ask(seek(account(key, 'k_42')))).body).toEqual({ values: ['k_42'] });
    }
    expect((await ask(seek('0123456789abcdef'))).body).toEqual({ values: [] });
  });

  it('gives the value that is kept under it since before a rotation', async () => {
    const older = account(oldKey, 'k_42');
    await bridge.note([{ kind: 'account', newer: account(newKey, 'k_42'), older }], NOW);
    ring = { newest: newKey, switchAt: NOW - 1 };
    expect((await ask(seek(older))).body).toEqual({ values: ['k_42'] });
  });

  it('leaves how many were tried and found, and none of the values', async () => {
    const fingerprint = account(newKey, 'k_42');
    await ask(seek(fingerprint));
    const [entry] = await log();
    expect(entry).toMatchObject({ tried: { N: '200' }, found: { N: '1' }, who: { S: WHO } });
    expect(JSON.stringify(entry)).toContain(fingerprint);
    expect(JSON.stringify(entry)).not.toContain('k_');
  });

  it('is not told where the reason would keep the value that is found', async () => {
    const { statusCode, body } = await ask({ ...seek(account(newKey, 'k_42')), reason: 'is it k_42?' });
    expect([statusCode, body.error]).toEqual([400, expect.stringContaining('the reason holds the value')]);
    expect(await log()).toEqual([]);
  });
});

describe('nothing is told', () => {
  it('to a caller that IAM does not name', async () => {
    const event = urlEvent('/', JSON.stringify(value)) as LambdaFunctionURLEvent;
    expect((await answer(event, host)).statusCode).toBe(403);
    expect(await log()).toEqual([]);
  });

  it.each([
    ['{', 'not JSON'],
    ['7', 'not a JSON object'],
    [{ ...value, reason: '' }, 'the reason must be'],
    [{ ...value, reason: 'two\nlines' }, 'one line'],
    [{ ...value, reason: 'who is K_ANNA' }, 'the reason holds the value'],
    [{ ...value, kind: 'name' }, 'the kind must be one of account, org'],
    [{ ...value, value: 7 }, 'the value must be text'],
    [{ kind: 'ip', value: 'not an address', reason: 'T' }, 'not of the kind ip'],
    [{ kind: 'account', fingerprint: 'k_anna', among: ['a'], reason: 'T' }, '16 hex digits'],
    [{ kind: 'account', fingerprint: '0'.repeat(16), among: [], reason: 'T' }, 'must be 1 to 5000'],
    [{ kind: 'account', fingerprint: '0'.repeat(16), among: [7], reason: 'T' }, 'must be 1 to 5000'],
  ])('of %j, and the answer says why in one line without the value', async (body, error) => {
    const { statusCode, body: said } = await ask(body);
    expect(statusCode).toBe(400);
    expect(said.error).toContain(error);
    expect(String(said.error)).not.toMatch(/anna|\n/i);
    expect(await log()).toEqual([]);
  });
});

describe('a thousand canaries', () => {
  it('of every kind, asked about rightly and wrongly, leave not a byte in the entries or the log', async () => {
    const entries: ExplainEntry[] = [];
    host.log = { append: async (entry) => void entries.push(entry) };
    host.bridge = { lookUp: async () => new Bridge() };
    const values = Array.from({ length: 1000 }, (_, i) => `canary${i}@mail.example Feldspar 198.18.7.${i % 250}`);
    for (const [i, canary] of values.entries()) {
      const kind = FINGERPRINT_KINDS[i % FINGERPRINT_KINDS.length]!;
      await ask({ kind, value: canary, reason: i % 3 === 0 ? `about ${canary}` : `TICKET-${i}` });
      if (i % 10 === 0) await ask({ kind, fingerprint: '0'.repeat(16), among: [canary], reason: 'T' });
    }
    expect(entries.length).toBeGreaterThan(500);
    expect(JSON.stringify(entries) + told.lines.join()).not.toMatch(/canary|feldspar|198\.18/i);
  });
});
