import { describe, expect, it } from 'vitest';
import { readValue } from '../../../core/sources/detect.ts';
import { context, fixture, fp, rejections, usages } from './context.ts';

const read = (name: string, ctx = context()) => fixture(name).flatMap((value) => readValue(value, ctx));

describe('OpenTelemetry GenAI', () => {
  it('spans become the record that the mapping names', () => {
    expect(usages(read('otel-spans.json'))).toEqual([
      {
        type: 'usage',
        id: 'msg_01Kd7',
        time: '2026-05-14T10:22:31.204Z',
        account: fp('account', 't_4410'),
        model: 'opus-5',
        tokens: { input: 5760, output: 3071, cacheRead: 5120 },
        provider: 'anthropic',
        operation: 'chat',
        status: 'ok',
        finish: 'stop',
        latencyMs: 27407,
        params: { maxTokens: 8192 },
        network: { ip: '92772e1e19b50198', subnet: '91ffcaf5242cf6a6' },
        session: '9ec610fef1b22473',
        custody: { minted: [fp('custody', 'msg_01Kd7')] },
      },
    ]);
  });

  it('log records with the names of older conventions are read too', () => {
    const [record] = usages(read('otel-logs.ndjson'));
    expect(record).toMatchObject({
      id: '7b1f0c9d2e3a48566b5a4f3e2d1c0b9a-51aa07c3e9d2f685',
      account: fp('account', 'jo.bloggs@example.org'),
      model: 'gpt-x',
      provider: 'openai',
      status: 'throttled',
      tokens: { input: 500, output: 20, cacheRead: 400 },
      params: { tools: 1 },
    });
    expect(record?.prompt?.system).toBeDefined();
  });

  it('spans of agents, which repeat the sums of their children, are skipped and do not double the tokens', () => {
    const items = read('otel-logs.ndjson');
    expect(usages(items)).toHaveLength(1);
    expect(items.filter((item) => 'skip' in item)).toHaveLength(2);
  });

  it('spans without an accountable party are rejected with the setting that names one', () => {
    const ctx = context({ otel: { account: ['tenant.id'] } });
    expect(rejections(read('otel-spans.json', ctx))).toEqual([
      {
        path: 'resourceSpans[0].scopeSpans[0].spans[0].attributes',
        reason: expect.stringContaining('sources.otel.account'),
      },
    ]);
  });

  it('an attribute of the resource may name the accountable party', () => {
    const ctx = context({ otel: { account: ['service.name'], plain: ['service.name'] } });
    expect(usages(read('otel-spans.json', ctx))[0]?.account).toBe('assist-api');
  });
});
