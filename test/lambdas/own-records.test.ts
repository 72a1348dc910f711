/** What a deployment is asked about itself for its reports. No answer is an answer: a report never waits for a bill. */
import { describe, expect, it, vi } from 'vitest';
import { deadLetterCounts } from '../../lambdas/adapters/dead-letter-queues.ts';
import { runCost } from '../../lambdas/adapters/run-cost.ts';
import type { Send } from '../../lambdas/adapters/signed.ts';

const credentials = { accessKeyId: 'x', secretAccessKey: 'y' };
const [MONDAY, NEXT] = [Date.parse('2026-06-15T00:00:00Z'), Date.parse('2026-06-22T00:00:00Z')];
const answering = (...bodies: [number, object][]) => {
  const left = [...bodies];
  return vi.fn<Send>(async () => {
    const [status, body] = left.shift()!;
    return new Response(JSON.stringify(body), { status });
  });
};
const days = (...amounts: string[]) => ({
  ResultsByTime: amounts.map((Amount, i) => ({
    Estimated: i === amounts.length - 1,
    Total: { UnblendedCost: { Amount, Unit: 'USD' } },
  })),
});

describe('the bill', () => {
  const asked = (send: Send) => runCost('stillwatch-prod', credentials, send)(MONDAY, NEXT);

  it('is that of the stack, by day, of whole days', async () => {
    const send = answering([200, days('8.1', '9.05', '0.000001')]);
    expect(await asked(send)).toEqual({ usd: expect.closeTo(17.150001, 6) as number, estimated: true });
    const [url, body, headers] = send.mock.calls[0]!;
    expect(url.href).toBe('https://ce.us-east-1.amazonaws.com/');
    expect(headers!['x-amz-target']).toBe('AWSInsightsIndexService.GetCostAndUsage');
    expect(JSON.parse(body)).toMatchObject({
      TimePeriod: { Start: '2026-06-15', End: '2026-06-22' },
      Filter: { Tags: { Key: 'aws:cloudformation:stack-name', Values: ['stillwatch-prod'] } },
    });
  });

  it('is not zero where no cost carries the tag: it says what to switch on', async () => {
    expect(await asked(answering([200, days('0', '0')]))).toEqual({
      unknown: 'no cost carries the tag aws:cloudformation:stack-name; activate it as a cost allocation tag',
    });
  });

  it('is not known where it may not be read, or nothing answers', async () => {
    const denied = {
      __type: 'AccessDeniedException',
      message: 'User arn:aws:iam::111122223333:role/x is not authorised',
    };
    expect(await asked(answering([400, denied]))).toEqual({
      unknown: 'Cost Explorer answered 400 AccessDeniedException',
    });
    expect(await asked(async () => Promise.reject(new TypeError('fetch failed')))).toEqual({
      unknown: 'Cost Explorer was not reached (TypeError)',
    });
  });
});

describe('dead letters', () => {
  const urls = ['a', 'b'].map((name) => `https://sqs.eu-central-1.amazonaws.com/111122223333/${name}`);
  const asked = (send: Send) => deadLetterCounts(urls, 'eu-central-1', credentials, send)();
  const holding = (count: string): [number, object] => [200, { Attributes: { ApproximateNumberOfMessages: count } }];

  it('are counted in each queue, and those that lie somewhere are named', async () => {
    const send = answering(holding('0'), holding('3'));
    expect(await asked(send)).toEqual({ queues: 2, waiting: [{ queue: 'b', messages: 3 }] });
    expect(send.mock.calls[0]![0].href).toBe('https://sqs.eu-central-1.amazonaws.com/');
  });

  it('are not said to be none where a queue does not answer', async () => {
    expect(await asked(answering(holding('0'), [403, { __type: 'com.amazonaws.sqs#AccessDenied' }]))).toEqual({
      unknown: 'b answered 403 AccessDenied',
    });
    expect(await asked(answering(holding('0'), [200, {}]))).toEqual({ unknown: 'b answered 200' });
  });
});
