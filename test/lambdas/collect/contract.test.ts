/** Each source with its recorded sample: what goes in as the gateway sends it comes out as records, twice the same. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isInvocationLog } from '../../../core/sources/bedrock-bodies.ts';
import { Collector } from '../../../lambdas/collect/collector.ts';
import { respond } from '../../../lambdas/collect/http/respond.ts';
import type { RouteName } from '../../../lambdas/collect/http/routes.ts';
import { bodyReader } from '../../../lambdas/collect/log-objects.ts';
import { handle as takeLogs } from '../../../lambdas/collect/logs/handler.ts';
import { takeObjects } from '../../../lambdas/collect/object-messages.ts';
import { handle as takeQueue } from '../../../lambdas/collect/queue/handler.ts';
import {
  areValid,
  entries,
  everything,
  MemoryLogs,
  NOW,
  newObject,
  sample,
  sqsEvent,
  urlEvent,
  type World,
  world,
} from './support.ts';

const KEY = 'logs/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/05/14/10/1.json.gz';
const BODY = `${KEY.replace('1.json.gz', 'data/')}5c2d7a10-0e9b-4c7f-9d51-8a6b3e4f1c22_input.json.gz`;

async function objects(at: World, format: 'bedrock' | 'litellm', body: string): Promise<void> {
  const logs = new MemoryLogs();
  logs.put('bedrock-logs', KEY, body);
  logs.put('bedrock-logs', BODY, sample('bedrock-large-body.json'));
  const collector = new Collector({
    ...at.host,
    ...(format === 'bedrock' ? { body: bodyReader(logs, 'bedrock-logs') } : {}),
  });
  const { batchItemFailures } = await takeObjects(sqsEvent(newObject('bedrock-logs', KEY)), {
    ...at.host,
    bucket: 'bedrock-logs',
    objects: logs,
    wants: isInvocationLog,
    take: async ({ pieces }) => void (await collector.take(pieces)),
  });
  expect(batchItemFailures).toEqual([]);
}

async function logs(at: World, ...messages: string[]): Promise<void> {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/bedrock',
    logStream: 'aws/bedrock/modelinvocations',
    subscriptionFilters: ['stillwatch'],
    logEvents: messages.map((message, i) => ({ id: String(i), timestamp: NOW, message })),
  };
  await takeLogs(
    { awslogs: { data: gzipSync(JSON.stringify(envelope)).toString('base64') } },
    { ...at.host, collector: at.collector },
  );
}

async function queue(at: World, ...bodies: string[]): Promise<void> {
  const { batchItemFailures } = await takeQueue(sqsEvent(...bodies), { ...at.host, collector: at.collector });
  expect(batchItemFailures).toEqual([]);
}

async function http(at: World, name: RouteName, path: string, body: string, type = 'application/json'): Promise<void> {
  const host = { ...at.host, collectors: new Map([[name, at.collector]]) };
  const { statusCode } = await respond(urlEvent(path, body, { 'content-type': type }), host);
  expect(statusCode).toBe(200);
}

const LITELLM = JSON.parse(sample('litellm-array.json')) as unknown[];
const BEDROCK = sample('bedrock-large.ndjson');

interface Source {
  name: string;
  format: 'bedrock' | 'litellm' | 'otel' | 'cloudevents';
  deliver(at: World): Promise<void>;
  usage: number;
  /** Of the prompts, answers and people of the sample. */
  words: RegExp;
  /** Whether the sample has a prompt to be fingerprinted. */
  prompts: boolean;
}

const WORDS = /ledger|balances|transfer|essay|argument|bittern|redshank|marsh|birds|bloggs|203\.0\.113|t_4410.*@/i;

