/** DynamoDB for the contract suites: dynalite in this process, and any server that the environment names. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type Resource, resourcesOf, templateOf } from '../cdk/support.ts';

export interface DynamoServer {
  client: DynamoDBClient;
  stop(): Promise<void>;
}

export async function startDynalite(): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = clientAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    client,
    stop: async () => {
      client.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A server named by STILLWATCH_DYNAMODB_ENDPOINT; never one that could be AWS. */
export function namedEndpoint(endpoint = process.env.STILLWATCH_DYNAMODB_ENDPOINT): string | undefined {
  if (endpoint && !/^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])([:/]|$)/.test(endpoint)) {
    throw new Error(`STILLWATCH_DYNAMODB_ENDPOINT must be on this machine, not ${endpoint}`);
  }
  return endpoint || undefined;
}

export function serverAt(endpoint: string): DynamoServer {
  const client = clientAt(endpoint);
  return { client, stop: async () => client.destroy() };
}

function clientAt(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } });
}

let tables = 0;
let declaredTables: Resource[] | undefined;

/** Creates a table as the stack declares it, so that the tests and the deployment cannot drift apart. */
export async function createTable(
  { client }: DynamoServer,
  logicalName:
    | 'Aggregates'
    | 'FindingsTable'
    | 'NotificationsOutbox'
    | 'CasesTable'
    | 'KeysBridge'
    | 'KeysExplainLog'
    | 'CollectorsCalls',
): Promise<string> {
  declaredTables ??= resourcesOf(templateOf(), 'AWS::DynamoDB::GlobalTable');
  const declared = declaredTables.find(({ id }) => id.startsWith(logicalName));
  if (declared === undefined) throw new Error(`the stack declares no table ${logicalName}`);
  const TableName = `${logicalName}-${process.pid}-${tables++}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: declared.Properties.AttributeDefinitions as AttributeDefinition[],
      KeySchema: declared.Properties.KeySchema as KeySchemaElement[],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.5 }, { TableName });
  return TableName;
}

export async function dropTable({ client }: DynamoServer, TableName: string): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName }));
}
