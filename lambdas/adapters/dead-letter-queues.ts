/** How many messages lie in the queues of what was given up. */
import type { Asked, DeadLetters } from '../../core/messages/report-own.ts';
import { asText, type Credentials, namedEndpoint, type Send, signedBy } from './signed.ts';

interface QueueAnswer {
  Attributes?: { ApproximateNumberOfMessages?: string };
  __type?: string;
  message?: string;
}

/** `urls`: of the queues, all of the Region. A failure is an answer: a report goes out without these counts. */
export function deadLetterCounts(
  urls: readonly string[],
  region: string,
  credentials: Credentials,
  send: Send = signedBy(credentials, 'sqs', region),
): () => Promise<Asked<DeadLetters>> {
  return async () => {
    try {
      const counts = await Promise.all(urls.map((url) => countIn(url, send)));
      return { queues: urls.length, waiting: counts.filter(({ messages }) => messages > 0) };
    } catch (error) {
      const { name, message } = error as Error;
      return { unknown: error instanceof QueueError ? message : `SQS was not reached (${name})` };
    }
  };
}

class QueueError extends Error {
  override name = 'QueueError';
}

async function countIn(url: string, send: Send): Promise<{ queue: string; messages: number }> {
  const queue = new URL(url).pathname.split('/').at(-1)!;
  const body = { QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] };
  const response = await send(new URL('/', namedEndpoint('sqs') ?? url), JSON.stringify(body), {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'AmazonSQS.GetQueueAttributes',
  });
  const answer = (await response.json().catch(() => ({}))) as QueueAnswer;
  const count = Number(answer.Attributes?.ApproximateNumberOfMessages);
  if (!response.ok || !Number.isInteger(count)) throw new QueueError(`${queue} answered ${asText(response, answer)}`);
  return { queue, messages: count };
}
