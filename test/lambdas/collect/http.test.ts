import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type HttpHost, respond } from '../../../lambdas/collect/http/respond.ts';
import { refusal, SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from '../../../lambdas/collect/http/signature.ts';
import { entries, everything, NOW, sample, urlEvent, type World, world } from './support.ts';

const SECRET = 'a-secret-of-more-than-thirty-two-characters';
const body = (answer: { body: string }) => JSON.parse(answer.body) as Record<string, unknown>;
const hostOf = (at: World, more: Partial<HttpHost> = {}): HttpHost => ({
  collectors: new Map([
    ['litellm', at.collector],
    ['otel', at.collector],
    ['cloudevents', at.collector],
  ]),
  told: at.told,
  now: () => NOW,
  ...more,
});

describe('a request', () => {
  it('is accepted when its records are on the stream, and says how many', async () => {
    const at = world('litellm');
    const answer = await respond(urlEvent('/litellm', sample('litellm-array.json')), hostOf(at));
    expect([answer.statusCode, body(answer)]).toEqual([200, { accepted: 4, quarantined: 1, skipped: 0 }]);
    expect(at.stream.records).toHaveLength(4);
  });

  it('is accepted when the stream refuses its records, because they are held: LiteLLM would drop them', async () => {
    const at = world('litellm');
    at.stream.refuses = () => true;
    const answer = await respond(urlEvent('/litellm', sample('litellm-single.json')), hostOf(at));
    expect(answer.statusCode).toBe(200);
    expect([...at.hold.held.keys()]).toEqual([expect.stringMatching(/^held\/[0-9a-f]{32}\.ndjson\.gz$/)]);
    expect(at.told.counts.RecordsHeld).toBe(2);
  });

  it('is not accepted when neither place took its records, and is to be sent again', async () => {
    const at = world('litellm');
    at.stream.refuses = () => true;
    at.hold.put = async () => {
      throw new Error('bucket gone');
    };
    const answer = await respond(urlEvent('/litellm', sample('litellm-single.json')), hostOf(at));
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(at.told.lines.join()).toContain('bucket gone');
  });

  it('is not accepted when what could not be read was not set aside', async () => {
    const at = world('litellm');
    at.setAside.put = async () => {
      throw new Error('bucket gone');
    };
    expect((await respond(urlEvent('/litellm', '[{"a":1}]'), hostOf(at))).statusCode).toBe(503);
  });

  it('that lost its organisations with its records tells them again', async () => {
    const at = world('litellm');
    at.stream.refuses = () => true;
    const { put } = at.hold;
    at.hold.put = async () => {
      throw new Error('bucket gone');
    };
    await respond(urlEvent('/litellm', sample('litellm-single.json')), hostOf(at));
    at.hold.put = put.bind(at.hold);
    at.stream.refuses = () => false;
    await respond(urlEvent('/litellm', sample('litellm-single.json')), hostOf(at));
    expect(at.stream.records.map(({ type }) => type)).toEqual(['account', 'usage']);
  });

  it('of bad content is accepted and set aside, never answered with an error that makes LiteLLM drop the good', async () => {
    for (const [sent, reason] of [
      ['{"hello":"kim.canary@mail.example"}', 'missing'],
      ['kim.canary@mail.example', 'not JSON'],
      ['[1,null,"kim.canary@mail.example"]', 'missing'],
    ] as const) {
      const at = world('litellm');
      expect((await respond(urlEvent('/litellm', sent), hostOf(at))).statusCode).toBe(200);
      expect(entries(at)[0]).toMatchObject({ reason, position: 'request rq-1 part 0' });
      expect(everything(at)).not.toContain('canary');
    }
  });

  it('nested beyond all reason is set aside, not a crash that comes back for ever', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    for (const sent of [deep, `[${deep}]`, `{"litellm_call_id":"x","a":${deep}}`]) {
      const at = world('litellm');
      expect((await respond(urlEvent('/litellm', sent), hostOf(at))).statusCode).toBe(200);
      expect(entries(at)).toHaveLength(1);
    }
  });

  it('of nothing is accepted', async () => {
    for (const sent of ['', '[]', '\n']) {
      const answer = await respond(urlEvent('/litellm', sent), hostOf(world('litellm')));
      expect([answer.statusCode, body(answer).accepted]).toEqual([200, 0]);
    }
  });

  it.each([
    ['a path that is not there', urlEvent('/elsewhere', '{}'), 404],
    ['another method', urlEvent('/litellm', '', {}, 'GET'), 405],
    ['more than 5 MiB', urlEvent('/litellm', 'x'.repeat(5 * 1024 * 1024 + 1)), 413],
    ['an encoding that is not read', urlEvent('/litellm', Buffer.from('x'), { 'content-encoding': 'br' }), 415],
    ['a body that is no gzip', urlEvent('/litellm', Buffer.from('x'), { 'content-encoding': 'gzip' }), 400],
    ['OTLP in Protocol Buffers', urlEvent('/v1/traces', 'x', { 'content-type': 'application/x-protobuf' }), 415],
    ['a CloudEvent in binary mode', urlEvent('/cloudevents', '{}', { 'content-type': 'text/plain' }), 415],
  ])('with %s is refused, and counted', async (_, event, status) => {
    const at = world('litellm');
    expect((await respond(event, hostOf(at))).statusCode).toBe(status);
    expect(at.told.counts.RequestsRefused).toBe(1);
    expect(at.stream.records).toEqual([]);
  });

  it('that unfolds beyond its limit is refused before it fills the memory', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
    const event = urlEvent('/litellm', bomb, { 'content-encoding': 'gzip' });
    expect((await respond(event, hostOf(world('litellm')))).statusCode).toBe(413);
  });

  it('may be compressed', async () => {
    const at = world('otel');
    const sent = gzipSync(sample('otel-spans.json'));
    const answer = await respond(urlEvent('/v1/traces/', sent, { 'content-encoding': 'gzip' }), hostOf(at));
    expect([answer.statusCode, at.stream.usage.length]).toEqual([200, 1]);
  });

  it('to a source that is not accepted here is refused', async () => {
    const at = world('litellm');
    const host = { ...hostOf(at), collectors: new Map([['litellm' as const, at.collector]]) };
    expect((await respond(urlEvent('/v1/traces', sample('otel-spans.json')), host)).statusCode).toBe(404);
  });
});

