import { describe, expect, it } from 'vitest';
import { detect, readValue } from '../../../core/sources/detect.ts';
import { context, fixture, rejections } from './context.ts';

const detected = (name: string) => detect(fixture(name)[0], context());

describe('the format is told by content', () => {
  it.each([
    ['bedrock-converse.ndjson', 'bedrock'],
    ['cloudwatch-awslogs.json', 'bedrock'],
    ['cloudwatch-logs.ndjson', 'bedrock'],
    ['cloudtrail.json', 'bedrock'],
    ['litellm.ndjson', 'litellm'],
    ['litellm-array.json', 'litellm'],
    ['litellm-encrypted.json', 'litellm'],
    ['otel-spans.json', 'otel'],
    ['otel-logs.ndjson', 'otel'],
    ['cloudevents.ndjson', 'cloudevents'],
    ['eventbridge.ndjson', 'stillwatch'],
  ])('%s is %s', (name, format) => {
    expect(detected(name)).toEqual({ format });
  });

  it.each(['openai-usage.json', 'anthropic-usage.json'])('%s is refused as coarse totals, not exchanges', (name) => {
    expect(detected(name)).toEqual({ coarse: expect.stringContaining('coarse totals, not exchanges') });
    expect(rejections(readValue(fixture(name)[0], context()))[0]?.reason).toContain('coarse totals');
  });

  it('calls of the audit log are skipped, having no token counts', () => {
    expect(readValue(fixture('cloudtrail.json')[0], context())).toEqual([
      { skip: 'CloudTrail event, which has no token counts' },
    ]);
  });

  it('an unknown value is described by its shape and by nothing of its content', () => {
    expect(detect({ secretname: 'a secret', type: 'b secret' }, context())).toEqual({
      unknown: 'an object of 2 fields, whose type is none of usage, account and release',
    });
    expect(detect('a secret', context())).toEqual({ unknown: 'a bare string' });
    expect(detect([], context())).toEqual({ unknown: 'an empty array' });
  });

  it('a forced format is not second-guessed', () => {
    const value = fixture('litellm.ndjson')[0];
    expect(rejections(readValue(value, context(), 'bedrock'))).toMatchObject([{ path: 'schemaType' }]);
    expect(rejections(readValue(value, context(), 'cloudevents'))[0]?.reason).toContain('not a CloudEvent');
  });
});
