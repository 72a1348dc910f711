import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodiesElsewhere, withBody } from '../../../core/sources/bedrock-bodies.ts';
import { callsOf, wantsCall, withCall } from '../../../core/sources/cloudtrail.ts';
import { readValue } from '../../../core/sources/detect.ts';
import { logEnvelope } from '../../../core/sources/log-events.ts';
import { otlpFailure, otlpSuccess } from '../../../core/sources/otlp-response.ts';
import { splitBody } from '../../../core/sources/split-body.ts';
import { context, fingerprinter, fixture, rejections, usages } from './context.ts';

const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constant(JSON.parse('{"__proto__":{"Records":[1]},"detail":null,"constructor":{"prototype":1}}') as unknown),
  fc.record({ messageType: fc.jsonValue(), logEvents: fc.array(fc.jsonValue()) }),
  fc.record({
    Records: fc.array(fc.record({ eventSource: fc.constant('bedrock.amazonaws.com'), requestID: fc.jsonValue() })),
  }),
  fc.record({ input: fc.record({ inputBodyS3Path: fc.webUrl() }), output: fc.jsonValue() }),
);

describe('whatever a collector is given', () => {
  it('its pure parts never throw and never reach a prototype', () => {
    fc.assert(
      fc.property(hostile, fc.string(), (value, text) => {
        for (const call of callsOf(value, fingerprinter)) expect(call.id).not.toBe('');
        for (const { side } of bodiesElsewhere(value)) withBody(value, side, text);
        logEnvelope(value);
        splitBody(text);
        splitBody(JSON.stringify(value));
        expect(({} as { Records?: unknown }).Records).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('a request body', () => {
  const values = fc.array(fc.record({ id: fc.string() }), { minLength: 1, maxLength: 8 });

  it('holds the same values as an array, as lines and as one value each', () => {
    fc.assert(
      fc.property(values, (sent) => {
        const shapes = [
          JSON.stringify(sent),
          sent.map((value) => JSON.stringify(value)).join('\n'),
          `${sent.map((value) => JSON.stringify(value)).join('\r\n')}\n`,
        ];
        for (const shape of shapes) expect(splitBody(shape).map(({ value }) => value)).toEqual(sent);
        expect(splitBody(JSON.stringify(sent[0], null, 2))).toMatchObject([{ index: 0, value: sent[0] }]);
      }),
      { numRuns: 200 },
    );
  });

  it('with a bad line has the others', () => {
    expect(splitBody('{"a":1}\n{"a":\n\n{"a":3}').map(({ value }) => value)).toEqual([{ a: 1 }, undefined, { a: 3 }]);
  });
});

describe('a log envelope', () => {
  const [control, data] = fixture('cloudwatch-logs.ndjson');

  it('gives each message with its place, and a health check as what it is', () => {
    expect(logEnvelope(data)?.messages.map(({ position }) => position)).toEqual([
      '/bedrock/aws/bedrock/modelinvocations/1',
      '/bedrock/aws/bedrock/modelinvocations/2',
    ]);
    expect(logEnvelope(control)?.isData).toBe(false);
    expect(logEnvelope({ messageType: 'DATA_MESSAGE' })).toBeUndefined();
  });
});

describe('a record that is joined', () => {
  const [record] = usages(readValue(fixture('bedrock-converse.ndjson')[0], context()));

  it('is one of Bedrock that knows neither network nor client', () => {
    expect(wantsCall(record!)).toBe(true);
    expect(wantsCall({ ...record!, provider: 'openai' })).toBe(false);
    expect(wantsCall(withCall(record!, { agent: '0123456789abcdef' }))).toBe(false);
  });

  it('gains nothing from a call of which nothing is known', () => {
    expect(withCall(record!, {})).toEqual(record);
  });
});

describe('LiteLLM’s encrypted messages', () => {
  it('are refused for what they are, also where LiteLLM is all that is expected', () => {
    const [rejection] = rejections(readValue(fixture('litellm-encrypted.json')[0], context(), 'litellm'));
    expect(rejection).toEqual({ path: '__encrypted__', reason: expect.stringContaining('encrypted by LiteLLM') });
  });
});

describe('the answer to OTLP', () => {
  it('tells each reason once, and no more than five', () => {
    const reasons = Array.from({ length: 20 }, (_, i) => ({ reason: `r${i % 7}` }));
    expect(otlpSuccess('logs', reasons)).toEqual({
      partialSuccess: { rejectedLogRecords: '20', errorMessage: 'r0; r1; r2; r3; r4' },
    });
    expect(otlpFailure(503, 'later')).toEqual({ code: 14, message: 'later' });
    expect(otlpFailure(500, 'x')).toEqual({ code: 2, message: 'x' });
  });
});
