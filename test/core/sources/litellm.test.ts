import { describe, expect, it } from 'vitest';
import { readValue } from '../../../core/sources/detect.ts';
import { context, fixture, fp, rejections, usages } from './context.ts';

const KEY = 'b1d4f0a7c2e95836b1d4f0a7c2e95836b1d4f0a7c2e95836b1d4f0a7c2e95836';
const read = (name: string, ctx = context()) => fixture(name).flatMap((value) => readValue(value, ctx));
const array = (ctx = context()) => read('litellm-array.json', ctx);

describe('LiteLLM payloads', () => {
  it('become the record that the mapping names', () => {
    expect(usages(read('litellm.ndjson'))[0]).toEqual({
      type: 'usage',
      id: '4c9d2b7e-1a60-4f2e-8f0c-97be6d1e20aa',
      time: '2026-05-14T10:22:31.204Z',
      account: fp('account', KEY),
      model: 'opus-5',
      tokens: { input: 5760, output: 3071, cacheRead: 5120 },
      provider: 'anthropic',
      operation: 'chat',
      status: 'ok',
      latencyMs: 27407,
      params: { maxTokens: 8192, temperature: 1, tools: 0, stream: true },
      network: { ip: '92772e1e19b50198', subnet: '91ffcaf5242cf6a6' },
      client: { agent: expect.stringMatching(/^[0-9a-f]{16}$/) },
      session: '9ec610fef1b22473',
    });
  });

  it('tell the organisation of a key before its first exchange, and only once', () => {
    const ctx = context();
    const [first, ...rest] = [...read('litellm.ndjson', ctx), ...array(ctx)];
    expect(first).toEqual({
      record: {
        type: 'account',
        time: '2026-05-14T10:22:31.204Z',
        account: fp('account', KEY),
        org: fp('org', 'o_12'),
      },
    });
    expect(rest.some((item) => 'record' in item && item.record.type === 'account')).toBe(false);
  });

  it('hold a team accountable, by name, where the operator says so', () => {
    const ctx = context({ litellm: { account: 'user_api_key_team_id', plain: ['user_api_key_team_id'] } });
    const [record] = usages(read('litellm.ndjson', ctx));
    expect(record?.account).toBe('t_4410');
  });

  it('fingerprint an e-mail address even in a field that was called not identifying', () => {
    const ctx = context({ litellm: { account: 'user_api_key_user_id', plain: ['user_api_key_user_id'] } });
    expect(usages(array(ctx))[0]?.account).toBe(fp('account', 'jo.bloggs@example.org'));
  });

  it('carry tool calls and outputs as fingerprints of what was given out and carried in', () => {
    const [graded] = usages(array());
    expect(graded?.custody).toEqual({
      minted: [
        fp('output', 'Eight out of ten. The argument is clear, but the second paragraph repeats the first one.'),
        fp('custody', 'chatcmpl-9be2'),
      ],
      presented: [fp('custody', 'call_Q8f2LmN0pXs7')],
    });
    expect(graded?.prompt?.flags).toContain('logprobs');
    expect(graded?.params).toEqual({ maxTokens: 512, temperature: 0, tools: 1, stream: false });
  });

  it('tell a question about an image from one about text', () => {
    const [value] = fixture('litellm.ndjson') as [Record<string, unknown>];
    const text = { type: 'text', text: 'Say in two sentences what this is about and who it is for.' };
    const ask = (content: unknown[]) =>
      usages(readValue({ ...value, messages: [{ role: 'user', content }] }, context()))[0]?.prompt?.task;
    expect(ask([text, { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }])).toBe('vision');
    expect(ask([text])).not.toBe('vision');
  });

  it('make no session of a trace that only repeats the call', () => {
    expect(usages(array())[0]?.session).toBeUndefined();
  });

  it('tell a rate limit from other failures', () => {
    const [, limited] = usages(array());
    expect(limited).toMatchObject({ status: 'throttled', tokens: { input: 0, output: 0 } });
  });

  it('never take the text that stands for redacted messages for a prompt that all accounts share', () => {
    const redacted = usages(array())[2];
    expect(redacted).toBeDefined();
    expect(redacted?.prompt).toBeUndefined();
    expect(redacted?.custody).toBeUndefined();
  });

  it('are rejected where the key information was redacted, since nobody is accountable', () => {
    expect(rejections(array())).toEqual([
      { path: 'metadata.user_api_key_hash', reason: 'missing: nobody is accountable for the exchange' },
    ]);
  });

  it('are rejected in words that help where they are encrypted', () => {
    expect(rejections(read('litellm-encrypted.json'))[0]?.reason).toMatch(/encrypted by LiteLLM/);
  });

  it('add cached tokens that cannot be in a smaller total', () => {
    const [value] = fixture('litellm.ndjson') as [Record<string, unknown>];
    const [record] = usages(readValue({ ...value, prompt_tokens: 640 }, context()));
    expect(record?.tokens).toMatchObject({ input: 5760, cacheRead: 5120 });
  });
});