const SOURCES: Source[] = [
  {
    name: 'Bedrock, from a bucket',
    format: 'bedrock',
    deliver: (at) => objects(at, 'bedrock', BEDROCK),
    usage: 1,
    words: WORDS,
    prompts: true,
  },
  {
    name: 'Bedrock, from a log group',
    format: 'bedrock',
    deliver: (at) => logs(at, BEDROCK),
    usage: 1,
    words: WORDS,
    prompts: false,
  },
  {
    name: 'LiteLLM, from a bucket',
    format: 'litellm',
    deliver: (at) => objects(at, 'litellm', sample('litellm-single.json')),
    usage: 1,
    words: WORDS,
    prompts: true,
  },
  {
    name: 'LiteLLM, from a queue',
    format: 'litellm',
    deliver: (at) => queue(at, ...LITELLM.map((value) => JSON.stringify(value))),
    usage: 3,
    words: WORDS,
    prompts: true,
  },
  {
    name: 'LiteLLM over HTTP, json_array',
    format: 'litellm',
    deliver: (at) => http(at, 'litellm', '/litellm', sample('litellm-array.json')),
    usage: 3,
    words: WORDS,
    prompts: true,
  },
  {
    name: 'LiteLLM over HTTP, ndjson',
    format: 'litellm',
    deliver: (at) => http(at, 'litellm', '/litellm', sample('litellm.ndjson'), 'text/plain'),
    usage: 3,
    words: WORDS,
    prompts: true,
  },
  {
    name: 'LiteLLM over HTTP, single',
    format: 'litellm',
    deliver: (at) => http(at, 'litellm', '/litellm', sample('litellm-single.json')),
    usage: 1,
    words: WORDS,
    prompts: true,
  },
  {
    name: 'OpenTelemetry, current names',
    format: 'otel',
    deliver: (at) => http(at, 'otel', '/v1/traces', sample('otel-spans.json')),
    usage: 1,
    words: WORDS,
    prompts: false,
  },
  {
    name: 'OpenTelemetry, old names',
    format: 'otel',
    deliver: (at) => http(at, 'otel', '/v1/traces', sample('otel-old-spans.json')),
    usage: 2,
    words: WORDS,
    prompts: true,
  },
  {
    name: 'CloudEvents, batched',
    format: 'cloudevents',
    deliver: (at) =>
      http(at, 'cloudevents', '/cloudevents', sample('cloudevents-batch.json'), 'application/cloudevents-batch+json'),
    usage: 2,
    words: WORDS,
    prompts: false,
  },
  {
    name: 'CloudEvents, structured',
    format: 'cloudevents',
    deliver: (at) =>
      http(
        at,
        'cloudevents',
        '/cloudevents',
        JSON.stringify((JSON.parse(sample('cloudevents-batch.json')) as unknown[])[0]),
        'application/cloudevents+json; charset=utf-8',
      ),
    usage: 1,
    words: WORDS,
    prompts: false,
  },
];

describe.each(SOURCES)('$name', ({ format, deliver, usage, words, prompts }) => {
  it('gives records of the contract, with what was said as fingerprints', async () => {
    const at = world(format);
    await deliver(at);
    expect(at.stream.usage).toHaveLength(usage);
    expect(areValid(at.stream.records)).toBe(true);
    expect(at.stream.usage.some(({ prompt }) => prompt?.template !== undefined)).toBe(prompts);
  });

  it('lets no word, name or address of the sample out, anywhere', async () => {
    const at = world(format);
    await deliver(at);
    expect(everything(at)).not.toMatch(words);
  });

  it('delivered twice, even to another instance, gives the same ids for the same accounts', async () => {
    const [first, second] = [world(format), world(format)];
    await deliver(first);
    await deliver(first);
    await deliver(second);
    const ids = (at: World) => [...new Set(at.stream.usage.map(({ account, id }) => `${account} ${id}`))].sort();
    expect(ids(first)).toHaveLength(usage);
    expect(ids(second)).toEqual(ids(first));
  });

  it('sets nothing aside that it should have read, and says of the rest where and why', async () => {
    const at = world(format);
    await deliver(at);
    for (const entry of entries(at)) {
      expect(entry).toMatchObject({
        path: 'metadata.user_api_key_hash',
        reason: expect.stringContaining('accountable'),
      });
      expect(String(entry.position)).toMatch(/^(message m\d|request rq-1 part \d)$/);
    }
  });
});

describe('LiteLLM', () => {
  it('is told, in words that help, that its encrypted messages cannot be read', async () => {
    const at = world('litellm', 'litellm-queue');
    await queue(at, sample('litellm-encrypted.json'));
    expect(at.stream.records).toEqual([]);
    expect(entries(at)).toMatchObject([
      {
        position: 'message m0',
        path: '__encrypted__',
        reason: expect.stringContaining('turn its application encryption off'),
      },
    ]);
  });
});

describe('OpenTelemetry', () => {
  it('makes the same fingerprints of a prompt, whichever way an instrumentation writes it', async () => {
    const at = world('otel');
    await http(at, 'otel', '/v1/traces', sample('otel-old-spans.json'));
    const [events, numbered] = at.stream.usage;
    expect(events?.prompt?.system).toBe(numbered?.prompt?.system);
    expect(events?.custody?.minted?.length).toBeGreaterThan(1);
    expect(numbered?.custody?.minted?.length).toBeGreaterThan(0);
  });
});
