import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoAuditLog } from '../../lambdas/adapters/dynamo-audit-log.ts';
import { DynamoIntakeLog } from '../../lambdas/adapters/dynamo-intake-log.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';

let server: DynamoServer;
let table: string;
beforeAll(async () => {
  server = await startDynalite();
  table = await createTable(server, 'Aggregates');
});
afterAll(() => server.stop());

describe('the log of audits', () => {
  it('sums the days that are asked for, and an audit done again replaces what it said before', async () => {
    const log = new DynamoAuditLog(server.client, table);
    await log.add(20_600, { audited: 500, drifted: 3 });
    await log.add(20_600, { audited: 500, drifted: 0 });
    await log.add(20_601, { audited: 480, drifted: 1 });
    await log.add(20_610, { audited: 500, drifted: 9 });
    expect(await log.total(20_600, 20_601)).toEqual({ audited: 980, drifted: 1 });
    expect(await log.total(20_602, 20_609)).toEqual({ audited: 0, drifted: 0 });
  });

  it('lies apart from the figures of the intake in one table', async () => {
    const intake = new DynamoIntakeLog(server.client, table);
    expect(await intake.total(20_600, 20_610)).toMatchObject({ records: 0 });
  });
});
