import { describe, expect, it } from 'vitest';
import { readValue } from '../../../core/sources/detect.ts';
import type { SourceContext } from '../../../core/sources/source.ts';
import { context, fixture, fp, rejections, usages } from './context.ts';

const read = (name: string, ctx: SourceContext = context()) => fixture(name).flatMap((value) => readValue(value, ctx));
const mixed = () => usages(read('bedrock-mixed.ndjson'));

describe('Bedrock invocation logs', () => {
  it('become the record that the mapping names, for an operator who calls the tenant not identifying', () => {
    const ctx = context({ bedrock: { account: 'tenant', session: 'conversation', plain: ['tenant'] } });
    expect(usages(read('bedrock-converse.ndjson', ctx))[0]).toMatchObject({
      type: 'usage',
      id: '0d5f3a52-6f0e-4f6b-9b7e-3c1a7f2e9d10',
      time: '2026-05-14T10:22:31.000Z',
      account: 't_4410',
      model: 'anthropic.claude-opus-5-v1:0',
      tokens: { input: 5760, output: 3071, cacheRead: 5120, cacheWrite: 0 },
      provider: 'aws.bedrock',
      operation: 'chat',
      status: 'ok',
      finish: 'stop',
      latencyMs: 41870,
      params: { maxTokens: 8192, temperature: 1, tools: 0, stream: false },
      session: '9ec610fef1b22473',
    });
  });

  it('fingerprint the tenant unless it is called not identifying', () => {
    const [record] = usages(read('bedrock-converse.ndjson', context({ bedrock: { account: 'tenant' } })));
    expect(record?.account).toBe(fp('account', 't_4410'));
  });

  it('hold the role accountable where no tenant is named, so that tasks of one role are one account', () => {
    const [record] = usages(read('bedrock-converse.ndjson'));
    expect(record?.account).toBe(fp('account', '111122223333/role/gateway-prod'));
    expect(mixed()[2]?.account).toBe(record?.account);
  });

  it('keep the people behind single sign-on apart, and never by name', () => {
    const ctx = context({ bedrock: { plain: ['identity.arn'] } });
    const [person, user, role] = usages(read('bedrock-mixed.ndjson', ctx));
    const name = '111122223333/role/AWSReservedSSO_Engineer_0a1b2c3d4e5f6071/jo.bloggs@example.org';
    expect(person?.account).toBe(fp('account', name));
    expect(user?.account).toBe(fp('account', '111122223333/user/batch-runner'));
    expect(role?.account).toBe('111122223333/role/gateway-prod');
  });

  it('add the cached tokens, which Bedrock leaves out of its input count', () => {
    expect(mixed()[0]?.tokens).toEqual({ input: 1500, output: 260, cacheRead: 0, cacheWrite: 300 });
  });

  it('take the input count as total where the settings say so, but never less than its parts', () => {
    const [converse] = usages(read('bedrock-converse.ndjson', context({ bedrock: { tokensIncludeCache: true } })));
    const [streamed] = usages(read('bedrock-mixed.ndjson', context({ bedrock: { tokensIncludeCache: true } })));
    expect(converse?.tokens.input).toBe(640 + 5120);
    expect(streamed?.tokens.input).toBe(1200);
  });

  it('join the chunks of a streamed answer: latency, finish, and what the exchange gave out and carried in', () => {
    const [streamed] = mixed();
    const output = 'Three tests fail because the fixture of the invoice holds a date in the past.';
    expect(streamed).toMatchObject({ finish: 'tool_calls', latencyMs: 5120, params: { stream: true, tools: 1 } });
    expect(streamed?.custody?.minted).toEqual([
      fp('output', output),
      fp('custody', 'msg_bdrk_01TqXo4'),
      fp('custody', 'toolu_01B7c2HnWq5s'),
    ]);
    expect(streamed?.custody?.presented).toEqual([
      fp('custody', 'ErcBCkgIBhABGAIiQLd0bWluZWQtc2lnbmF0dXJl'),
      fp('custody', 'toolu_01A9F3kQ7pZr'),
    ]);
  });

  it('read a streamed Converse answer like a whole one', () => {
    const [value] = fixture('bedrock-converse.ndjson') as [{ output: { outputBodyJson: unknown } }];
    const whole = structuredClone(value);
    const text = 'First, the loop. Then, the map; and at the end the tests that hold it all together.';
    whole.output.outputBodyJson = {
      output: { message: { role: 'assistant', content: [{ text }, { toolUse: { toolUseId: 'tooluse_kZJMlvQmRJ' } }] } },
      stopReason: 'tool_use',
      metrics: { latencyMs: 12 },
    };
    const streamed = structuredClone(value);
    streamed.output.outputBodyJson = [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: text.slice(0, 20) } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: text.slice(20) } } },
      { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'tooluse_kZJMlvQmRJ' } } } },
      { messageStop: { stopReason: 'tool_use' } },
      { metadata: { metrics: { latencyMs: 12 }, usage: { inputTokens: 1 } } },
    ];
    const [a, b] = [whole, streamed].map((record) => usages(readValue(record, context()))[0]);
    expect(b).toEqual(a);
    expect(a?.custody?.minted).toHaveLength(2);
  });

  it('name one model once, whichever geographic profile served it', () => {
    expect(mixed().map((record) => record.model)).toEqual([
      'anthropic.claude-opus-5-v1:0',
      'anthropic.claude-opus-5-v1:0',
      'arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2c3d4e5f6',
      'amazon.titan-embed-text-v2:0',
    ]);
  });

  it('tell throttled and blocked exchanges from good ones', () => {
    expect(mixed().map((record) => record.status)).toEqual(['ok', 'throttled', 'blocked', 'ok']);
    expect(mixed()[1]?.tokens).toEqual({ input: 0, output: 0 });
  });

  it('make no prompt of an embedding, or of a body that was stored elsewhere', () => {
    const [chat, , elsewhere, embedding] = mixed();
    expect(chat?.prompt?.system).toBeDefined();
    expect(elsewhere?.prompt).toBeUndefined();
    expect(embedding).toMatchObject({ operation: 'embeddings', tokens: { input: 6, output: 0 } });
    expect(embedding?.prompt).toBeUndefined();
  });

  it('tell an organisation only where a key of the metadata names it, and once', () => {
    const ctx = context({ bedrock: { org: 'tenant' } });
    const twice = [...read('bedrock-converse.ndjson', ctx), ...read('bedrock-converse.ndjson', ctx)];
    const accounts = twice.filter((item) => 'record' in item && item.record.type === 'account');
    expect(accounts).toEqual([
      {
        record: {
          type: 'account',
          time: '2026-05-14T10:22:31.000Z',
          account: fp('account', '111122223333/role/gateway-prod'),
          org: fp('org', 't_4410'),
        },
      },
    ]);
    expect(read('bedrock-converse.ndjson')).toHaveLength(1);
  });

  it.each([
    ['requestId', 'requestId'],
    ['timestamp', 'timestamp'],
    ['identity', 'identity.arn'],
    ['modelId', 'modelId'],
  ])('are rejected without %s, and the rejection says where', (field, path) => {
    const [value] = fixture('bedrock-converse.ndjson') as [Record<string, unknown>];
    expect(rejections(readValue({ ...value, [field]: undefined }, context()))).toMatchObject([{ path }]);
  });

  it('are rejected where a good exchange has no counts, rather than counted as zero tokens', () => {
    const [value] = fixture('bedrock-converse.ndjson') as [Record<string, unknown>];
    const bare = { ...value, input: {}, output: {} };
    expect(rejections(readValue(bare, context()))).toMatchObject([{ path: 'input.inputTokenCount' }]);
  });
});
