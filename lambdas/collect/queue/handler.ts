/** LiteLLM's payloads, one a queue message. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { observed, type Telemetry } from '../../telemetry.ts';
import { Collector } from '../collector.ts';
import { collectorHost } from '../host.ts';
import { pieceOfText } from '../piece.ts';
import { type QueueEnv, readEnv } from './env.ts';

export interface QueueHost {
  collector: Pick<Collector, 'take'>;
  told: Telemetry;
}

let host: QueueHost | undefined;

export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  host ??= hostOf(readEnv(process.env));
  const ready = host;
  return observed(ready.told, () => handle(event, ready));
}

/** One call for all messages: when it fails all come again, and what was durable counts once by its id. */
export async function handle({ Records }: SQSEvent, { collector, told }: QueueHost): Promise<SQSBatchResponse> {
  try {
    await collector.take(Records.map(({ messageId, body }) => pieceOfText(`message ${messageId}`, body)));
    return { batchItemFailures: [] };
  } catch (error) {
    told.error('not collected; asked for again', error, { messages: Records.length });
    return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  }
}

function hostOf(env: QueueEnv): QueueHost {
  const { s3: _, ...shared } = collectorHost(env, 'litellm-queue', 'litellm');
  return { collector: new Collector(shared), told: shared.told };
}
