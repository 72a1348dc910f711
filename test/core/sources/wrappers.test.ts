import { describe, expect, it } from 'vitest';
import { readValue } from '../../../core/sources/detect.ts';
import { context, fixture, fp, rejections, usages } from './context.ts';

const read = (name: string, ctx = context()) => fixture(name).flatMap((value) => readValue(value, ctx));
const native = {
  type: 'usage',
  id: 'r1',
  time: '2026-05-14T10:22:31.204Z',
  account: 'a',
  model: 'm',
  tokens: { input: 1, output: 2 },
};
const event = (data: unknown, source = 'urn:acme:gw') => ({ specversion: '1.0', id: 'e1', source, type: 't', data });

describe('envelopes', () => {
  it('of CloudEvents and EventBridge give the record inside, with its own time', () => {
    for (const name of ['cloudevents.ndjson', 'eventbridge.ndjson']) {
      expect(usages(read(name))).toMatchObject([
        { id: 'req_01KQ', time: '2026-05-14T10:22:31.204Z', account: 't_4410' },
      ]);
    }
  });

  it('of CloudEvents give their id to a record without one', () => {
    const { id: _, ...bare } = native;
    expect(usages(readValue(event(bare), context()))[0]?.id).toBe('urn:acme:gw/e1');
    const personal = usages(readValue(event(bare, 'mailto:jo@example.org'), context()));
    expect(personal[0]?.id).toBe(fp('exchange', 'mailto:jo@example.org/e1'));
  });

  it('in arrays, batches and one another are all opened', () => {
    const nested = [event(native), [{ 'detail-type': 'Stillwatch Usage', detail: event({ ...native, id: 'r2' }) }]];
    expect(usages(readValue(nested, context())).map((record) => record.id)).toEqual(['r1', 'r2']);
  });

  it('of CloudWatch Logs give the records inside, compressed or not; a bad message does not stop the others', () => {
    for (const name of ['cloudwatch-logs.ndjson', 'cloudwatch-awslogs.json']) {
      const items = read(name);
      expect(usages(items)).toMatchObject([{ provider: 'aws.bedrock', tokens: { input: 5760 } }]);
      expect(rejections(items)).toEqual([{ path: 'logEvents[1].message', reason: 'not a JSON object' }]);
    }
  });

  it('of CloudWatch Logs that only check the destination are skipped', () => {
    expect(readValue(fixture('cloudwatch-logs.ndjson')[0], context())).toEqual([
      { skip: 'CloudWatch Logs control message' },
    ]);
  });

  it('nested beyond reason are rejected, not followed', () => {
    let value: unknown = native;
    for (let i = 0; i < 5000; i++) value = [value];
    expect(rejections(readValue(value, context()))[0]?.reason).toContain('envelopes');
  });
});
