import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bodiesElsewhere, isInvocationLog } from '../../../core/sources/bedrock-bodies.ts';
import { lineBatches } from '../../../lambdas/collect/batches.ts';
import { linesOf } from '../../../lambdas/collect/lines.ts';
import { bodyReader } from '../../../lambdas/collect/log-objects.ts';
import { objectsIn } from '../../../lambdas/collect/object-events.ts';
import { type ObjectMessagesHost, takeObjects } from '../../../lambdas/collect/object-messages.ts';
import {
  entries,
  everything,
  inPieces,
  MemoryLogs,
  newObject,
  sample,
  sqsEvent,
  type World,
  world,
} from './support.ts';

const KEY = 'logs/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/05/14/10/1.json.gz';
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const hostOf = (at: World, logs: MemoryLogs, more: Partial<ObjectMessagesHost> = {}): ObjectMessagesHost => ({
  ...at.host,
  bucket: 'bedrock-logs',
  objects: logs,
  wants: isInvocationLog,
  take: async ({ pieces }) => void (await at.collector.take(pieces)),
  ...more,
});

describe('messages about objects', () => {
  const key =
    'logs/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/05/14/10/20260514T103000000Z_a b=1.json.gz';

  it('of S3 with an encoded key, and of EventBridge with a plain one, name the same object', () => {
    for (const name of ['s3-eventbridge.json', 's3-notification.json'])
      expect(objectsIn(sample(name))).toEqual([{ bucket: 'bedrock-logs', key }]);
  });

  it('inside an SNS message are found, a test of the notification is nothing, and anything else is no such message', () => {
    expect(objectsIn(JSON.stringify({ Type: 'Notification', Message: sample('s3-notification.json') }))).toHaveLength(
      1,
    );
    expect(objectsIn('{"Service":"Amazon S3","Event":"s3:TestEvent"}')).toEqual([]);
    for (const other of ['', 'x', '[]', '{}', '{"Records":[]}', '{"detail":{"bucket":{}}}'])
      expect(objectsIn(other)).toBeUndefined();
  });
});

