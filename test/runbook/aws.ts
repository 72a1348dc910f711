/**
 * The part of the `aws` command that the runbook uses to delete a subject. Tables: against the server of
 * STILLWATCH_DYNAMODB_ENDPOINT; options become the parameters of the call, bytes are base64 in both directions, as in
 * version 2. Buckets: folders below STILLWATCH_BUCKETS.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';

/** Of the command, not of the call. */
const OWN = new Set(['output', 'query']);

const [service, operation, ...args] = process.argv.slice(2);

const fromBase64 = (name: string, value: unknown) =>
  name === 'B' && typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
const toBase64 = (_: string, value: unknown) =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
const pascal = (option: string) => option.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

const input: Record<string, unknown> = {};
for (let i = 0; i < args.length; i++) {
  const option = args[i]!.replace(/^--/, '');
  const next = args[i + 1];
  const value = next === undefined || next.startsWith('--') ? true : args[++i]!;
  if (OWN.has(option)) continue;
  input[pascal(option)] = typeof value === 'string' && value.startsWith('{') ? JSON.parse(value, fromBase64) : value;
}
const endpoint = process.env.STILLWATCH_DYNAMODB_ENDPOINT!;
const config: DynamoDBClientConfig = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
};
const client = new DynamoDBClient(config);
const folder = () => join(process.env.STILLWATCH_BUCKETS!, String(input.Bucket));

/** Without `Contents` where there is none, as S3 answers. */
function listed(): object {
  const files = readdirSync(folder(), { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const keys = files.map(({ parentPath, name }) => join(parentPath, name).slice(folder().length + 1));
  const Contents = keys.filter((key) => key.startsWith(String(input.Prefix))).map((Key) => ({ Key }));
  return Contents.length > 0 ? { Contents } : {};
}

const calls: Record<string, (input: never) => Promise<object>> = {
  'dynamodb query': (input) => client.send(new QueryCommand(input)),
  'dynamodb scan': (input) => client.send(new ScanCommand(input)),
  'dynamodb delete-item': (input) => client.send(new DeleteItemCommand(input)),
  'dynamodb put-item': (input) => client.send(new PutItemCommand(input)),
  's3api list-objects-v2': async () => listed(),
  's3api delete-object': async () => {
    rmSync(join(folder(), String(input.Key)));
    return {};
  },
};
const call = calls[`${service} ${operation}`];
if (call === undefined) throw new Error(`not known here: aws ${service} ${operation}`);
process.stdout.write(`${JSON.stringify(await call(input as never), toBase64, 1)}\n`);
