import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryAggregates, MemoryFindings } from '../../cli/adapters/memory-store.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { createTable, type DynamoServer, namedEndpoint, serverAt, startDynalite } from '../support/dynamodb.ts';
import { aggregateStoreContract } from './aggregate-store.ts';
import { findingStoreContract } from './finding-store.ts';

aggregateStoreContract('memory', async () => new MemoryAggregates());
findingStoreContract('memory', async () => new MemoryFindings());

const endpoint = namedEndpoint();
const servers: [string, () => Promise<DynamoServer>][] = [
  ['dynalite', startDynalite],
  ...(endpoint
    ? [[`DynamoDB at ${endpoint}`, async () => serverAt(endpoint)] as [string, () => Promise<DynamoServer>]]
    : []),
];

describe.each(servers)('%s', (name, start) => {
  let server: DynamoServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  aggregateStoreContract(name, async () => {
    const table = await createTable(server, 'Aggregates');
    return new DynamoAggregates({ client: server.client, table, retentionDays: 90 });
  });
  findingStoreContract(name, async () => {
    const table = await createTable(server, 'FindingsTable');
    return new DynamoFindings({ client: server.client, table });
  });
});

describe('a server named by the environment', () => {
  it('must be on this machine, so that a test can never write to AWS', () => {
    expect(() => namedEndpoint('https://dynamodb.eu-west-1.amazonaws.com')).toThrow('must be on this machine');
    expect(() => namedEndpoint('http://127.0.0.1.example.com')).toThrow('must be on this machine');
    expect(namedEndpoint('http://127.0.0.1:5000')).toBe('http://127.0.0.1:5000');
  });
});