describe('OTLP', () => {
  it('is answered with an empty object when all is taken: anything else is a warning to the exporter', async () => {
    const answer = await respond(urlEvent('/v1/traces', sample('otel-spans.json')), hostOf(world('otel')));
    expect([answer.statusCode, answer.body]).toEqual([200, '{}']);
    const logs = sample('otel-logs.ndjson').split('\n')[0]!;
    expect((await respond(urlEvent('/v1/logs', logs), hostOf(world('otel')))).body).toBe('{}');
  });

  it('is told how many spans were refused and why, with success, so that the rest is not sent again', async () => {
    const at = world('otel', 'otel-http', { otel: { account: ['tenant.id'] } });
    const answer = await respond(urlEvent('/v1/traces', sample('otel-spans.json')), hostOf(at));
    expect(answer.statusCode).toBe(200);
    expect(body(answer)).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('sources.otel.account') },
    });
    expect(entries(at)).toHaveLength(1);
  });

  it('is answered with a status object when it fails, and with 400 when it is no JSON at all', async () => {
    const at = world('otel');
    const answer = await respond(urlEvent('/v1/traces', 'not json'), hostOf(at));
    expect([answer.statusCode, body(answer)]).toEqual([400, { code: 3, message: 'the body is not JSON' }]);
    expect(entries(at)).toHaveLength(1);
  });
});

describe('a signature', () => {
  const at = String(Math.floor(NOW / 1000));
  const bytes = Buffer.from('[]');
  const request = { timestamp: at, signature: sign(SECRET, at, '/litellm', bytes), path: '/litellm', body: bytes };

  it('of the right secret, time, path and body is accepted, by the old secret too while it is rotated', () => {
    expect(refusal(request, [SECRET], NOW)).toBeUndefined();
    expect(refusal(request, ['another', SECRET], NOW)).toBeUndefined();
  });

  it.each([
    ['secret', request, 'another-secret-of-more-than-32-characters'],
    ['path', { ...request, path: '/v1/traces' }, SECRET],
    ['body', { ...request, body: Buffer.from('[1]') }, SECRET],
    ['time', { ...request, timestamp: String(Number(at) + 1) }, SECRET],
    ['form', { ...request, signature: 'v1=' }, SECRET],
    ['presence', { ...request, signature: undefined }, SECRET],
  ])('with another %s does not match', (_, changed, secret) => {
    expect(refusal(changed, [secret], NOW)).toBe(`${SIGNATURE_HEADER} does not match`);
  });

  it('is good for five minutes to either side, and a request that was heard cannot be repeated later', () => {
    for (const seconds of [-299, 299]) expect(refusal(request, [SECRET], NOW + seconds * 1000)).toBeUndefined();
    for (const seconds of [-301, 301]) expect(refusal(request, [SECRET], NOW + seconds * 1000)).toContain('5 minutes');
    expect(refusal({ ...request, timestamp: 'soon' }, [SECRET], NOW)).toContain('Unix seconds');
  });

  it('guards every path before anything of the body is read', async () => {
    const here = world('litellm');
    const host = hostOf(here, { secrets: async () => [SECRET] });
    const sent = sample('litellm-single.json');
    const timestamp = String(Math.floor(NOW / 1000));
    const headers = {
      [TIMESTAMP_HEADER]: timestamp,
      [SIGNATURE_HEADER]: sign(SECRET, timestamp, '/litellm', Buffer.from(sent)),
    };
    expect((await respond(urlEvent('/litellm', sent), host)).statusCode).toBe(401);
    expect((await respond(urlEvent('/nowhere', sent), host)).statusCode).toBe(401);
    expect(here.stream.records).toEqual([]);
    expect((await respond(urlEvent('/litellm', sent, headers), host)).statusCode).toBe(200);
  });

  it('of a secret that was rotated a moment ago is accepted: it is read again before a sender is turned away', async () => {
    const ages: (number | undefined)[] = [];
    const host = hostOf(world('litellm'), {
      secrets: async (maxAgeMs) => {
        ages.push(maxAgeMs);
        return maxAgeMs === undefined ? ['the-secret-before-of-thirty-two-characters'] : [SECRET];
      },
    });
    const headers = { [TIMESTAMP_HEADER]: at, [SIGNATURE_HEADER]: sign(SECRET, at, '/litellm', bytes) };
    expect((await respond(urlEvent('/litellm', '[]', headers), host)).statusCode).toBe(200);
    expect(ages).toEqual([undefined, 30_000]);
  });

  it('that cannot be checked, because the secret is not to be had, is not accepted', async () => {
    const host = hostOf(world('litellm'), { secrets: () => Promise.reject(new Error('denied')) });
    expect((await respond(urlEvent('/litellm', '[]'), host)).statusCode).toBe(503);
  });
});