describe('the objects of a Bedrock log', () => {
  it('are its logs, not the bodies beside them nor the check of the permission', () => {
    expect(isInvocationLog(KEY)).toBe(true);
    expect(isInvocationLog(KEY.replace('1.json', 'data/x_input.json'))).toBe(false);
    expect(
      isInvocationLog('logs/AWSLogs/111122223333/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check'),
    ).toBe(false);
  });

  it('that hold many records give them all; a bad line is set aside with its place, and does not stop the others', async () => {
    const [at, logs] = [world('bedrock', 'bedrock-objects'), new MemoryLogs()];
    const line = sample('bedrock-converse.ndjson').trim();
    const many = Array.from({ length: 1200 }, (_, i) => line.replaceAll('0d5f3a52-6f0e', `0d5f3a52-${1000 + i}`));
    many[700] = '{"secret prompt';
    logs.put('bedrock-logs', KEY, many.join('\n'));
    await takeObjects(sqsEvent(newObject('bedrock-logs', KEY)), hostOf(at, logs));
    expect(new Set(at.stream.usage.map(({ id }) => id)).size).toBe(1199);
    expect(entries(at)).toMatchObject([{ position: `bedrock-logs/${KEY}:701`, reason: 'not JSON', bytes: 15 }]);
    expect(everything(at)).not.toContain('secret');
  });

  it('that are gone, or of another bucket, are set aside and not asked for for ever', async () => {
    const [at, logs] = [world('bedrock', 'bedrock-objects'), new MemoryLogs()];
    const event = sqsEvent(newObject('bedrock-logs', KEY), newObject('somebody-elses', KEY), 'gibberish');
    expect(await takeObjects(event, hostOf(at, logs))).toEqual({ batchItemFailures: [] });
    expect(entries(at).map(({ reason, position }) => [reason, position])).toEqual(
      expect.arrayContaining([
        ['the object is gone', `bedrock-logs/${KEY}`],
        ['not of the bucket that this collector reads', `somebody-elses/${KEY}`],
        ['the message tells of no object', 'message m2'],
      ]),
    );
    expect(entries(at)).toHaveLength(3);
    expect(logs.opened).toEqual([`bedrock-logs/${KEY}`]);
  });

  it('that fail come again, and only they', async () => {
    const [at, logs] = [world('bedrock'), new MemoryLogs()];
    for (const name of ['a', 'b']) logs.put('bedrock-logs', `${name}.json`, sample('bedrock-converse.ndjson'));
    const host = hostOf(at, logs, {
      take: async ({ pieces }) => {
        if (pieces[0]!.position.includes('/a')) throw new Error('no stream');
      },
    });
    const event = sqsEvent(newObject('bedrock-logs', 'a.json'), newObject('bedrock-logs', 'b.json'));
    expect(await takeObjects(event, host)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(at.told.lines.join()).toContain('no stream');
  });
});

describe('a body that lies elsewhere', () => {
  const record = JSON.parse(sample('bedrock-large.ndjson')) as { input: { inputBodyS3Path: string } };
  const [place] = bodiesElsewhere(record);

  it('is found where the record says, in the bucket of the log alone', async () => {
    const logs = new MemoryLogs();
    logs.put('bedrock-logs', place!.key, sample('bedrock-large-body.json'));
    expect(place).toMatchObject({ side: 'input', bucket: 'bedrock-logs' });
    expect(await bodyReader(logs, 'bedrock-logs')(place!)).toHaveProperty('messages');
    expect(await bodyReader(logs, 'another')(place!)).toBeUndefined();
    expect(logs.opened).toHaveLength(1);
  });

  it('that is missing, damaged, no JSON or huge costs the exchange its text and nothing more', async () => {
    const huge = new MemoryLogs();
    huge.put('bedrock-logs', place!.key, Buffer.alloc(33 * 1024 * 1024, ' '));
    const image = new MemoryLogs();
    image.put('bedrock-logs', place!.key, randomBytes(100));
    const damaged = new MemoryLogs();
    damaged.held.set(`bedrock-logs/${place!.key}`, gzipSync('{"messages":[]}').subarray(0, 12));
    for (const logs of [new MemoryLogs(), huge, image, damaged])
      expect(await bodyReader(logs, 'bedrock-logs')(place!)).toBeUndefined();
  });

  it('is not looked for at a path that is none', () => {
    for (const path of ['http://bedrock-logs/x', 's3://', 's3://BUCKET/x', 's3://b/', 7])
      expect(bodiesElsewhere({ input: { inputBodyS3Path: path } })).toEqual([]);
  });
});

describe('lines of an object', () => {
  const text = ['one', '', 'drei ü', 'x'.repeat(5000)].join('\n');

  it.each([1, 2, 7, 1000])('are whole, whatever the chunks: %i bytes at a time, plain or gzip', async (size) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const lines = await all(linesOf(inPieces(bytes, size)));
      expect(lines.map((line) => ('text' in line ? line.text : undefined))).toEqual(text.split('\n'));
      expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    }
  });

  it('that are too long are named and not kept, and the next is read', async () => {
    const lines = await all(linesOf(inPieces(Buffer.from(`a\n${'x'.repeat(50)}\nb\n`)), 10));
    expect(lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, tooLong: true },
      { number: 3, text: 'b' },
    ]);
  });

  it('of a damaged gzip are read up to the damage, which is set aside with its place', async () => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => `{"n":${i}}`).join('\n'), { level: 1 });
    const batches = await all(lineBatches(linesOf(inPieces(whole.subarray(0, whole.length / 2))), 'b/k'));
    const pieces = batches.flatMap((batch) => batch.pieces);
    const [end] = batches.flatMap((batch) => batch.unread);
    expect(pieces.length).toBeGreaterThan(1000);
    expect(end).toMatchObject({
      position: `b/k:${pieces.length + 1}`,
      reason: expect.stringContaining('damaged gzip'),
    });
  });

  it('of a download that breaks off are no damage: the object is read again', async () => {
    async function* broken() {
      yield gzipSync('{"n":1}\n{"n":2}').subarray(0, 15);
      throw new Error('ECONNRESET');
    }
    await expect(all(lineBatches(linesOf(broken()), 'b/k'))).rejects.toThrow('ECONNRESET');
  });
});
