import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BridgePair } from '../../../core/keys/bridge.ts';
import { BridgeTable } from '../../../lambdas/adapters/bridge-table.ts';
import { createTable, type DynamoServer, dropTable, startDynalite } from '../../support/dynamodb.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-05-14T10:31:00.000Z');
const pair = (newer: string, older: string, kind: BridgePair['kind'] = 'account'): BridgePair => ({
  kind,
  newer,
  older,
});

let server: DynamoServer;
let table: string;
let bridge: BridgeTable;

beforeAll(async () => {
  server = await startDynalite();
});
afterAll(() => server.stop());
beforeEach(async () => {
  table = await createTable(server, 'KeysBridge');
  bridge = new BridgeTable({ client: server.client, table, retentionDays: 90, pause: async () => {} });
  return () => dropTable(server, table);
});

const items = async () => (await server.client.send(new ScanCommand({ TableName: table }))).Items ?? [];
const days = async () => (await items()).map(({ expires }) => (Number(expires!.N) * 1000 - NOW) / DAY);

describe('the bridge in a table', () => {
  it('follows a name through several rotations, and gives a name that has none before it back', async () => {
    await bridge.note([pair('c', 'b'), pair('b', 'a'), pair('c', 'x', 'org')], NOW);
    const { nameOf } = await bridge.about(
      [
        { kind: 'account', print: 'c' },
        { kind: 'org', print: 'c' },
        { kind: 'account', print: 'z' },
      ],
      NOW,
    );
    expect([nameOf('account', 'c'), nameOf('org', 'c'), nameOf('account', 'z')]).toEqual(['a', 'x', 'z']);
  });

  it('finds each of more names than one request takes', async () => {
    const pairs = Array.from({ length: 250 }, (_, i) => pair(`n${i}`, `o${i}`));
    await bridge.note(pairs, NOW);
    const { nameOf } = await bridge.lookUp(pairs.map(({ kind, newer }) => ({ kind, print: newer })));
    expect(pairs.every(({ newer, older }) => nameOf('account', newer) === older)).toBe(true);
  });

  it('keeps a pair for as long as anything is stored under its older name, and of what passes for two weeks', async () => {
    await bridge.note([pair('n', 'o'), pair('n', 'o', 'session')], NOW);
    expect((await days()).sort()).toEqual([100, 14]);
  });

  it('lets a pair in use last, but not by looking it up for a person', async () => {
    await bridge.note([pair('n', 'o')], NOW - 60 * DAY);
    await bridge.lookUp([{ kind: 'account', print: 'n' }]);
    expect(await days()).toEqual([40]);
    await bridge.about([{ kind: 'account', print: 'n' }], NOW);
    expect(await days()).toEqual([100]);
  });

  it('is gone whole when it is cut, in several runs where one has too little time', async () => {
    await bridge.note(
      Array.from({ length: 60 }, (_, i) => pair(`n${i}`, `o${i}`)),
      NOW,
    );
    let batches = 0;
    expect(await bridge.forget(() => ++batches > 1)).toBe(false);
    expect((await items()).length).toBe(35);
    expect(await bridge.forget(() => false)).toBe(true);
    expect(await items()).toEqual([]);
  });

  it('throws where the table goes on refusing: a bridged name must not pass for a new one', async () => {
    const refusing = { send: async () => ({ UnprocessedKeys: { [table]: { Keys: [{ pk: { S: 'account#n' } }] } } }) };
    const client = refusing as unknown as typeof server.client;
    const throttled = new BridgeTable({ client, table, retentionDays: 90, pause: async () => {} });
    await expect(throttled.about([{ kind: 'account', print: 'n' }], NOW)).rejects.toThrow('refuses reads');
  });

  it('refuses what a newer version wrote', async () => {
    const Item = { pk: { S: 'account#n' }, sk: { S: 'older' }, layout: { N: '999' }, older: { S: 'o' } };
    await server.client.send(new PutItemCommand({ TableName: table, Item }));
    await expect(bridge.lookUp([{ kind: 'account', print: 'n' }])).rejects.toThrow('layout');
  });
});
