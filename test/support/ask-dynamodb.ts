/** Bundled as a function is, and run in a process of its own: one call, answered by an error of that name. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

export interface Told {
  name: string;
  message: string;
  tries: number;
  /** Access key of the signature. */
  signed?: string;
  /** Whether the error is of the class that functions look for. */
  known: boolean;
}

export async function ask(name: string): Promise<Told> {
  let tries = 0;
  let signed: string | undefined;
  const server = createServer((request, reply) => {
    tries++;
    signed = /Credential=([^/]+)/.exec(String(request.headers.authorization))?.[1];
    reply.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    reply.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no' }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', maxAttempts: 2 });
  try {
    await client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }));
    throw new Error('was not refused');
  } catch (error) {
    const known = error instanceof ConditionalCheckFailedException;
    const { name, message } = error as Error;
    return { name, message, tries, ...(signed ? { signed } : {}), known };
  } finally {
    client.destroy();
    server.close();
  }
}
